import { spellAddress, withoutLength } from '../core/index.js';
import type { Finding } from './finding.js';
import { addressesOf } from './plug-address.js';
import type { Plug } from './plug-address.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** Whoever has the address of a VDE switch's gateway can't leave by it: a port with another one has to be there, or another network. */
export function checkVdeGateways(sight: Sight, plugs: readonly Plug[]): readonly Finding[] {
  return plugs.flatMap((one): readonly Finding[] => {
    const on = one.on === undefined ? undefined : sight.topology.switches[one.on];
    const gateway =
      on?.kind === 'vde' ? on.gateways.find(address => hasAddress(sight, one, address)) : undefined;
    if (gateway === undefined || hasWay(sight, plugs, one)) return [];
    const summary = `${one.stack}/${one.service} is the gateway of switch "${one.on}" (${gateway}) and has no other network for a default route of its own`;
    const hint = `put it on another network, such as networks: [default], or give another port of it a gateway; or leave the gateway of switch "${one.on}" out`;
    return [clash(sight, 'gateway.no-route', summary, one.plug.path, { hint })];
  });
}

function hasAddress(sight: Sight, one: Plug, address: string): boolean {
  const all = addressesOf(sight, one).flatMap(given => given.all);
  return all.some(
    ({ text }) => text !== undefined && withoutLength(spellAddress(text)) === spellAddress(address),
  );
}

function hasWay(sight: Sight, plugs: readonly Plug[], one: Plug): boolean {
  const { stack, service } = one;
  const { stacks, switches } = sight.topology;
  if (Object.keys(stacks[stack]?.services[service]?.networks ?? {}).length > 0) return true;
  return plugs.some(other => {
    if (other === one || other.stack !== stack || other.service !== service) return false;
    const on = other.on === undefined ? undefined : switches[other.on];
    const offered = on && on.kind !== 'vxlan' ? on.gateways : [];
    return [...other.plug.gateways, ...offered].some(gateway => !hasAddress(sight, other, gateway));
  });
}
