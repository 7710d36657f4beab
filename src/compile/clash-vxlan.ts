import { topologyOfMark } from '../core/index.js';
import type { Diagnostic, EngineNetwork, HostName, HostView, Link, Resolved } from '../core/index.js';
import { describeLink, isOurs } from '../kinds/index.js';
import { placeOf, titleOf } from './clash-words.js';
import { everywhere } from './everywhere.js';

/** A switch with a `vxlan<VNI>` on each of its hosts. */
interface Tunnelled {
  readonly name: string;
  readonly vni: number;
  readonly port: number;
  readonly hosts: readonly HostName[];
}

/** What of a host is in the way of a VXLAN switch's device: of its name, its VNI or its UDP port. */
export function vxlanClashes(
  resolved: Resolved,
  vxlan: Tunnelled,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return vxlan.hosts.flatMap(host => {
    const view = views.get(host);
    if (!view) return [];
    return [
      ...vniHolders(view, vxlan).map(holder => vniTaken(resolved, vxlan, host, holder)),
      ...nameHolders(resolved, view, vxlan).map(link => nameTaken(resolved, vxlan, host, link)),
      ...portHolders(view, vxlan.port).map(holder => portTaken(resolved, vxlan, host, holder)),
      ...(sharesWithSwarm(view, vxlan.port) ? [shared(resolved, vxlan, host)] : []),
    ];
  });
}

/** What has something, and what would free it. */
interface Holder {
  readonly who: string;
  readonly remedy: string;
}

/** A (VNI, UDP port) exists once in a network namespace, wherever its device went from there. */
function vniHolders(view: HostView, { vni, port }: Tunnelled): readonly Holder[] {
  const devices = everywhere(view).filter(
    l => isVxlanOn(l, port) && l.data['id'] === vni && l.name !== `vxlan${vni}`,
  );
  const hidden = sharesWithSwarm(view, port)
    ? view.inventory.networks.filter(n => vnisOf(n).includes(vni))
    : [];
  return [
    ...devices.map(l => {
      const whose = topologyOfMark(l.alias);
      const who = whose === undefined ? `device ${l.name}` : `topology ${whose}'s device ${l.name}`;
      return { who, remedy: 'remove that device' };
    }),
    ...hidden.map(({ name }) => ({
      who: `network ${name} of the engine's swarm`,
      remedy: 'remove that network',
    })),
  ];
}

function isVxlanOn(link: Link, port: number): boolean {
  return link.kind === 'vxlan' && link.data['port'] === port;
}

/** The engine moves a swarm network's device to a namespace of its own; the list of networks still tells its VNI. */
function vnisOf({ driver, options }: EngineNetwork): readonly number[] {
  const list = options['com.docker.network.driver.overlay.vxlanid_list'] ?? '';
  return driver === 'overlay' && list !== '' ? list.split(',').map(Number) : [];
}

function vniTaken(resolved: Resolved, vxlan: Tunnelled, host: HostName, { who, remedy }: Holder): Diagnostic {
  return {
    severity: 'error',
    code: 'vni.taken',
    host,
    ...placeOf(resolved, ['switches', vxlan.name, 'vni']),
    summary: `VNI ${vxlan.vni} on UDP port ${vxlan.port} is held by ${who}`,
    hint: `give switch ${vxlan.name} another \`vni\` or \`port\`, or ${remedy}`,
  };
}

function nameHolders(resolved: Resolved, view: HostView, vxlan: Tunnelled): readonly Link[] {
  return view.inventory.links.filter(l => l.name === `vxlan${vxlan.vni}` && !isOurs(l, resolved.name));
}

function nameTaken(resolved: Resolved, vxlan: Tunnelled, host: HostName, link: Link): Diagnostic {
  return {
    severity: 'error',
    code: 'vni.taken',
    host,
    ...placeOf(resolved, ['switches', vxlan.name, 'vni']),
    summary: `the name ${link.name} is held by ${describeLink(link)}`,
    hint: `give switch ${vxlan.name} another \`vni\`, which its devices are named after, or remove that one`,
  };
}

/** What `ip -d -j` calls the modes in which a device reads frames otherwise than ours do. */
const OTHER_MODES = ['external', 'gbp', 'gpe', 'remcsum_rx', 'udp_zero_csum6_rx', 'vnifilter'];

/**
 * Devices of one port share the kernel's socket, which belongs to no process; but only those that read frames alike: beside another mode
 * ours would not come up ("Address already in use", seen with external and gbp). A program's socket is shared with nobody.
 */
function portHolders({ inventory }: HostView, port: number): readonly Holder[] {
  const processes = inventory.udp.filter(u => u.port === port && u.process !== '').map(titleOf);
  const devices = inventory.links.flatMap(link => {
    const modes = isVxlanOn(link, port) ? OTHER_MODES.filter(mode => link.data[mode] === true) : [];
    if (modes.length === 0) return [];
    return [{ who: `device ${link.name} alone (${modes.join(', ')})`, remedy: 'remove that device' }];
  });
  return [...[...new Set(processes)].map(who => ({ who, remedy: 'stop that process' })), ...devices];
}

function portTaken(
  resolved: Resolved,
  vxlan: Tunnelled,
  host: HostName,
  { who, remedy }: Holder,
): Diagnostic {
  return {
    severity: 'error',
    code: 'port.taken',
    host,
    ...placeOf(resolved, ['switches', vxlan.name, 'port']),
    summary: `UDP port ${vxlan.port}, which switch ${vxlan.name} uses, is held by ${who}`,
    hint: `give switch ${vxlan.name} another \`port\`, or ${remedy}`,
  };
}

/** A worker does not know the port of its swarm; that it is this one shows by a socket of the kernel that no device here explains. */
function sharesWithSwarm({ facts, inventory }: HostView, port: number): boolean {
  const swarm = facts.engine.is === 'running' ? facts.engine.swarm : undefined;
  if (!swarm) return false;
  if (swarm.port !== undefined) return swarm.port === port;
  return (
    inventory.udp.some(u => u.port === port && u.process === '') &&
    !inventory.links.some(l => isVxlanOn(l, port))
  );
}

/** Seen on 20.10: both work side by side with different VNIs. */
function shared(resolved: Resolved, vxlan: Tunnelled, host: HostName): Diagnostic {
  return {
    severity: 'warning',
    code: 'port.shared',
    host,
    ...placeOf(resolved, ['switches', vxlan.name, 'port']),
    summary: `UDP port ${vxlan.port}, which switch ${vxlan.name} uses, also carries the data of the engine's swarm`,
    hint: `give switch ${vxlan.name} another \`port\` where the two must never meet: swarm takes VNIs from 4096 on as it likes`,
  };
}
