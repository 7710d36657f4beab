import {
  contains,
  firstAddress,
  formatAddress,
  formatPrefix,
  overlap,
  parseAddress,
  parsePrefix,
  partOf,
  rangeOn,
  size,
  stretchedOn,
} from '../core/index.js';
import type { DocPath, Prefix, Stretched } from '../core/index.js';
import { KINDS } from './fabric.js';
import type { Finding } from './finding.js';
import { clash, subnetPath } from './sight.js';
import type { Sight } from './sight.js';

/** Docker networks that are one over several hosts: the same subnets and gateways, and of each subnet a part for every engine. */
export function checkStretches(sight: Sight): readonly Finding[] {
  const named = Object.values(sight.topology.stacks).flatMap(({ networks }) =>
    Object.values(networks).flatMap(n => n.stretch ?? []),
  );
  return [...new Set(named)].flatMap(on => {
    const all = stretchedOn(sight.topology, on);
    const wrong = [...all.flatMap(one => checkPlace(sight, on, one)), ...differing(sight, on, all)];
    if (wrong.length > 0) return wrong;
    return [...checkParts(sight, on, all), ...besideSwitch(sight, on, all), ...fixed(sight, on, all)];
  });
}

function pathOf({ stack, key }: Stretched, ...more: DocPath): DocPath {
  return ['stacks', stack, 'networks', key, ...more];
}

function checkPlace(sight: Sight, on: string, one: Stretched): readonly Finding[] {
  const declared = sight.topology.switches[on];
  const path = pathOf(one, 'stretch');
  if (declared?.kind !== 'segment') {
    const what = declared && KINDS[declared.kind];
    const summary = `switch "${on}" is ${what}: a network is stretched over a VXLAN of mode l2`;
    return declared ? [clash(sight, 'switch.kind', summary, path)] : [];
  }
  if (declared.hosts && !declared.hosts.includes(one.host)) {
    const summary = `switch "${on}" is on ${declared.hosts.join(', ')}, and stack "${one.stack}" is on ${one.host}`;
    return [clash(sight, 'switch.elsewhere', summary, path, { hint: `add ${one.host} to its hosts` })];
  }
  if (one.network.subnets.length > 0) return [];
  const summary = `network "${one.key}" of stack "${one.stack}" is stretched and has no subnet`;
  return [
    clash(sight, 'subnet.missing', summary, path, { hint: 'give it one: subnet: 10.60.0.0/16', at: 'key' }),
  ];
}

/** All have the subnets and gateways of the first. */
function differing(sight: Sight, on: string, [first, ...others]: readonly Stretched[]): readonly Finding[] {
  if (!first) return [];
  const whole = (one: Stretched): string =>
    one.network.subnets
      .map(s => `${formatPrefix(parsePrefix(s.subnet)!)} by ${formatAddress(gatewayOf(s))}`)
      .sort()
      .join(', ');
  return others.flatMap(one => {
    if (one.network.subnets.length === 0 || whole(one) === whole(first)) return [];
    const summary = `network "${one.key}" of stack "${one.stack}" has ${whole(one)}, and that of stack "${first.stack}" on switch "${on}" has ${whole(first)}`;
    const hint = 'one network has one subnet of a family, and one gateway';
    return [clash(sight, 'subnet.differs', summary, subnetPath(sight.root, one.stack, one.key), { hint })];
  });
}

function gatewayOf({ subnet, gateway = '' }: Stretched['network']['subnets'][number]) {
  return parseAddress(gateway) ?? firstAddress(subnet);
}

/** A part of a subnet that an engine gives addresses from. */
interface Part {
  readonly one: Stretched;
  readonly prefix: Prefix;
}

function partsOf(sight: Sight, on: string, all: readonly Stretched[]): readonly Part[] {
  return all.flatMap(one =>
    one.network.subnets.flatMap(subnet => {
      const prefix = parsePrefix(rangeOn(sight.topology, on, one.stack, subnet) ?? '');
      return prefix ? [{ one, prefix }] : [];
    }),
  );
}

