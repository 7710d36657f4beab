import { type Action, type HostName, OPERATOR, type Plan, quoteWord } from '../core/index.js';
import { environmentNames } from './script-environment.js';
import { renderStep } from './script-step.js';
import { hostTitle } from './words.js';

export interface ScriptView {
  /** The texts of the constant scripts, by name. */
  readonly scripts: Readonly<Record<string, string>>;
}

/**
 * The plan as one POSIX shell script with a branch per host, to be run there by hand: the same steps in the same order.
 * Where an environment value stands, it asks for it by `${NAME:?}` instead of showing it. All of it is read before any of it
 * runs, so a script cut off on its way to a host does nothing; what is long and always the same stands at the end, once.
 */
export function renderPlanScript(plan: Plan, view: ScriptView): string {
  const hosts = [...new Set(plan.actions.map(action => action.host))];
  const streams = streamsOf(plan);
  return [
    header(plan, hosts),
    PRELUDE,
    ...(streams.has('ready') ? [READY] : []),
    ...(streams.has('hook') ? [HOOK] : []),
    'steps() {',
    'case "${1:-}" in',
    ...hosts.map(host => branch(plan, host)),
    usage(hosts),
    'esac',
    '}',
    ...constantScripts(plan, view),
    '',
    'steps "$@"',
    '',
  ].join('\n');
}

/** What a host is called on the script's command line. */
function argumentOf(host: HostName): string {
  return host === OPERATOR ? 'this-machine' : host;
}

function header(plan: Plan, hosts: readonly HostName[]): string {
  const width = Math.max(0, ...hosts.map(host => hostTitle(host).length));
  const runs = hosts.map(host => `#   on ${hostTitle(host).padEnd(width)}  sh plan.sh ${argumentOf(host)}`);
  return [
    '#!/bin/sh',
    `# What topo would do for "${plan.topology}", by hand, as root, in this order:`,
    ...runs,
    '# It needs no copy on a host: ssh HOST sudo sh -s NAME <plan.sh does the same. A host needs curl, for its engine.',
    ...(environmentNames(plan.actions).size > 0 ? ENVIRONMENT : []),
  ].join('\n');
}

/** The digests in the labels bear a key that only `up` leaves on the hosts: it will find these values to be others. */
const ENVIRONMENT = [
  '# Values of environments are not in here: a branch asks for them by name, as in VALUE=... sh plan.sh NAME',
  '# A later topo up makes the containers that have such values once more: it cannot tell what they were given.',
];

const PRELUDE = `
set -eu
socket=\${DOCKER_SOCKET:-/var/run/docker.sock}

# engine METHOD PATH [STATUS]...: one Engine API call with stdin as its body; a STATUS beside 2xx means "already so".
engine() {
  method=$1 path=$2
  shift 2
  answer=$(curl -sS -w '\\n%{http_code}' --unix-socket "$socket" -X "$method" \\
    -H "Content-Type: \${CONTENT_TYPE:-application/json}" --data-binary @- "http://docker$path")
  status=\${answer##*
}
  case $answer in *'"errorDetail"'*) status=error ;; esac # a transfer that failed half way was a 200 when it began
  for accepted in 200 201 202 204 "$@"; do [ "$status" != "$accepted" ] || return 0; done
  printf '%s %s: %s\\n' "$method" "$path" "$answer" >&2
  return 1
}

# netns CONTAINER: the path of its network namespace.
netns() {
  curl -sS --unix-socket "$socket" "http://docker/containers/$1/json" | sed -n 's/.*"SandboxKey":"\\([^"]*\\)".*/\\1/p'
}

# script NAME ARGUMENT...: one of the constant scripts at the end.
script() {
  eval "text=\\$script_$(printf %s "$1" | tr - _)"
  sh -c "$text" "$@"
}

# json TEXT: as the inside of a JSON string.
json() {
  printf '%s' "$1" | sed 's/[\\\\"]/\\\\&/g' | awk '{ printf "%s%s", (NR > 1 ? "\\\\n" : ""), $0 }'
}
`;

const READY = `
# ready CONTAINER healthy|completed SECONDS: waits until it is; fails where it can't come to that any more.
ready() {
  left=$3
  while [ "$left" -gt 0 ]; do
    state=$(curl -sS --unix-socket "$socket" "http://docker/containers/$1/json")
    case $2:$state in
    healthy:*'"Health":{"Status":"healthy"'*) return 0 ;;
    healthy:*'"Health":{"Status":"unhealthy"'* | healthy:*'"Status":"exited"'*) break ;;
    completed:*'"Status":"exited"'*'"ExitCode":0,'*) return 0 ;;
    completed:*'"Status":"exited"'*) break ;;
    esac
    sleep 1
    left=$((left - 1))
  done
  printf '%s is not %s\\n' "$1" "$2" >&2
  return 1
}
`;

const HOOK = `
# hook CONTAINER: runs what stdin says, as the body of an exec, in a container; fails where that does.
hook() {
  post() { curl -sS --unix-socket "$socket" -X POST -H 'Content-Type: application/json' --data-binary @- "http://docker$1"; }
  id=$(post "/containers/$1/exec" | sed -n 's/.*"Id":"\\([0-9a-f]*\\)".*/\\1/p')
  echo '{"Detach":false}' | post "/exec/$id/start"
  case $(curl -sS --unix-socket "$socket" "http://docker/exec/$id/json") in *'"ExitCode":0,'*) return 0 ;; esac
  printf 'a command failed in %s\\n' "$1" >&2
  return 1
}
`;

function streamsOf(plan: Plan): ReadonlySet<string> {
  return new Set(plan.actions.flatMap(a => a.steps.flatMap(s => (s.via === 'stream' ? [s.name] : []))));
}

function branch(plan: Plan, host: HostName): string {
  const actions = plan.actions.filter(action => action.host === host);
  const names = environmentNames(actions);
  const needed = [...new Set(names.values())].sort().map(name => `: "\${${name}:?}"`);
  return [
    `${argumentOf(host)})`,
    ...needed,
    ...actions.map(action => renderAction(action, names)),
    ';;',
  ].join('\n');
}

function renderAction(action: Action, names: ReadonlyMap<string, string>): string {
  const why = action.cause.replaceAll('\n', ' ');
  const waits = action.after.length > 0 ? ` (after ${action.after.map(id => `#${id}`).join(', ')})` : '';
  const title = `\n# #${action.id} ${action.verb} ${action.noun} ${action.name}: ${why}${waits}`;
  return [title, ...action.steps.map(step => `# ${step.label}\n${renderStep(step, action, names)}`)].join(
    '\n',
  );
}

function constantScripts(plan: Plan, { scripts }: ScriptView): readonly string[] {
  const steps = plan.actions.flatMap(action => action.steps);
  const names = [...new Set(steps.flatMap(step => (step.via === 'script' ? [step.name] : [])))].sort();
  return names.map(name => `\nscript_${name.replaceAll('-', '_')}=${quoteWord(scripts[name] ?? 'exit 127')}`);
}

function usage(hosts: readonly HostName[]): string {
  const known = hosts.map(argumentOf).join(' | ');
  const text = hosts.length === 0 ? 'nothing to do' : `usage: sh plan.sh ${known}`;
  return `*) echo ${quoteWord(text)} >&2; exit ${hosts.length === 0 ? 0 : 1} ;;`;
}
