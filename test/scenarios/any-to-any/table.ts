import { bridge } from './bridge.js';
import { device, enslavedDevice } from './device.js';
import { HOSTS, SIDES, type EndKind, type HostAlias, type Placed, type Station } from './row.js';
import { segment } from './segment.js';
import { service } from './service.js';
import { vde } from './vde.js';
import { vpp } from './vpp.js';

/** A new kind of end has a file here and stands in this list: it then meets every other, in both orders, on one host and on two. */
const KINDS: readonly EndKind[] = [service, bridge, segment, vde, device, enslavedDevice, vpp];

/** A link of the table, with who is to speak over it. */
export interface Row {
  readonly title: string;
  readonly ends: readonly [Placed, Placed];
  /** Without its length, of the far end. */
  readonly address: string;
  /** Bytes that go through it, whatever the hosts' 1500 leave. */
  readonly mtu: number;
  /** Whether nobody can speak over it. */
  readonly isMute: boolean;
}

/** Every ordered pair of kinds, on one host and on two; each row has a subnet of its own. */
export function rows(): readonly Row[] {
  const pairs = KINDS.flatMap(near => KINDS.flatMap(far => HOSTS.map(host => ({ near, far, host }))));
  return pairs.map(({ near, far, host }, n) => {
    const crosses = host === 'right';
    const isMute = [near, far].some(kind => kind.isMute);
    // Ports that are no neighbours are not pinged by topo itself either.
    const [from, to] = [`10.200.${n}.1`, isMute ? `10.201.${n}.2` : `10.200.${n}.2`];
    const placedAt = (mtu: number): readonly [Placed, Placed] => [
      near.place({ id: `n${n}`, host: 'left', side: 'near', address: `${from}/24`, mtu }),
      far.place({ id: `f${n}`, host, side: 'far', address: `${to}/24`, mtu }),
    ];
    // RFC 7348 over IPv4 takes 50 bytes.
    const mtu = crosses || placedAt(1500).some(placed => placed.isWide) ? 1450 : 1500;
    const title = `${near.name} to ${far.name} on ${crosses ? 'two hosts' : 'one host'}`;
    return { title, ends: placedAt(mtu), address: to, mtu, isMute };
  });
}

/** All rows as one topology file; `vppctl`: how VPP is called on both hosts. */
export function topologyOf(name: string, all: readonly Row[], vppctl: readonly string[]): string {
  const placed = all.flatMap(row => row.ends);
  const stack = (host: HostAlias): unknown => ({
    host,
    services: Object.fromEntries(
      SIDES.map(side => [side, { ...SERVICE, interfaces: portsOf(host, side, placed) }]),
    ),
  });
  return JSON.stringify({
    name,
    hosts: { left: { ssh: 'one', vppctl }, right: { ssh: 'two', vppctl } },
    switches: Object.assign({}, ...placed.map(p => p.switches)) as unknown,
    stacks: Object.fromEntries(HOSTS.map(host => [host, stack(host)])),
    links: all.map(row => row.ends.map(p => p.end)),
  });
}

const SERVICE = { image: 'topo/busybox', command: ['sleep', 'infinity'] };

function portsOf(host: HostAlias, side: string, placed: readonly Placed[]): readonly unknown[] {
  const own = ({ station }: { readonly station: Station }): boolean =>
    station.host === host && station.side === side;
  return placed.flatMap(({ port }) => (port && own(port) ? [port.interface] : []));
}
