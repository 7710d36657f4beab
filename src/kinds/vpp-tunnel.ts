import type { Claim, VppTunnel } from '../core/index.js';
import { createVppTunnel, deleteVppTunnel, type VppTunnelWords } from '../tools/index.js';
import { changed } from './fields.js';
import { vppInterfaceKind, type VppInterfaceSpec } from './vpp-interface.js';

/** A VXLAN (RFC 7348) of VPP's own to one other host. */
export interface VppTunnelSpec extends VppInterfaceSpec, VppTunnelWords {
  readonly instance: number;
}

/** Its instance is always given: one that VPP chooses can be that of another. */
export const vppTunnel = vppInterfaceKind<VppTunnelSpec, VppTunnel | undefined>({
  name: 'vpp_tunnel',
  noun: 'VPP tunnel',
  after: ['vpp_domain'],
  names: /^vxlan_tunnel\d+$/,
  more: ({ index }, { tunnels }) => tunnels.find(t => t.index === index),
  isOwn: (spec, _, tunnel) => tunnel !== undefined && differences(spec, tunnel).length === 0,
  fixed: (spec, _, tunnel) => (tunnel ? differences(spec, tunnel) : []),
  claims: spec => [claim(spec)],
  holds: (_, tunnel) => (tunnel ? [claim(tunnel)] : []),
  create: spec => [createVppTunnel(spec, spec.instance)],
  remove: (_, tunnel) => (tunnel ? [deleteVppTunnel(tunnel)] : []),
});

function claim({ local, remote, vni }: VppTunnelWords): Claim {
  return `VPP tunnel ${local} to ${remote}, VNI ${vni}`;
}

function differences(want: VppTunnelWords, have: VppTunnel): ReturnType<typeof changed> {
  return (['local', 'remote', 'vni'] as const).flatMap(field => changed(field, have[field], want[field]));
}
