import type { VppCommand } from './vppctl.js';

/** The name that VPP gives to the interface on a network device of the host. */
export function hostInterfaceName(device: string): string {
  return `host-${device}`;
}

/**
 * Takes a network device of the host as an interface. Where one of that name is there already, only its name is said and nothing is done, even if
 * its device is another by now: so it is deleted before. The MAC is what tells it from a foreign one while it has no tag.
 */
export function createHostInterface(device: string, mac: string): readonly VppCommand[] {
  return [
    deleteHostInterface(device),
    {
      words: ['create', 'host-interface', 'name', device, 'hw-addr', mac],
      says: hostInterfaceName(device),
    },
  ];
}

/** Says nothing, also where there is none. It leaves the device down. */
export function deleteHostInterface(device: string): VppCommand {
  return { words: ['delete', 'host-interface', 'name', device] };
}

/** The name that VPP gives to a loopback. */
export function loopbackName(instance: number): string {
  return `loop${instance}`;
}

/** Makes an interface of VPP's own. Instances are 0 to 16383. */
export function createLoopback(instance: number, mac: string): VppCommand {
  const words = ['create', 'loopback', 'interface', 'mac', mac, 'instance', instance];
  return { words, says: loopbackName(instance) };
}

/** By its name. */
export function deleteLoopback(name: string): VppCommand {
  return { words: ['delete', 'loopback', 'interface', 'intfc', name] };
}

/** The name that VPP gives to a tap. */
export function vppTapName(number: number): string {
  return `tap${number}`;
}

/** Makes a tap, up, as `device` of VPP's own network namespace; one that stands there already gets a second holder, and no longer works (seen). */
export function createVppTap(number: number, mac: string, device: string): VppCommand {
  const words = ['create', 'tap', 'id', number, 'hw-addr', mac, 'host-if-name', device];
  return { words, says: vppTapName(number) };
}

/** By its name. The tap goes along, wherever it is. */
export function deleteVppTap(name: string): VppCommand {
  return { words: ['delete', 'tap', name] };
}

/** A VXLAN tunnel of VPP's own: instance and all that frames are told by. */
export interface VppTunnelWords {
  readonly local: string;
  readonly remote: string;
  readonly vni: number;
}

/** The name that VPP gives to a tunnel. */
export function vppTunnelName(instance: number): string {
  return `vxlan_tunnel${instance}`;
}

/** Makes a tunnel whose frames go to a bridge domain; it is up from the begin. */
export function createVppTunnel(tunnel: VppTunnelWords, instance: number): VppCommand {
  const words = [...tunnelWords(tunnel), 'instance', instance, 'decap-next', 'l2'];
  return { words, says: vppTunnelName(instance) };
}

/** By what it is between, not by its name. */
export function deleteVppTunnel(tunnel: VppTunnelWords): VppCommand {
  return { words: [...tunnelWords(tunnel), 'del'] };
}

function tunnelWords({ local, remote, vni }: VppTunnelWords): readonly (string | number)[] {
  return ['create', 'vxlan', 'tunnel', 'src', local, 'dst', remote, 'vni', vni];
}

/** Writes the tag of an interface, or clears it. */
export function setVppTag(name: string, tag: string | undefined): VppCommand {
  return tag === undefined
    ? { words: ['clear', 'interface', 'tag', name] }
    : { words: ['set', 'interface', 'tag', name, tag] };
}

/** Up or down. Of a host-interface its network device goes along. */
export function setVppState(name: string, up: boolean): VppCommand {
  return { words: ['set', 'interface', 'state', name, up ? 'up' : 'down'] };
}

/** Bytes of a packet that VPP itself sends; of what it bridges VPP looks at no MTU. */
export function setVppMtu(name: string, mtu: number): VppCommand {
  return { words: ['set', 'interface', 'mtu', 'packet', mtu, name] };
}

/** Calls an interface otherwise; nothing keeps two from having one name. */
export function setVppName(name: string, wanted: string): VppCommand {
  return { words: ['set', 'interface', 'name', name, wanted] };
}

/** How an interface is a port of a domain. */
export interface VppMembership {
  readonly domain: number;
  /** Its split-horizon group, 0 for none. */
  readonly group: number;
  readonly bvi: boolean;
}

/** Makes an interface a port. One that was a port otherwise is to leave first, else it may be left out of floods. */
export function joinDomain(name: string, { domain, group, bvi }: VppMembership): VppCommand {
  const role = [...(bvi ? ['bvi'] : []), ...(group === 0 ? [] : [group])];
  return { words: ['set', 'interface', 'l2', 'bridge', name, domain, ...role] };
}

/** Makes an interface a port of nothing. */
export function leaveDomain(name: string): VppCommand {
  return { words: ['set', 'interface', 'l3', name] };
}

/** Gives an interface an address, with length; one that it has already is refused. */
export function addVppAddress(name: string, address: string): VppCommand {
  return { words: ['set', 'interface', 'ip', 'address', name, address] };
}

/** Not to be asked for twice. */
export function deleteVppAddress(name: string, address: string): VppCommand {
  return { words: ['set', 'interface', 'ip', 'address', 'del', name, address] };
}
