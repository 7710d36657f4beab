import type { Registry, ResourceKind } from '../core/index.js';
import { accept } from './accept.js';
import { address } from './address.js';
import { bridge } from './bridge.js';
import { container, holder } from './container.js';
import { enslave } from './enslave.js';
import { containerFdb, fdb } from './fdb.js';
import { gateway } from './gateway.js';
import { guard } from './guard.js';
export { guardTable } from './guard.js';
import { image } from './image.js';
import { macvlan } from './macvlan.js';
import { names } from './names.js';
import { containerNeighbour, neighbour } from './neighbour.js';
import { network } from './network.js';
import { postStart } from './post-start.js';
import { route } from './route.js';
import { sandbox } from './sandbox.js';
import { sysctl } from './sysctl.js';
import { tap } from './tap.js';
import { tunnel } from './tunnel.js';
import { valePort } from './vale-port.js';
import { vdePlug } from './vde-plug.js';
import { vdeSwitch } from './vde-switch.js';
import { veth } from './veth.js';
import { vlan } from './vlan.js';
import { volume } from './volume.js';
import { vppArp } from './vpp-arp.js';
import { vppDomain } from './vpp-domain.js';
import { vppFib } from './vpp-fib.js';
import { vppHostInterface } from './vpp-host-interface.js';
import { vppLoopback } from './vpp-loopback.js';
import { vppMemif } from './vpp-memif.js';
import { vppTap } from './vpp-tap.js';
import { vppTunnel } from './vpp-tunnel.js';
import { vppUplink } from './vpp-uplink.js';
import { vppVhostUser } from './vpp-vhost-user.js';
import { vxlan } from './vxlan.js';
import { wait } from './wait.js';

export type { AcceptSpec } from './accept-rules.js';
export type { AddressSpec } from './address.js';
export type { BridgeSpec } from './bridge.js';
export type { EnslaveSpec } from './enslave.js';
export { describeLink, isOurs } from './device.js';
export type { ContainerNetwork, ContainerSpec } from './container.js';
export type { FdbSpec } from './fdb.js';
export type { GatewaySpec } from './gateway.js';
export type { GuardSpec } from './guard-rules.js';
export type { ImageSpec } from './image.js';
export { keyedDigest } from './marks.js';
export type { MacvlanSpec } from './macvlan.js';
export type { NamesSpec } from './names.js';
export type { NeighbourSpec } from './neighbour.js';
export type { NetworkSpec } from './network.js';
export type { PlugPlace, PlugSpec } from './plug.js';
export type { PostStartSpec } from './post-start.js';
export type { RouteSpec } from './route.js';
export type { SandboxSpec } from './sandbox.js';
export type { SysctlSpec } from './sysctl.js';
export type { TapSpec } from './tap.js';
export type { TunnelSpec } from './tunnel.js';
export type { ValePortSpec } from './vale-port.js';
export type { VdePlugSpec } from './vde-plug.js';
export type { VdeSwitchSpec } from './vde-switch.js';
export type { VethSpec } from './veth.js';
export type { VlanSpec } from './vlan.js';
export type { VolumeSpec } from './volume.js';
export type { VppArpSpec } from './vpp-arp.js';
export { isLeftDomain } from './vpp-domain.js';
export type { VppDomainSpec } from './vpp-domain.js';
export type { VppFibSpec } from './vpp-fib.js';
export type { VppHostInterfaceSpec } from './vpp-host-interface.js';
export { isMarked } from './vpp-interface.js';
export type { VppLoopbackSpec } from './vpp-loopback.js';
export type { VppMemifSpec } from './vpp-memif.js';
export type { VppPort } from './vpp-port.js';
export type { VppTapSpec } from './vpp-tap.js';
export type { VppTunnelSpec } from './vpp-tunnel.js';
export type { VppUplinkSpec } from './vpp-uplink.js';
export type { VppVhostUserSpec } from './vpp-vhost-user.js';
export type { VxlanSpec } from './vxlan.js';
export type { WaitSpec } from './wait.js';
export type { PlugState } from './plug-read.js';
export type { WireSpec, WireState } from './wire.js';
export { asFound } from './wire-found.js';
export type { PlugChange } from './wire-found.js';

/** Every kind of resource there is; a new one is a line here. */
const all: readonly ResourceKind<unknown, unknown>[] = [
  accept,
  address,
  bridge,
  container,
  containerFdb,
  containerNeighbour,
  enslave,
  fdb,
  gateway,
  guard,
  holder,
  image,
  macvlan,
  names,
  neighbour,
  network,
  postStart,
  route,
  sandbox,
  sysctl,
  tap,
  tunnel,
  valePort,
  vdePlug,
  vdeSwitch,
  veth,
  vlan,
  volume,
  vppArp,
  vppDomain,
  vppFib,
  vppHostInterface,
  vppLoopback,
  vppMemif,
  vppTap,
  vppTunnel,
  vppUplink,
  vppVhostUser,
  vxlan,
  wait,
];

/** All kinds by name. */
export const kinds: Registry = new Map(all.map(kind => [kind.name, kind]));
