import type { Step, ValeDriver, ValeInventory, ValePort, ValeRecord } from '../core/index.js';

/** What sudo says on stderr of a host whose own name it can't look up, before it does as it is told. */
const NO_COMPLAINT = `grep -v '^sudo: unable to resolve host '`;

/**
 * A shell function that tells what is on the VALE switches of the namespace, what netmap's module is set to, and what `$topology` wrote
 * down of what it attached. `$1`: the words that vale-ctl is called with, a line each. Its list ends with 1 whatever came of it, and where
 * it fails it says so on stderr (seen). And one that tells how it was called by whoever attached something that may be there still.
 */
export const VALE_READER = `read_vale() (
  IFS='
'
  set -f; set -- $1; set +f; unset IFS
  { why=$("$@" 2>&1 >&3 3>&- | ${NO_COMPLAINT}); } 3>&1
  [ -z "$why" ] || { printf '%s\\n' "$why" >&2; exit 1; }
  for word; do echo "#ctl $word"; done
  cd /sys/module/netmap/parameters && for name in admode buf_size buf_num ring_num generic_ringsize max_bridges; do
    echo "#parameter $name $(cat "$name")"
  done
  for holder in /sys/module/netmap/holders/*; do echo "#holder \${holder##*/}"; done
  for driver in /sys/class/net/*/device/driver/module; do
    device=\${driver#/sys/class/net/}
    [ ! -e "$driver" ] || echo "#driver \${device%%/*} $(basename "$(readlink -f "$driver")")"
  done
  cd "/run/topo/$topology/vale" 2>/dev/null && for record in *; do
    [ ! -f "$record" ] || echo "#record $record $(cat "$record")"
  done
  exit 0
)
vale_left() {
  cat "/run/topo/$topology/vale/.ctl" 2>/dev/null
}`;

/**
 * `listed CTL…`: has the list at hand for `has SWITCH:PORT`; fails where vale-ctl says anything that is no port. `detach CTL…`: takes `$port`
 * out of it, or says why it stays.
 */
const LISTED = `listed() {
  list=$("$@" 2>&1)
  wrong=$(printf '%s\\n' "$list" | grep -v ' bridge_idx ' | ${NO_COMPLAINT} | grep .) || return 0
  printf '%s\\n' "$wrong" >&2; return 1
}
has() {
  case "
$list" in *"
$1 bridge_idx "*) return 0 ;; esac
  return 1
}
detach() {
  said=$("$@" -d "$port" 2>&1)
  listed "$@" || return 1
  has "$port" || return 0
  echo "\${said:-$port is still attached}; a program of netmap may hold it" >&2; return 1
}`;

/** Scripts around `vale-ctl`, none of whose actions can be done twice: what was attached stands in a file of its name until it is detached. */
export const valeScripts = {
  // $1 topology, $2 -a or -h, $3 switch:port, $4 driver and id, the rest: how vale-ctl is called. What is attached under that name can be a
  // device that is gone: only its index tells.
  'vale-attach': `topology=$1 how=$2 port=$3 note=$4; shift 4
file=/run/topo/$topology/vale/$port
${LISTED}
index=$(cat "/sys/class/net/\${port#*:}/ifindex") && listed "$@" || exit 1
if has "$port"; then
  [ -e "$file" ] || { echo "$port is attached already, and not by this topology" >&2; exit 1; }
  if [ "$(cat "$file")" = "$index $note" ]; then
    has "$port^" && shape=-h || shape=-a
    [ $shape != "$how" ] || exit 0
  fi
  detach "$@" || exit 1
fi
mkdir -p -m 0700 "\${file%/*}" && printf '%s\\n' "$@" >"\${file%/*}/.ctl" &&
  printf '%s\\n' "$index $note" >"$file.new" && mv "$file.new" "$file" || exit 1
said=$("$@" "$how" "$port" 2>&1)
listed "$@" || exit 1
! has "$port" || exit 0
rm -f "$file"
echo "\${said:-vale-ctl said nothing, and $port is not in its list}" >&2; exit 1`,
  // $1 topology, $2 switch:port, the rest: how vale-ctl is called. A host stack's own port must never be named: the kernel oopses.
  'vale-detach': `topology=$1 port=$2; shift 2
${LISTED}
case $port in *^*) echo "$port goes with its device" >&2; exit 1 ;; esac
listed "$@" || exit 1
! has "$port" || detach "$@" || exit 1
cd "/run/topo/$topology/vale" 2>/dev/null || exit 0
rm -f "$port"
[ -n "$(ls)" ] || rm -rf "/run/topo/$topology/vale"
rmdir "/run/topo/$topology" 2>/dev/null || true`,
} as const;

