import { parseAddress, type NetnsRef, type Step } from '../core/index.js';
import { ROUTE_PROTOCOL, ipBatch, ipRemove, linkGroup, type RouteLine } from './ip.js';

/** A device that is to be made: its namespace (absent: the host's), name, MAC (absent: the kernel's choice) and MTU in bytes. */
export interface WireEnd {
  readonly netns?: NetnsRef;
  readonly device: string;
  readonly mac?: string;
  readonly mtu: number;
}

/** A VXLAN (RFC 7348) between two hosts and nothing else. */
export interface TunnelLink {
  readonly vni: number;
  readonly port: number;
  /** The underlay addresses. */
  readonly local: string;
  readonly remote: string;
}

/** The word for a device that is a port of no bridge. */
export const NO_BRIDGE = 'none';

/** What can be set on an end of a wire. */
export interface PlugSettings {
  readonly alias?: string;
  readonly mtu?: number;
  readonly mac?: string;
  /** The bridge that it is a port of, or NO_BRIDGE. */
  readonly master?: string;
  readonly up?: boolean;
  readonly addresses?: readonly string[];
  readonly routes?: readonly RouteLine[];
}

/** `taken NAMESPACE DEVICE`: makes room for a device of that name. What a killed run of ours left goes; anything else is refused. */
export const TAKEN = `taken() {
  shown=$(\${1:+nsenter --net="$1"} ip -d -o link show dev "$2" 2>/dev/null) || return 0
  case $shown in *" group $group "*) \${1:+nsenter --net="$1"} ip link delete dev "$2"; return ;; esac
  echo "$2 is there already and is not of this topology: $shown" >&2; return 1
}`;

/** Scripts that make devices right where they belong: moving one there costs 18 to 60 ms instead of half a one. */
export const wireScripts = {
  // $1 $2 the ends' namespaces (nothing: the host's), $3 link group, $4 $5 devices, $6 $7 their words.
  'veth-add': `group=$3
${TAKEN}
taken "$1" "$4" && taken "$2" "$5" || exit 1
exec \${1:+nsenter --net="$1"} ip link add name "$4" group "$3" $6 type veth peer name "$5" netns "\${2:-$$}" group "$3" $7`,
  // $1 namespace, $2 link group, $3 device, the rest: words. A tunnel's socket stays in the host's namespace (seen).
  'wire-add': `netns=$1 group=$2 name=$3; shift 3
${TAKEN}
taken "$netns" "$name" || exit 1
exec ip link add name "$name" \${netns:+netns "$netns"} group "$group" "$@"`,
} as const;

/** Makes a veth pair, each end in its place. */
export function addVeth(ends: readonly [WireEnd, WireEnd], topology: string): Step {
  const [a, b] = ends;
  const args = [
    a.netns ?? '',
    b.netns ?? '',
    `${linkGroup(topology)}`,
    a.device,
    b.device,
    endWords(a).join(' '),
    endWords(b).join(' '),
  ];
  return {
    via: 'script',
    name: 'veth-add',
    args,
    mutates: true,
    label: `add veth pair ${a.device}, ${b.device}`,
  };
}

/** Makes a tunnel's end. It learns nothing: there is one peer, and it gets every frame. `df set` on IPv4, so that a ping with DF proves the MTU. */
export function addTunnel(end: WireEnd, { vni, port, local, remote }: TunnelLink, topology: string): Step {
  const df = parseAddress(local)?.family === 4 ? ['df', 'set'] : [];
  const type = ['type', 'vxlan', 'id', `${vni}`, 'dstport', `${port}`, 'local', local, 'remote', remote];
  return addWire(end, [...type, 'nolearning', ...df], topology);
}

/** Makes a macvlan on a device of the host: it has a MAC of its own on the wire of that device. */
export function addMacvlan(end: WireEnd, parent: string, topology: string): Step {
  return addWire(end, ['link', parent, 'type', 'macvlan', 'mode', 'bridge'], topology);
}

function addWire(end: WireEnd, type: readonly string[], topology: string): Step {
  const args = [end.netns ?? '', `${linkGroup(topology)}`, end.device, ...endWords(end), ...type];
  return { via: 'script', name: 'wire-add', args, mutates: true, label: `add ${end.device}` };
}

/** What is said of a device's hardware address and MTU as it is made. */
export function endWords({ mac, mtu }: WireEnd): readonly string[] {
  return [...(mac === undefined ? [] : ['address', mac]), 'mtu', `${mtu}`];
}

/**
 * Sets an end of a wire, a line each: an alias beside other words is silently dropped. Routes come last, as they need a device
 * that is up; IPv6 addresses go without duplicate address detection, which would leave them tentative for a second.
 */
export function setPlug(device: string, settings: PlugSettings, netns?: NetnsRef): Step {
  const { alias, mtu, mac, master, up, addresses = [], routes = [] } = settings;
  const set = [
    ...(alias === undefined ? [] : [`alias "${alias}"`]),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...(mac === undefined ? [] : [`address ${mac}`]),
    ...(master === undefined ? [] : [master === NO_BRIDGE ? 'nomaster' : `master ${master}`]),
  ];
  const lines = [
    ...set.map(words => `link set dev ${device} ${words}`),
    ...addresses.map(a => `address replace ${a} dev ${device}${a.includes(':') ? ' nodad' : ''}`),
    ...(up === undefined ? [] : [`link set dev ${device} ${up ? 'up' : 'down'}`]),
    ...routes.map(r => `route replace ${routeWords(r)} dev ${device} proto ${ROUTE_PROTOCOL}`),
  ];
  return ipBatch(lines, `set ${device}`, netns);
}

/** Takes addresses and routes off an end of a wire. */
export function clearPlug(
  device: string,
  { addresses, routes }: { readonly addresses: readonly string[]; readonly routes: readonly string[] },
  netns?: NetnsRef,
): Step {
  const lines = [
    ...routes.map(dst => `route del ${dst} dev ${device} proto ${ROUTE_PROTOCOL}`),
    ...addresses.map(a => `address del ${a} dev ${device}`),
  ];
  return ipRemove(lines, `addresses and routes off ${device}`, netns);
}

/** Lets a device have IPv6: an engine turns it off in containers that are on no network with IPv6 (seen). */
export function enableIpv6(device: string, netns: NetnsRef): Step {
  const argv = ['sysctl', '-q', '-w', `net/ipv6/conf/${device}/disable_ipv6=0`];
  return { via: 'exec', argv, netns, mutates: true, label: `IPv6 on ${device}` };
}

function routeWords({ dst, via }: RouteLine): string {
  return via === undefined ? dst : `${dst} via ${via}`;
}
