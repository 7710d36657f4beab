import {
  addressPlus,
  contains,
  familyName,
  formatAddress,
  formatPrefix,
  nth,
  ownAddresses,
  parseAddress,
  parseInterface,
  parsePrefix,
  prefixOf,
  replicaName,
  size,
  spellAddress,
  withoutLength,
} from '../core/index.js';
import type { DocPath, PlugDeclaration, Prefix } from '../core/index.js';
import { edgeOf } from './fabric-address.js';
import type { Finding } from './finding.js';
import { clash, elementPath } from './sight.js';
import type { Sight } from './sight.js';

/** A plug in a container, and the switch that it is on. */
export interface Plug {
  readonly stack: string;
  readonly service: string;
  /** Which of the service's containers; absent: each of them. */
  readonly number?: number;
  readonly plug: PlugDeclaration;
  /** Absent: at its other end is no switch. */
  readonly on?: string;
}

/** Addresses of plugs: in the subnet of their switch, each once there, and gateways that they can reach. */
export function checkPlugAddresses(sight: Sight, plugs: readonly Plug[]): readonly Finding[] {
  return [
    ...plugs.flatMap(plug => checkEach(sight, plug)),
    ...doubled(sight, plugs),
    ...plugs.flatMap(plug => checkGateways(sight, plug)),
    ...checkRanges(sight),
  ];
}

/** An address that a container is to have. */
interface Given {
  readonly who: string;
  /** Undefined where there is none so far beyond the one that the file says. */
  readonly text: string | undefined;
}

/** For each address that the file says of a plug, those that it stands for: the first container's, and counted up those of the others. */
export function addressesOf(
  { topology }: Sight,
  { plug, stack, service, number }: Plug,
): readonly { readonly said: string; readonly all: readonly Given[] }[] {
  const said = plug.ip === undefined || plug.ip === 'none' ? [] : plug.ip;
  const replicas = topology.stacks[stack]?.services[service]?.replicas ?? 1;
  const count = number === undefined ? Math.max(1, replicas) : 1;
  return said.map(text => ({
    said: text,
    all: Array.from({ length: count }, (_, i) => {
      return { who: replicaName(stack, service, (number ?? 1) + i), text: addressPlus(text, i) };
    }),
  }));
}

function subnetsOf({ topology }: Sight, on: string | undefined): readonly Prefix[] {
  const declared = on === undefined ? undefined : topology.switches[on];
  return declared && declared.kind !== 'vxlan' ? declared.subnets.flatMap(s => parsePrefix(s) ?? []) : [];
}

function checkEach(sight: Sight, one: Plug): readonly Finding[] {
  const subnets = subnetsOf(sight, one.on);
  return addressesOf(sight, one).flatMap(({ said, all }, n): readonly Finding[] => {
    const [first] = all.flatMap(given => {
      const wrong = given.text === undefined ? NO_SUCH : wrongAddress(given.text, one.on, subnets);
      return wrong ? [{ ...wrong, counted: countedTo(said, given) }] : [];
    });
    if (!first) return [];
    const { code, summary, hint, counted } = first;
    const place = ipPath(sight, one, n);
    return [clash(sight, code, `${summary}${counted}`, place, hint === undefined ? {} : { hint })];
  });
}

/** Of an address that the file does not say itself, how it came about. */
function countedTo(said: string, { who, text }: Given): string {
  return spellAddress(said) === text ? '' : ` (that of ${who}, counted up from ${said})`;
}

interface Wrong {
  readonly code: string;
  readonly summary: string;
  readonly hint?: string;
}

const NO_SUCH: Wrong = { code: 'address.outside', summary: 'there is no such address' };

function wrongAddress(text: string, on: string | undefined, subnets: readonly Prefix[]): Wrong | undefined {
  const given = parseInterface(text);
  const address = given?.address ?? parseAddress(text)!;
  const subnet = subnets.find(s => s.family === address.family);
  if (!subnet) {
    const hint = `with its length, such as ${text}/${address.family === 4 ? 24 : 64}`;
    return given ? undefined : { code: 'address.length', summary: `address ${text} has no length`, hint };
  }
  const whole = formatPrefix(subnet);
  if (!contains(subnet, address)) {
    const summary = `address ${text} is not in ${whole}, the subnet of switch "${on}"`;
    return {
      code: 'address.outside',
      summary,
      hint: `such as ${formatAddress(nth(subnet, size(subnet) > 2n ? 2n : 0n))}`,
    };
  }
  const edge = edgeOf(subnet, address.value);
  if (edge) return { code: 'address.outside', summary: `address ${text} is the ${edge} of ${whole}` };
  if (given === undefined || given.length === subnet.length) return undefined;
  const summary = `address ${text} has another length than ${whole}, the subnet of switch "${on}"`;
  return { code: 'value.conflict', summary, hint: 'leave the length out' };
}

