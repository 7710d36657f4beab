import { GONE, needsOf, type NetnsRef, type Step } from './call.js';
import { quoteArgv, quoteWord } from './quote.js';

/** An action as a part of a script. `after` names actions of the same script that must have succeeded. */
export interface ScriptAction {
  readonly id: number;
  readonly title: string;
  readonly after: readonly number[];
  readonly steps: readonly Step[];
}

export interface ScriptOptions {
  /** Begins every line of the script's own output; random, so that no step's output can pass for it. Letters and digits. */
  readonly token: string;
  /** The constant scripts by name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The path of a namespace that was bound late. */
  readonly netns: (ref: NetnsRef) => string;
}

/**
 * The batchable steps of some actions as one POSIX shell script for `sh -s`. It runs the actions in the order given; a failed
 * step ends its action, an action below a failed one is left out, and so is one that needs what a step found gone; all others go on. On stdout it says `TOKEN action step exit`
 * of each step that ran; on stderr `TOKEN action step` stands before what that step wrote. Everything is inside one pair
 * of braces, which a shell reads to its end before it runs any of it: a script cut off anywhere on its way runs nothing.
 */
export function scriptOf(actions: readonly ScriptAction[], options: ScriptOptions): string {
  const names = [
    ...new Set(actions.flatMap(a => a.steps.flatMap(s => (s.via === 'script' ? [s.name] : [])))),
  ].sort();
  const variables = new Map(names.map((name, i) => [name, `text_${i}`]));
  const lines = actions.flatMap(action => [
    `# ${action.title.replaceAll(/[^\x20-\x7e]/g, '?')}`,
    ['act', action.id, ...action.after, ...needsOf(action.steps).map(need => `@${need}`)].join(' '),
    ...action.steps.map((step, i) => lineOf(step, i + 1, variables, options)),
  ]);
  const texts = names.map(name => `${variables.get(name)!}=${quoteWord(textOf(name, options.scripts))}`);
  return ['{', `token=${options.token}`, PRELUDE, ...texts, ...lines, '}'].join('\n');
}

/**
 * `act ID AFTER… @NEEDS…` opens an action, the others run a step of it unless the action is over: `run N ARGV…`, `feed N STDIN ARGV…`,
 * `put N MODE PATH CONTENT`. A step's stdout goes where its stderr goes: some programs complain there. `command` keeps a
 * program's name from meaning one of these functions. Contents are arguments of functions and of the builtin printf,
 * so they show in no process list and know no limit of length.
 */
const PRELUDE = `failed=' '
act() {
  action=$1 ok=1
  shift
  for need; do case $failed in *" $need "*) fail;; esac; done
  programs=
  for need; do case $need in @*) programs="$programs$need ";; esac; done
}
fail() {
  [ $ok = 0 ] || failed="$failed$action "
  ok=0
}
begin() {
  [ $ok = 1 ] && number=$1 && printf '%s %s %s\\n' "$token" "$action" "$number" >&2
}
end() {
  printf '%s %s %s %s\\n' "$token" "$action" "$number" "$1"
  [ "$1" = 0 ] || fail
  [ "$1" != ${GONE} ] || failed="$failed$programs"
}
run() {
  begin "$1" || return 0
  shift
  command "$@" </dev/null >&2
  end $?
}
feed() {
  begin "$1" || return 0
  input=$2
  shift 2
  printf %s "$input" | command "$@" >&2
  end $?
}
put() {
  begin "$1" || return 0
  (umask 077; [ -z "\${3%/*}" ] || mkdir -p "\${3%/*}" && printf %s "$4" >"$3.topo-new" && chmod "$2" "$3.topo-new" && mv -f "$3.topo-new" "$3") </dev/null >&2
  end $?
}`;

function lineOf(
  step: Step,
  number: number,
  variables: ReadonlyMap<string, string>,
  options: ScriptOptions,
): string {
  switch (step.via) {
    case 'exec':
      return `${verb(step.stdin, number)} ${quoteArgv([...(step.netns ? enter(options.netns(step.netns)) : []), ...step.argv])}`;
    case 'script':
      return `${verb(step.stdin, number)} sh -c "$${variables.get(step.name)!}" ${quoteArgv([step.name, ...step.args.map(a => (typeof a === 'string' ? a : options.netns(a)))])}`;
    case 'file':
      return `put ${number} ${step.mode.toString(8)} ${quoteArgv([step.path, step.content])}`;
    case 'docker':
    case 'copy':
    case 'build':
    case 'stream':
      throw new Error(`'${step.label}' can't travel in a script`);
  }
}

function verb(stdin: string | undefined, number: number): string {
  return stdin === undefined ? `run ${number}` : `feed ${number} ${quoteWord(stdin)}`;
}

function enter(path: string): readonly string[] {
  return ['nsenter', `--net=${path}`];
}

function textOf(name: string, scripts: Readonly<Record<string, string>>): string {
  const text = scripts[name];
  if (text === undefined) throw new Error(`no constant script is called '${name}'`);
  return text;
}