/** How and where vale-ctl is called, and for whom. */
export interface ValeCaller {
  readonly topology: string;
  /** The words of the call, before its options. */
  readonly ctl: readonly string[];
}

/** An attachment that is to be made. */
export interface ValeAttachment {
  /** VALE's name of the switch. */
  readonly switch: string;
  readonly device: string;
  readonly hostStack: boolean;
  readonly driver: ValeDriver;
  /** The resource that it is made for. */
  readonly id: string;
}

/** Attaches a device of the host; one that is attached as it is to be stays so. */
export function attachPort({ topology, ctl }: ValeCaller, port: ValeAttachment): Step {
  const name = `${port.switch}:${port.device}`;
  const note = `${port.driver} ${port.id}`;
  const args = [topology, port.hostStack ? '-h' : '-a', name, note, ...ctl];
  return { via: 'script', name: 'vale-attach', args, mutates: true, label: `attach ${name}` };
}

/** Detaches a device, whether it is still there or not; one that is not attached is no failure. */
export function detachPort({ topology, ctl }: ValeCaller, port: Pick<ValePort, 'switch' | 'device'>): Step {
  const name = `${port.switch}:${port.device}`;
  return {
    via: 'script',
    name: 'vale-detach',
    args: [topology, name, ...ctl],
    mutates: true,
    label: `detach ${name}`,
  };
}

/** Reads what {@link VALE_READER} tells. Ports come by switch and device: VALE's own order is that of slots which are used again. */
export function parseVale(text: string): ValeInventory {
  const lines = text.split('\n').filter(line => line !== '');
  const told = (what: string): readonly (readonly string[])[] =>
    lines.flatMap(line => (line.startsWith(`#${what} `) ? [line.split(' ').slice(1)] : []));
  const parameters = new Map(told('parameter').map(([name, value]) => [name, Number(value)]));
  const parameter = (name: string): number => {
    const value = parameters.get(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`netmap does not tell its ${name}`);
    return value;
  };
  return {
    ctl: lines.flatMap(line => (line.startsWith('#ctl ') ? [line.slice(5)] : [])),
    ports: portsIn(lines.filter(line => !line.startsWith('#'))),
    records: told('record').flatMap(words => recordIn(words)),
    module: {
      admode: parameter('admode'),
      bufSize: parameter('buf_size'),
      bufNum: parameter('buf_num'),
      ringNum: parameter('ring_num'),
      genericRingSize: parameter('generic_ringsize'),
      maxBridges: parameter('max_bridges'),
      holders: told('holder').flatMap(([name = '']) => (name === '*' ? [] : [name])),
      drivers: Object.fromEntries(told('driver').map(([device = '', module = '']) => [device, module])),
    },
  };
}

/** `vale0:eth1 bridge_idx 0 port_idx 2`; of a port that lost its switch's name (seen of ports made by -n) there is no first half. */
function portsIn(lines: readonly string[]): readonly ValePort[] {
  const names = lines.map(line => {
    const match = /^(?:([^:\s]+):)?(\S+) bridge_idx \d+ port_idx \d+$/.exec(line);
    if (!match) throw new Error(`vale-ctl lists what is no port: ${line}`);
    return { switch: match[1] ?? '', device: match[2]! };
  });
  const all = new Set(names.map(n => `${n.switch}:${n.device}`));
  return names
    .filter(n => !n.device.endsWith('^'))
    .map(n => ({ ...n, hostStack: all.has(`${n.switch}:${n.device}^`) }))
    .sort((a, b) => (`${a.switch}:${a.device}` < `${b.switch}:${b.device}` ? -1 : 1));
}

function recordIn([name = '', index = '', driver = '', ...id]: readonly string[]): readonly ValeRecord[] {
  const [on, device] = name.split(':');
  if (on === undefined || device === undefined || (driver !== 'generic' && driver !== 'native')) return [];
  return [{ switch: on, device, index: Number(index), driver, id: id.join(' ') }];
}
