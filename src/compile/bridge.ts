import { bridgeDevice, deviceAlias, hashedMac, resourceId } from '../core/index.js';
import type { Group, HostName, HostView, Resolved, ResolvedBridge, Resource } from '../core/index.js';
import type { AcceptSpec, AddressSpec, BridgeSpec } from '../kinds/index.js';
import { engineTable } from './firewall.js';
import { makeResource } from './resource.js';

/** The kernel's own time to keep what a bridge has learned, in hundredths of a second (BR_DEFAULT_AGEING_TIME, linux/if_bridge.h). */
export const AGEING = 30_000;

/** A bridge of the file: the device, the host's addresses on it, and that frames on it are not taken for routed packets. `mtu` in bytes. */
export function compileBridge(
  resolved: Resolved,
  on: ResolvedBridge,
  view: HostView | undefined,
  mtu: number,
): readonly Resource[] {
  const group: Group = { is: 'switch', name: on.name };
  const device = { id: resourceId(on.host, 'bridge', on.name), name: bridgeDevice(on.host, on.name) };
  const { stp, ageing, groupFwdMask, vlanFiltering, addresses } = on;
  const spec: BridgeSpec = {
    topology: resolved.name,
    device: device.name,
    mac: hashedMac(`${resolved.name} ${device.id}`),
    mtu,
    alias: deviceAlias(resolved.name, device.id),
    stp,
    ageing: ageing === undefined ? AGEING : Math.round(ageing / 10),
    groupFwdMask,
    vlanFiltering,
  };
  const at = { host: on.host, group };
  return [
    makeResource<BridgeSpec>(resolved.name, { ...at, kind: 'bridge', name: on.name }, spec),
    makeResource<AddressSpec>(
      resolved.name,
      { ...at, kind: 'address', name: on.name },
      { device, addresses },
    ),
    ...acceptBridged(resolved, { host: on.host, view, group, name: on.name, device: device.name }),
  ];
}

/** A bridge as it stands on a host. */
interface BridgeOnHost {
  readonly host: HostName;
  readonly view: HostView | undefined;
  readonly group: Group;
  readonly name: string;
  readonly device: string;
}

/**
 * Where the kernel shows bridged packets to the firewall (br_netfilter: bridge-nf-call-iptables, which a bridge can only turn on for
 * itself and not off), an engine's policy for FORWARD would drop what goes from port to port.
 */
export function acceptBridged(
  resolved: Resolved,
  { host, view, group, name, device }: BridgeOnHost,
): readonly Resource<AcceptSpec>[] {
  const match = ['-i', device, '-o', device];
  const ifKept: AcceptSpec['rules'] = [
    { table: 'filter', chain: 'DOCKER-USER', match, where: 'docker' },
    { table: 'filter', chain: 'FORWARD', match, where: 'closed' },
  ];
  // An engine that filters with iptables keeps rules of IPv4, also one that is still to come; of IPv6 each does something else.
  const kept = view?.facts.engine.is === 'running' && !engineTable(view);
  const rules4: AcceptSpec['rules'] = kept ? [{ table: 'filter', chain: 'DOCKER-USER', match }] : ifKept;
  const at = { host, kind: 'accept', group };
  return [
    makeResource<AcceptSpec>(resolved.name, { ...at, name }, { family: 4, rules: rules4 }),
    makeResource<AcceptSpec>(resolved.name, { ...at, name: `${name} IPv6` }, { family: 6, rules: ifKept }),
  ];
}