/** An address is had once on a switch: by a container, the host or the gateway, of which a container may be the one. */
function doubled(sight: Sight, plugs: readonly Plug[]): readonly Finding[] {
  const seen = new Map<string, { who: string; path: DocPath }>();
  for (const [name, declared] of Object.entries(sight.topology.switches)) {
    for (const { host, address, path, n } of ownAddresses(name, declared))
      seen.set(`${name} ${bare(address)}`, {
        who: `that of host ${host}`,
        path: elementPath(sight.root, path, n),
      });
  }
  return plugs.flatMap(one => {
    const { on } = one;
    if (on === undefined) return [];
    return addressesOf(sight, one).flatMap(({ said, all }, n) => {
      const path = ipPath(sight, one, n);
      const taken = all.flatMap((given): readonly Finding[] => {
        const key = `${on} ${bare(given.text ?? '')}`;
        const other = seen.get(key);
        if (other === undefined) seen.set(key, { who: `that of ${given.who}`, path });
        if (other === undefined || given.text === undefined) return [];
        const summary = `address ${bare(given.text)} is ${other.who} on switch "${on}" already${countedTo(said, given)}`;
        return [clash(sight, 'address.taken', summary, path, { other: other.path })];
      });
      return taken.slice(0, 1);
    });
  });
}

/** A default route leads through a neighbour: one in a subnet of the plug. */
function checkGateways(sight: Sight, one: Plug): readonly Finding[] {
  const own = addressesOf(sight, one).flatMap(({ said }) => {
    const given = parseInterface(said);
    return given ? [prefixOf(given.address, given.length)] : [];
  });
  const near = [...own, ...(one.plug.ip === 'none' ? [] : subnetsOf(sight, one.on))];
  return one.plug.gateways.flatMap((text, n): readonly Finding[] => {
    const address = parseAddress(text)!;
    if (near.some(prefix => contains(prefix, address))) return [];
    const family = familyName(address.family);
    const known = near.filter(p => p.family === address.family).map(formatPrefix);
    const summary =
      known.length === 0
        ? `gateway ${text} needs an ${family} address of this end beside it`
        : `gateway ${text} is not in ${known.join(' or ')}, where this end is`;
    return [
      clash(sight, 'gateway.outside', summary, elementPath(sight.root, [...one.plug.path, 'gateway'], n)),
    ];
  });
}

function checkRanges(sight: Sight): readonly Finding[] {
  return Object.entries(sight.topology.switches).flatMap(([name, declared]): readonly Finding[] => {
    if (declared.kind === 'vxlan') return [];
    const subnets = declared.subnets.flatMap(text => parsePrefix(text) ?? []);
    const inside = (
      text: string,
      key: string,
      n: number,
      at: DocPath = ['switches', name, key],
    ): readonly Finding[] => {
      const base = parseAddress(withoutLength(text));
      const subnet = subnets.find(s => s.family === base?.family);
      if (!base || (subnet && contains(subnet, base) && (parsePrefix(text)?.length ?? 128) >= subnet.length))
        return [];
      const whole = subnet
        ? `${formatPrefix(subnet)}, its subnet`
        : `a subnet of the switch: it has none of ${familyName(base.family)}`;
      const path = elementPath(sight.root, at, n);
      return [clash(sight, 'address.outside', `${key} ${text} of switch "${name}" is not in ${whole}`, path)];
    };
    const own = ownAddresses(name, declared).filter(({ address }) => !address.includes('/'));
    return [
      ...declared.ranges.flatMap((text, n) => inside(text, 'range', n)),
      ...declared.gateways.flatMap((text, n) => inside(text, 'gateway', n)),
      ...own.flatMap(({ address, path, n }) => inside(address, String(path.at(-1)), n, path)),
    ];
  });
}

function ipPath(sight: Sight, { plug }: Plug, n: number): DocPath {
  return elementPath(sight.root, [...plug.path, 'ip'], n);
}

function bare(text: string): string {
  return withoutLength(spellAddress(text));
}
