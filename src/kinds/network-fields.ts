import {
  familyOf,
  NETWORK_BRIDGE,
  NETWORK_MTU,
  spellAddress,
  spellPrefix,
  type EngineNetwork,
  type NetworkExtras,
} from '../core/index.js';
import { listOf, rowOf, textOf, textsOf } from '../tools/index.js';
import { ownLabels } from './marks.js';
import type { NetworkSpec } from './network-spec.js';

/** What is compared of a network, in words for people. Undefined where nobody chose it. */
export interface NetworkFields {
  readonly driver: string;
  readonly bridge: string | undefined;
  readonly mtu: number | undefined;
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  readonly range: string | undefined;
  /** What few networks say, as the file says it; in no list of all engines. */
  readonly more: NetworkMore;
  readonly internal: boolean;
  readonly ipv6: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

interface NetworkMore extends NetworkExtras {
  readonly aux?: Readonly<Record<string, string>>;
}

/** What a network is wanted to be. */
export function networkFields(spec: NetworkSpec): NetworkFields {
  const { driver = 'bridge' } = spec;
  return {
    driver,
    bridge: driver === 'bridge' ? spec.bridge : undefined,
    mtu: driver === 'bridge' ? spec.mtu : undefined,
    subnet: joined(spec.subnets.map(s => s.subnet)),
    gateway: joined(spec.subnets.flatMap(s => s.gateway ?? [])),
    range: joined(spec.subnets.flatMap(s => s.range ?? [])),
    more: moreOf(spec),
    internal: spec.internal,
    ipv6: spec.ipv6,
    options: spec.options,
    labels: ownLabels(spec.labels),
  };
}

/**
 * What a network is: as the engine lists it, and as it was last applied (`applied`) for what is in no list: the range.
 * Engines from 28 on list a subnet and gateway that nobody chose as well, and all list the IPv4 subnet that they add to a network with
 * an IPv6 one only: they count only where someone chose one of that family.
 */
export function foundFields(
  found: EngineNetwork,
  applied: Partial<NetworkFields>,
  want?: NetworkFields,
): NetworkFields {
  const chosen = (key: 'subnet' | 'gateway', all: readonly string[]): string | undefined => {
    const families = new Set(
      [applied[key], want?.[key]].flatMap(text => text?.split(', ').map(familyOf) ?? []),
    );
    return joined(all.filter(address => families.has(familyOf(address))));
  };
  return {
    driver: found.driver,
    bridge: found.driver === 'bridge' ? bridgeOf(found) : undefined,
    mtu: found.driver === 'bridge' ? Number(found.options[NETWORK_MTU] ?? 1500) : undefined,
    subnet: chosen('subnet', found.subnets),
    gateway: chosen('gateway', found.gateways),
    range: applied.range,
    more: applied.more ?? {},
    internal: found.internal,
    ipv6: found.ipv6,
    options: pick(found.options, { ...applied.options, ...want?.options }),
    labels: ownLabels(found.labels),
  };
}

/**
 * What the engine says of a network beside its list, in the place of what was last applied to it: its ranges, and what `want` asks more.
 */
export function inspectedFields(
  inspected: unknown,
  want: NetworkFields | undefined,
): Pick<NetworkFields, 'range' | 'more'> {
  const network = rowOf(inspected);
  const ipam = rowOf(network['IPAM']);
  const pools = listOf(ipam['Config']);
  const { attachable, ipv4, ipam: wantedIpam, aux } = want?.more ?? {};
  const options = textsOf(ipam['Options']);
  const reserved = Object.assign({}, ...pools.map(p => textsOf(p['AuxiliaryAddresses'])));
  const isAttachable = network['Attachable'] === true;
  return {
    range: joined(pools.map(p => textOf(p['IPRange'])).filter(Boolean)),
    more: {
      ...((attachable !== undefined || isAttachable) && { attachable: isAttachable }),
      ...(ipv4 !== undefined && { ipv4: network['EnableIPv4'] !== false }),
      ...(wantedIpam && {
        ipam: {
          ...(wantedIpam.driver !== undefined && { driver: textOf(ipam['Driver']) }),
          ...(wantedIpam.options && { options }),
        },
      }),
      ...((aux !== undefined || Object.keys(reserved).length > 0) && { aux: reserved }),
    },
  };
}

function moreOf({ attachable, ipv4, ipam, subnets }: NetworkSpec): NetworkMore {
  const aux = Object.assign({}, ...subnets.map(s => s.aux ?? {})) as Readonly<Record<string, string>>;
  return {
    ...(attachable !== undefined && { attachable }),
    ...(ipv4 !== undefined && { ipv4 }),
    ...(ipam && { ipam }),
    ...(Object.keys(aux).length > 0 && { aux }),
  };
}

/** The name of a network's bridge device; generated ones of the engine are in no list, but follow from the id. */
export function bridgeOf(network: EngineNetwork): string {
  return network.options[NETWORK_BRIDGE] ?? `br-${network.id.slice(0, 12)}`;
}

function joined(addresses: readonly string[]): string | undefined {
  const spelt = addresses.map(a => spellPrefix(spellAddress(a)));
  return spelt.length === 0 ? undefined : spelt.sort().join(', ');
}

function pick(from: Readonly<Record<string, string>>, keys: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => key in keys));
}
