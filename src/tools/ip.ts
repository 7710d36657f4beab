import { digest, parseAddress, type NetnsRef, type Step } from '../core/index.js';

/** What `vxlan` needs to be told to the kernel. */
export interface VxlanLink {
  readonly device: string;
  readonly vni: number;
  readonly port: number;
  /** The underlay address. */
  readonly local: string;
  readonly mac: string;
}

/** What can be set on a device that is there. */
export interface LinkSettings {
  readonly mtu?: number;
  readonly mac?: string;
  readonly alias?: string;
  /** The bridge that it is to be a port of. */
  readonly master?: string;
  /** Whether its bridge answers for known neighbours instead of asking through it (RFC 7432 10; Linux 4.15). */
  readonly suppress?: boolean;
  /** Whether a VXLAN device, and its bridge of what comes through it, learn who sends. */
  readonly learning?: boolean;
  readonly up?: true;
}

export interface RouteLine {
  readonly dst: string;
  readonly via?: string;
  readonly source?: string;
  readonly mtu?: number;
}

/** The routing protocol number of every route that topo makes (`ip route … proto 116`). */
export const ROUTE_PROTOCOL = 116;

/** What `ip` and `bridge` say where that which is to be removed is gone already; older kernels word it differently. */
const GONE =
  'No such (process|file or directory|device)|Cannot find device|ddress not found|Cannot assign requested address|^Command failed';

/** Scripts around `ip`. */
export const ipScripts = {
  // $1 device, $2 link group, the rest: `ip link add` words. A device that a killed run half made is taken up; another is refused.
  'link-add': `name=$1 group=$2; shift 2
if shown=$(ip -d -o link show dev "$name" 2>/dev/null); then
  case $shown in *" group $group "*) exit 0 ;; esac
  echo "$name is there already and is not of this topology: $shown" >&2; exit 1
fi
exec ip link add "$name" group "$group" "$@"`,
  // $1 device, $2 link group, $3 mark prefix, $4 its namespace, or nothing. Only a device that bears our mark goes.
  'link-delete': `shown=$(\${4:+nsenter --net="$4"} ip -d -o link show dev "$1" 2>/dev/null) || exit 0
case $shown in *" group $2 "* | *"alias $3"*) exec \${4:+nsenter --net="$4"} ip link delete dev "$1" ;; esac
echo "$1 does not bear the mark of this topology: $shown" >&2; exit 1`,
  // Input: lines for \`ip -batch\`, all of them removals; what is gone already is no failure. $1 a namespace, or nothing.
  'ip-remove': removing('ip'),
} as const;

/** A script that hands removals to a program's batch mode and fails only for what is neither done nor gone. */
export function removing(program: 'ip' | 'bridge'): string {
  return `said=$(\${1:+nsenter --net="$1"} ${program} -force -batch - 2>&1 >/dev/null) && exit 0
rest=$(printf '%s\\n' "$said" | grep -vE '${GONE}') || exit 0
printf '%s\\n' "$rest" >&2; exit 1`;
}

/**
 * The link group of a topology's devices (28 bits of a hash of its name, over 2^30 so that it meets no small number in use).
 * `ip link add` sets it at once, but silently drops an alias: the group marks what a kill left between the two.
 */
export function linkGroup(topology: string): number {
  return 2 ** 30 + Number.parseInt(digest(topology).slice(0, 7), 16);
}

/** Makes a VXLAN device in its topology's group, learning on; `df set` (so that a ping with DF proves the MTU) on IPv4, where it exists. */
export function addVxlan(link: VxlanLink, topology: string): Step {
  const df = parseAddress(link.local)?.family === 4 ? ['df', 'set'] : [];
  const words = [
    'address',
    link.mac,
    'type',
    'vxlan',
    'id',
    `${link.vni}`,
    'dstport',
    `${link.port}`,
    'local',
    link.local,
    ...df,
  ];
  const args = [link.device, `${linkGroup(topology)}`, ...words];
  return { via: 'script', name: 'link-add', args, mutates: true, label: `add ${link.device}` };
}

