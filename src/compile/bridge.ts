import { bridgeDevice, deviceAlias, hashedMac, resourceId, stretchedAt } from '../core/index.js';
import type { Group, HostName, HostView, Resolved, ResolvedBridge, Resource } from '../core/index.js';
import type { AcceptSpec, AddressSpec, BridgeSpec } from '../kinds/index.js';
import type { BridgeSettings } from '../tools/index.js';
import { engineTable } from './firewall.js';
import { makeResource } from './resource.js';

/** The kernel's own time to keep what a bridge has learned, in hundredths of a second (BR_DEFAULT_AGEING_TIME, linux/if_bridge.h). */
const AGEING = 30_000;

/** A bridge of the file: the device, the host's addresses on it, and that frames on it are not taken for routed packets. `mtu` in bytes. */
export function compileBridge(
  resolved: Resolved,
  on: ResolvedBridge,
  view: HostView | undefined,
  mtu: number,
): readonly Resource[] {
  const group: Group = { is: 'switch', name: on.name };
  const ref = bridgeRef(on.host, on.name);
  const device = { id: ref.id, name: ref.device };
  const { stp, ageing, groupFwdMask, vlanFiltering, addresses } = on;
  const settings = {
    stp,
    ...(ageing !== undefined && { ageing: Math.round(ageing / 10) }),
    groupFwdMask,
    vlanFiltering,
  };
  const at = { host: on.host, group };
  return [
    bridgeResource(resolved, { ...at, name: on.name }, mtu, settings),
    makeResource<AddressSpec>(
      resolved.name,
      { ...at, kind: 'address', name: on.name },
      { device, addresses },
    ),
    ...acceptBridged(resolved, { host: on.host, view, group, name: on.name, device: device.name }),
  ];
}

/** The bridge of a name on a host: its resource, and its device. */
export function bridgeRef(host: HostName, name: string): { readonly id: string; readonly device: string } {
  return { id: resourceId(host, 'bridge', name), device: bridgeDevice(host, name) };
}

/** The bridge that a switch is on a host; of a network stretched over it the engine's. `id`: what must stand before it is one. */
export function switchBridge(
  resolved: Resolved,
  host: HostName,
  name: string,
): { readonly id: string; readonly device: string } {
  const stretched = stretchedAt(resolved, name, host);
  if (!stretched) return bridgeRef(host, name);
  return { id: resourceId(host, 'gateway', name), device: stretched.network.bridge };
}

/** Any bridge of ours: of the file, of a segment on one host, or for one device of a host. What is not said is the kernel's default. */
export function bridgeResource(
  resolved: Resolved,
  at: { readonly host: HostName; readonly name: string; readonly group: Group },
  mtu: number,
  settings: Partial<BridgeSettings> = {},
): Resource<BridgeSpec> {
  const { id, device } = bridgeRef(at.host, at.name);
  return makeResource<BridgeSpec>(
    resolved.name,
    { ...at, kind: 'bridge' },
    {
      topology: resolved.name,
      device,
      mac: hashedMac(`${resolved.name} ${id}`),
      mtu,
      alias: deviceAlias(resolved.name, id),
      stp: false,
      ageing: AGEING,
      groupFwdMask: 0,
      vlanFiltering: false,
      netfilter: false,
      ...settings,
    },
  );
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
