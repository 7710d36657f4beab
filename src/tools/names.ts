import type { NameBlock, Step } from '../core/index.js';

/**
 * A container's hosts file as the engine keeps it on the host, `<data root>/containers/<id>/hosts`, bind-mounted to
 * /etc/hosts: a block between two lines that bear a short mark is topo's. The engine writes the file anew at every start of
 * the container and adds to it or takes from it at a connect or disconnect, comments staying (seen on 20.10).
 */
export function hostsFile(dataRoot: string, containerId: string): string {
  return `${dataRoot}/containers/${containerId}/hosts`;
}

/** Scripts around hosts files. */
export const namesScripts = {
  // $1 file, $2 mark prefix, $3 what to do where there is none: fail or pass. Input: the block, or nothing. The file is
  // written in place, being mounted: another one of its name would not be seen inside.
  'names-write': `if [ ! -f "$1" ] || [ -L "$1" ]; then
  [ "$3" = fail ] || exit 0
  echo "there is no $1: the container was made again or removed since the hosts were read" >&2; exit 1
fi
block=$(cat)
rest=$(sed "/^# $2[a-z2-7]* begin/,/^# $2[a-z2-7]* end/d" "$1") || exit
{ printf '%s\\n' "$rest"; [ -z "$block" ] || printf '%s\\n' "$block"; } | cat >"$1"`,
} as const;

/** Puts topo's block into a hosts file, in the place of an older one. `lines` each end with a newline. */
export function writeNames(file: string, markPrefix: string, mark: string, lines: string, who: string): Step {
  const stdin = `# ${mark} begin (written by topo)\n${lines}# ${mark} end\n`;
  const args = [file, markPrefix, 'fail'];
  return {
    via: 'script',
    name: 'names-write',
    args,
    stdin,
    mutates: true,
    label: `set the name list of ${who}`,
  };
}

/** Takes topo's block out of a hosts file; one that is gone is no failure. */
export function removeNames(file: string, markPrefix: string, who: string): Step {
  const args = [file, markPrefix, 'pass'];
  return {
    via: 'script',
    name: 'names-write',
    args,
    mutates: true,
    label: `remove the name list of ${who}`,
  };
}

/** Lines of one block that are read at most, and characters of one line: what is in the file is the container's to write. */
const MOST = { lines: 20_000, characters: 300 } as const;

/**
 * Shell function `names`: prints every block of `$topology` in the hosts files of the engine's containers, `root PATH` for each
 * place that was looked at, then `in MARK N FILE` with `block N` before the first use of N: containers of one switch mostly
 * have the same block, so that 200 with 200 entries are some kilobytes. Contents stand behind `|`: no line of theirs can pass
 * for another. Data roots are known by the mounts of running containers (overlay2; with containerd's store, as of engine 29,
 * rootfs/overlayfs), beside the usual one and `$data_root`. A file that goes meanwhile is passed over: awk by itself would stop at it.
 */
export const NAMES_READER = `names() {
  roots=$(sed -n -e 's|^overlay \\(/[^ ]*\\)/overlay2/[^/ ]*/merged .*|\\1|p' -e 's|^overlay \\(/[^ ]*\\)/rootfs/overlayfs/[^/ ]* .*|\\1|p' /proc/self/mounts)
  for root in $(printf '%s\\n' /var/lib/docker "$roots" "$data_root" | sort -u); do
    printf 'root %s\\n' "$root"
    set -- "$root"/containers/*/hosts
    awk -v prefix="# topo:$topology:" 'BEGIN {
      for (i = 1; i < ARGC; i++) {
        inside = 0
        while ((getline <ARGV[i]) > 0) {
          if (!inside && index($0, prefix) == 1 && $3 == "begin") { inside = 1; mark = $2; body = ""; lines = 0 }
          else if (inside && $1 == "#" && $2 == mark && $3 == "end") {
            inside = 0
            if (!(body in numbers)) { numbers[body] = ++count; printf "block %d\\n%s", count, body }
            print "in", mark, numbers[body], ARGV[i]
          }
          else if (inside && ++lines <= ${MOST.lines}) body = body "|" substr($0, 1, ${MOST.characters}) "\\n"
        }
        close(ARGV[i])
      }
    }' "$@" || return
  done
}`;

/** The argv that runs that reader alone, for a data root that it did not find by itself. */
export function readNamesArgv(topology: string, dataRoot: string): readonly string[] {
  return ['sh', '-c', `topology=$1 data_root=$2\n${NAMES_READER}\nnames`, 'topo-names', topology, dataRoot];
}

/** What the reader printed: the places it looked at, and the blocks, sorted by container. */
export function parseNames(text: string): {
  readonly roots: readonly string[];
  readonly blocks: readonly NameBlock[];
} {
  const roots: string[] = [];
  const bodies = new Map<string, string>();
  const blocks = new Map<string, NameBlock>();
  let number = '';
  for (const line of text.split('\n')) {
    const [word, a = '', b = '', ...rest] = line.startsWith('|') ? ['|'] : line.split(' ');
    if (word === '|') bodies.set(number, `${bodies.get(number) ?? ''}${line.slice(1)}\n`);
    else if (word === 'root') roots.push(line.slice('root '.length));
    else if (word === 'block') bodies.set((number = a), '');
    else if (word === 'in') {
      const file = rest.join(' ');
      const container = file.split('/').at(-2) ?? '';
      blocks.set(container, { container, file, mark: a, lines: bodies.get(b) ?? '' });
    }
  }
  return {
    roots,
    blocks: [...blocks.values()].sort((a, b) => (a.container < b.container ? -1 : 1)),
  };
}
