import {
  familyOf,
  formatAddress,
  formatPrefix,
  parseAddress,
  parsePrefix,
  type EngineNetwork,
} from '../core/index.js';
import { withoutMarks } from './marks.js';
import type { NetworkSpec } from './network-spec.js';

/** What is compared of a network, in words for people. Undefined where nobody chose it. */
export interface NetworkFields {
  readonly driver: string;
  readonly bridge: string;
  readonly mtu: number;
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  readonly range: string | undefined;
  readonly internal: boolean;
  readonly ipv6: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

const BRIDGE = 'com.docker.network.bridge.name';
const MTU = 'com.docker.network.driver.mtu';

/** What a network is wanted to be. */
export function networkFields(spec: NetworkSpec): NetworkFields {
  return {
    driver: 'bridge',
    bridge: spec.bridge,
    mtu: spec.mtu,
    subnet: joined(spec.subnets.map(s => s.subnet)),
    gateway: joined(spec.subnets.flatMap(s => s.gateway ?? [])),
    range: joined(spec.subnets.flatMap(s => s.range ?? [])),
    internal: spec.internal,
    ipv6: spec.ipv6,
    options: spec.options,
    labels: comparedLabels(spec.labels),
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
    bridge: bridgeOf(found),
    mtu: Number(found.options[MTU] ?? 1500),
    subnet: chosen('subnet', found.subnets),
    gateway: chosen('gateway', found.gateways),
    range: applied.range,
    internal: found.internal,
    ipv6: found.ipv6,
    options: pick(found.options, { ...applied.options, ...want?.options }),
    labels: comparedLabels(found.labels),
  };
}

/** The name of a network's bridge device; generated ones of the engine are in no list, but follow from the id. */
export function bridgeOf(network: EngineNetwork): string {
  return network.options[BRIDGE] ?? `br-${network.id.slice(0, 12)}`;
}

/** Compose's own labels group things for others and are no reason to make a network again. */
function comparedLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = Object.entries(withoutMarks(labels)).filter(([key]) => !key.startsWith('com.docker.compose.'));
  return Object.fromEntries(own);
}

function joined(addresses: readonly string[]): string | undefined {
  const spelt = addresses.map(a => {
    const prefix = parsePrefix(a);
    const address = parseAddress(a);
    return prefix ? formatPrefix(prefix) : address ? formatAddress(address) : a;
  });
  return spelt.length === 0 ? undefined : spelt.sort().join(', ');
}

function pick(from: Readonly<Record<string, string>>, keys: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => key in keys));
}