/** Each part has room for what runs there, and shares no address with another. */
function checkParts(sight: Sight, on: string, all: readonly Stretched[]): readonly Finding[] {
  const parts = partsOf(sight, on, all);
  const small = all.flatMap((one, n) =>
    one.network.subnets.flatMap((_, i) => tooSmall(sight, all, one, n, i)),
  );
  const shared = parts.flatMap(({ one, prefix }, i) => {
    const other = parts.slice(0, i).find(p => p.one !== one && overlap(p.prefix, prefix));
    if (!other) return [];
    const summary = `the engines of ${other.one.host} and ${one.host} would both give addresses of ${formatPrefix(prefix)}`;
    const hint = 'give each stack an ip_range of its own, or none of them one';
    const ways = { hint, other: pathOf(other.one) };
    return [clash(sight, 'subnet.overlap', summary, subnetPath(sight.root, one.stack, one.key), ways)];
  });
  return [...small, ...shared];
}

function tooSmall(
  sight: Sight,
  all: readonly Stretched[],
  one: Stretched,
  n: number,
  i: number,
): readonly Finding[] {
  const config = one.network.subnets[i]!;
  const subnet = parsePrefix(config.subnet)!;
  const part = config.range === undefined ? partOf(subnet, n, all.length) : parsePrefix(config.range);
  const needed = Math.max(1, containersOn(sight, one));
  const free = part ? roomIn(part, subnet, gatewayOf(config).value) : 0n;
  if (free >= BigInt(needed)) return [];
  const summary = `${config.subnet} is too small: of ${all.length} hosts ${one.host} gets ${part ? formatPrefix(part) : 'nothing'}, with ${free} addresses for ${needed === 1 ? 'a container' : `${needed} containers`}`;
  const hint = 'take a larger subnet; each host gets an equal part of it, in the order of hosts';
  return [clash(sight, 'subnet.small', summary, subnetPath(sight.root, one.stack, one.key, i), { hint })];
}

function roomIn(part: Prefix, subnet: Prefix, gateway: bigint): bigint {
  const last = subnet.base + size(subnet) - 1n;
  const taken = new Set([subnet.base, gateway, ...(subnet.family === 4 ? [last] : [])]);
  return size(part) - BigInt([...taken].filter(value => contains(part, { ...subnet, value })).length);
}

function containersOn({ topology }: Sight, { stack, key }: Stretched): number {
  const services = Object.values(topology.stacks[stack]?.services ?? {});
  const on = services.filter(s => (s.networks ? Object.hasOwn(s.networks, key) : key === 'default'));
  return on.reduce((sum, s) => sum + s.replicas, 0);
}

/** Ports of the switch itself have other addresses: an engine knows nothing of them. */
function besideSwitch(sight: Sight, on: string, all: readonly Stretched[]): readonly Finding[] {
  const declared = sight.topology.switches[on];
  if (declared?.kind !== 'segment') return [];
  const taken = all[0]!.network.subnets.map(s => parsePrefix(s.subnet)!);
  return declared.subnets.flatMap(text => {
    if (!taken.some(t => overlap(t, parsePrefix(text)!))) return [];
    const summary = `subnet ${text} of switch "${on}" is that of the network stretched over it, whose addresses the engines give`;
    const hint = 'leave subnet of the switch out, or take another';
    return [clash(sight, 'subnet.overlap', summary, ['switches', on, 'subnet'], { hint })];
  });
}

/** A fixed address is in no part but that of its own host: another engine would give it to somebody. */
function fixed(sight: Sight, on: string, all: readonly Stretched[]): readonly Finding[] {
  const parts = partsOf(sight, on, all);
  const seen = new Map<string, DocPath>();
  return all.flatMap(one =>
    Object.entries(sight.topology.stacks[one.stack]!.services).flatMap(([service, { networks = {} }]) =>
      (['ipv4', 'ipv6'] as const).flatMap((family): readonly Finding[] => {
        const text = networks[one.key]?.[family];
        const address = text === undefined ? undefined : parseAddress(text);
        if (!address) return [];
        const path = ['stacks', one.stack, 'services', service, 'networks', one.key, `${family}_address`];
        const other = seen.get(formatAddress(address));
        seen.set(formatAddress(address), path);
        if (other && other[1] !== one.stack)
          return [clash(sight, 'address.taken', `${text} is given twice on switch "${on}"`, path, { other })];
        const holder = parts.find(p => p.one !== one && contains(p.prefix, address));
        if (!holder) return [];
        const own = parts.find(p => p.one === one && p.prefix.family === address.family);
        const summary = `${text} is in ${formatPrefix(holder.prefix)}, from which the engine of ${holder.one.host} gives addresses`;
        const hint = own && `${one.host} has ${formatPrefix(own.prefix)}`;
        return [clash(sight, 'address.outside', summary, path, hint === undefined ? {} : { hint })];
      }),
    ),
  );
}