/** Sets what is given of a device, a line each: an alias beside other words is silently dropped. */
export function setLink(device: string, settings: LinkSettings): Step {
  const { mtu, mac, alias, master, suppress, learning, up } = settings;
  const words = [
    ...(mtu === undefined ? [] : [['mtu', `${mtu}`]]),
    ...(mac === undefined ? [] : [['address', mac]]),
    ...(alias === undefined ? [] : [['alias', `"${alias}"`]]),
    ...(master === undefined ? [] : [['master', master]]),
    ...(suppress === undefined ? [] : [['type', 'bridge_slave', 'neigh_suppress', onOff(suppress)]]),
    ...(learning === undefined
      ? []
      : [
          ['type', 'vxlan', learning ? 'learning' : 'nolearning'],
          ['type', 'bridge_slave', 'learning', onOff(learning)],
        ]),
    ...(up ? [['up']] : []),
  ];
  return ipBatch(
    words.map(w => ['link', 'set', 'dev', device, ...w].join(' ')),
    `set ${device}`,
  );
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off';
}

/** Deletes a device if it bears the topology's mark; a device that is gone already is no failure. */
export function deleteLink(device: string, topology: string, markPrefix: string, netns?: NetnsRef): Step {
  const args = [device, `${linkGroup(topology)}`, markPrefix, ...(netns ? [netns] : [])];
  return { via: 'script', name: 'link-delete', args, mutates: true, label: `delete ${device}` };
}

/** Puts addresses on a device; IPv6 ones without duplicate address detection, which would leave them tentative for a second. */
export function setAddresses(device: string, addresses: readonly string[]): Step {
  const lines = addresses.map(a => `address replace ${a} dev ${device}${a.includes(':') ? ' nodad' : ''}`);
  return ipBatch(lines, `addresses of ${device}`);
}

/** Takes addresses off a device. */
export function removeAddresses(device: string, addresses: readonly string[]): Step {
  return ipRemove(
    addresses.map(a => `address del ${a} dev ${device}`),
    `addresses off ${device}`,
  );
}

/** Writes permanent neighbour entries. */
export function setNeighbours(device: string, entries: readonly { address: string; mac: string }[]): Step {
  const lines = entries.map(
    e => `neighbour replace ${e.address} lladdr ${e.mac} dev ${device} nud permanent`,
  );
  return ipBatch(lines, `neighbours on ${device}`);
}

/** Removes neighbour entries. */
export function removeNeighbours(device: string, addresses: readonly string[]): Step {
  return ipRemove(
    addresses.map(a => `neighbour del ${a} dev ${device}`),
    `neighbours off ${device}`,
  );
}

/** Writes routes through a device. `onlink`: the gateway need not be in a subnet of the device. */
export function setRoutes(device: string, routes: readonly RouteLine[]): Step {
  const lines = routes.map(route => {
    const via = route.via === undefined ? '' : ` via ${route.via}`;
    const source = route.source === undefined ? '' : ` src ${route.source}`;
    const mtu = route.mtu === undefined ? '' : ` mtu ${route.mtu}`;
    return `route replace ${route.dst}${via} dev ${device} proto ${ROUTE_PROTOCOL}${source}${mtu}${via && ' onlink'}`;
  });
  return ipBatch(lines, `routes through ${device}`);
}

/** Removes topo's routes through a device. */
export function removeRoutes(device: string, destinations: readonly string[]): Step {
  return ipRemove(
    destinations.map(d => `route del ${d} dev ${device} proto ${ROUTE_PROTOCOL}`),
    `routes off ${device}`,
  );
}

/** Lines for `ip -batch`, on the host or in a container's namespace. */
export function ipBatch(lines: readonly string[], label: string, netns?: NetnsRef): Step {
  const stdin = asInput(lines);
  return { via: 'exec', argv: ['ip', '-batch', '-'], stdin, mutates: true, label, ...(netns && { netns }) };
}

/** The same for removals: what is gone already is no failure. */
export function ipRemove(lines: readonly string[], label: string, netns?: NetnsRef): Step {
  const args = netns ? [netns] : [];
  return { via: 'script', name: 'ip-remove', args, stdin: asInput(lines), mutates: true, label };
}

function asInput(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}
