import type { ContainerRuns, Step } from '../core/index.js';
import { SETTINGS_READER } from './docker-settings.js';

/** What is run in a container, as the engine's exec takes it. */
export interface HookBody {
  readonly Cmd: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly Privileged?: boolean;
  readonly WorkingDir?: string;
}

/** Runs a command in a container that runs, and waits for its end; fails where that is not 0. `called`: as people call the container. */
export function runHook(
  container: string,
  called: string,
  body: HookBody,
  label = `run in ${called}: ${body.Cmd.join(' ')}`,
): Step {
  return { via: 'stream', name: 'hook', args: [container, called], body, mutates: true, label };
}

/** Notes which start of a container its hooks are run for, before they are: started again meanwhile it is not set up. */
export function noteStart(topology: string, containerResource: string, called: string): Step {
  const args = [topology, containerResource];
  const label = `note when ${called} was started`;
  return { via: 'script', name: 'hooks-begin', args, mutates: true, label };
}

/** Writes down that the hooks of a container are done, for the start that was noted. */
export function recordHooks(topology: string, containerResource: string, called: string): Step {
  const args = [topology, containerResource];
  const label = `write down that ${called} is set up`;
  return { via: 'script', name: 'hooks-done', args, mutates: true, label };
}

/** Shell: prints the places where engines keep containers, one a line; known by the mounts of running ones. */
const ROOTS = `roots() {
  {
    sed -n -e 's|^overlay \\(/[^ ]*\\)/overlay2/[^/ ]*/merged .*|\\1|p' -e 's|^overlay \\(/[^ ]*\\)/rootfs/overlayfs/[^/ ]* .*|\\1|p' /proc/self/mounts
    echo /var/lib/docker
  } | sort -u
}`;

/** Shell: the engine's files below `$2` of what topology `$1` has adopted, those whose record holds `$3`. */
const ADOPTED_FILES = `adopted_files() {
  for record in $(grep -lsF "$3" /var/lib/topo/"$1"/adopted/container-*); do
    [ ! -f "$2/containers/\${record##*/container-}/config.v2.json" ] || echo "$2/containers/\${record##*/container-}/config.v2.json"
  done
}`;

/**
 * Shell: of the container of topology `$1` that is of resource `$2`, the engine's file and its id; `at`: where is written down what was run. An
 * engine writes down when it started a container, as it tells it, in <root>/containers/<id>/config.v2.json (seen on 20.10 to 29).
 */
const CONTAINER = `${ROOTS}
${ADOPTED_FILES}
umask 077
mark="\\"topo.id\\":\\"$2\\"" at=/var/lib/topo/$1/started
file=$(for root in $(roots); do
  grep -lsF "$mark" "$root"/containers/*/config.v2.json | xargs -r grep -lF "\\"topo.name\\":\\"$1\\""
  adopted_files "$1" "$root" "$mark"
done | head -n 1)
[ -n "$file" ] || { echo "no container of $2 is on this host" >&2; exit 1; }
id=$(basename "$(dirname "$file")")`;

/** Scripts around what is run in containers: $1 topology, $2 id of the container's resource. */
export const hookScripts = {
  'hooks-begin': `${CONTAINER}
mkdir -p "$at" || exit
for old in "$at"/* "$at"/.[0-9a-f]*; do
  of=\${old##*/}
  [ -d "\${file%/containers/*}/containers/\${of#.}" ] || rm -f "$old"
done
grep -o '"StartedAt":"[^"]*"' "$file" | head -n 1 | cut -d'"' -f4 >"$at/.$id"`,
  // Done twice it is no error.
  'hooks-done': `${CONTAINER}
[ ! -f "$at/.$id" ] || mv "$at/.$id" "$at/$id"`,
} as const;

/** Shell function `runs`: when the containers of `$topology` were started, for which of these starts their hooks are done, and what they are set to. */
export const RUNS_READER = `${ROOTS}
${ADOPTED_FILES}
runs() {
  for root in $(roots); do
    files=$(grep -lsF "\\"topo.name\\":\\"$topology\\"" "$root"/containers/*/config.v2.json; adopted_files "$topology" "$root" topo.id)
    [ -n "$files" ] || continue
    grep -oHs '"StartedAt":"[^"]*"' $files${SETTINGS_READER}
  done
  grep -rs . "/var/lib/topo/$topology/started" /dev/null
  return 0
}`;

/** What {@link RUNS_READER} printed, by container id. */
export function parseRuns(text: string): Readonly<Record<string, ContainerRuns>> {
  const started = new Map<string, string>();
  const done = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, id, at] =
      /\/containers\/([0-9a-f]{64})\/config\.v2\.json:"StartedAt":"([^"]*)"$/.exec(line) ?? [];
    if (id !== undefined && at !== undefined && !started.has(id)) started.set(id, at);
    const [, hooked, when] = /\/started\/([0-9a-f]{64}):(\S+)$/.exec(line) ?? [];
    if (hooked !== undefined && when !== undefined) done.set(hooked, when);
  }
  return Object.fromEntries(
    [...started]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, startedAt]) => {
        const hooksAt = done.get(id);
        return [id, { startedAt, ...(hooksAt !== undefined && { hooksAt }) }];
      }),
  );
}
