import { replicaName } from '../core/index.js';
import type {
  DocPath,
  EndDeclaration,
  EndPoint,
  HostName,
  InterfaceDeclaration,
  SwitchDeclaration,
  VxlanDeclaration,
} from '../core/index.js';
import { valueAt } from './at.js';
import { isMap } from './blocks.js';
import { checkDeviceEnds } from './device-ends.js';
import type { Finding } from './finding.js';
import { checkPlugAddresses } from './plug-address.js';
import type { Plug } from './plug-address.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';
import { checkVdeGateways } from './vde-gateways.js';
import { checkVde } from './vde-rules.js';

/** Interfaces and ends of links: what they are on, their names, and their addresses. */
export function checkPlugs(sight: Sight): readonly Finding[] {
  const plugs = plugsOf(sight);
  return [
    ...sight.topology.links.flatMap(link => checkEnds(sight, link.ends, link.path)),
    ...interfacesOf(sight).flatMap(one => checkSwitch(sight, one)),
    ...checkDeviceEnds(sight),
    ...doubledNames(sight, plugs),
    ...checkModes(sight, plugs),
    ...checkPlugAddresses(sight, plugs),
    ...checkVde(sight, plugs),
    ...checkVdeGateways(sight, plugs),
  ];
}

function interfacesOf({
  topology,
}: Sight): readonly { stack: string; service: string; plug: InterfaceDeclaration }[] {
  return Object.entries(topology.stacks).flatMap(([stack, { services }]) =>
    Object.entries(services).flatMap(([service, { interfaces }]) =>
      interfaces.map(plug => ({ stack, service, plug })),
    ),
  );
}

function plugsOf(sight: Sight): readonly Plug[] {
  const linked = sight.topology.links.flatMap(({ ends: [a, b] }) => [
    plugAt(sight, a, b),
    plugAt(sight, b, a),
  ]);
  return [...interfacesOf(sight).map(one => ({ ...one, on: one.plug.switch })), ...linked.flat()];
}

function plugAt({ topology }: Sight, end: EndDeclaration, other: EndDeclaration): readonly Plug[] {
  if (end.at.is !== 'service') return [];
  const { stack, service, n: number = 1 } = end.at;
  const on =
    other.at.is === 'named' && Object.hasOwn(topology.switches, other.at.name) ? other.at.name : undefined;
  return [{ stack, service, number, plug: end, ...(on !== undefined && { on }) }];
}

/** A port needs a switch that has ports, on the container's own host: a link can lead elsewhere. */
function checkSwitch(
  sight: Sight,
  { stack, service, plug }: { stack: string; service: string; plug: InterfaceDeclaration },
): readonly Finding[] {
  const on = sight.topology.switches[plug.switch];
  const path = [...plug.path, 'switch'];
  if (on?.kind === 'vxlan') return [routed(sight, plug.switch, path)];
  const host = sight.topology.stacks[stack]?.host;
  const hosts = on && hostsOn(on);
  if (!hosts || host === undefined || hosts.includes(host)) return [];
  const summary = `switch "${plug.switch}" is on ${hosts.join(', ')}, and ${stack}/${service} is on ${host}`;
  const hint =
    on?.kind === 'segment' || on?.kind === 'vpp'
      ? `add ${host} to its hosts`
      : `a link reaches it through a tunnel: links: [[${stack}/${service}, ${plug.switch}]]; or make it kind: vxlan with mode: l2`;
  return [clash(sight, 'switch.elsewhere', summary, path, { hint })];
}

function hostsOn(on: Exclude<SwitchDeclaration, VxlanDeclaration>): readonly HostName[] | undefined {
  switch (on.kind) {
    case 'bridge':
    case 'vde':
    case 'vale':
      return [on.host];
    case 'segment':
      return on.hosts;
    case 'vpp':
      return on.hosts.map(h => h.host);
  }
}

function routed(sight: Sight, name: string, path: DocPath): Finding {
  const summary = `switch "${name}" is a VXLAN of mode routed, which has no ports`;
  return clash(sight, 'switch.kind', summary, path, {
    hint: 'networks are on it by `fabric`; mode: l2 has ports',
  });
}

function checkEnds(sight: Sight, ends: readonly EndDeclaration[], path: DocPath): readonly Finding[] {
  const { switches, hosts } = sight.topology;
  const wrong = ends.flatMap(({ at, path: where }): readonly Finding[] => {
    const spot = isMap(valueAt(sight.root, where)) ? [...where, 'at'] : where;
    if (at.is === 'service') return checkReplica(sight, at, spot);
    const on = switches[at.name];
    if (on?.kind === 'vxlan') return [routed(sight, at.name, spot)];
    if (on || at.port !== undefined || !Object.hasOwn(hosts, at.name)) return [];
    const summary = `"${at.name}" is a host: an end is one of its devices`;
    return [clash(sight, 'end.device', summary, spot, { hint: `such as "${at.name}:eth1"` })];
  });
  const [a, b] = ends.map(nameOf);
  if (a === undefined || a !== b) return wrong;
  return [...wrong, clash(sight, 'link.self', `both ends of the link are ${a}`, path)];
}

/** A link ends in one container: of several the file says which. */
function checkReplica(
  sight: Sight,
  { stack, service, n }: Extract<EndPoint, { is: 'service' }>,
  path: DocPath,
): readonly Finding[] {
  const count = sight.topology.stacks[stack]?.services[service]?.replicas ?? 1;
  const which = `${stack}/${service}`;
  if (n === undefined && count > 1) {
    const summary = `${which} has ${count} containers: a link ends in one of them`;
    return [clash(sight, 'replicas.which', summary, path, { hint: `such as ${which}#1` })];
  }
  if ((n ?? 1) <= count) return [];
  const has = count === 0 ? 'none' : count;
  return [clash(sight, 'name.unknown', `there is no container ${n ?? 1} of ${which}: it has ${has}`, path)];
}

/** What an end is, where it is one thing: containers without the name of a device can have several. */
function nameOf({ at, name }: EndDeclaration): string | undefined {
  if (at.is === 'named') return at.port === undefined ? at.name : `${at.name}:${at.port}`;
  return name === undefined ? undefined : `${replicaName(at.stack, at.service, at.n ?? 1)}:${name}`;
}

function doubledNames(sight: Sight, plugs: readonly Plug[]): readonly Finding[] {
  const seen = new Map<string, DocPath>();
  return plugs.flatMap(({ stack, service, number, plug }): readonly Finding[] => {
    if (plug.name === undefined) return [];
    const one = `${stack}/${service}#${number ?? 'all'}:${plug.name}`;
    const other = seen.get(`${stack}/${service}#all:${plug.name}`) ?? seen.get(one);
    if (other === undefined) seen.set(one, plug.path);
    if (other === undefined) return [];
    const summary = `${stack}/${service} has a device ${plug.name} already`;
    return [clash(sight, 'interface.twice', summary, plug.path, { other })];
  });
}

/** A container that shares another's namespace, or the host's, has no devices of its own. */
function checkModes(sight: Sight, plugs: readonly Plug[]): readonly Finding[] {
  return plugs.flatMap(({ stack, service, plug }): readonly Finding[] => {
    const declared = sight.topology.stacks[stack]?.services[service];
    const mode = declared?.settings.networkMode ?? '';
    const shared = /^(host$|service:|container:)/.test(mode);
    if (shared) {
      const summary = `${stack}/${service} has network_mode: ${mode}, and so no network devices of its own`;
      return [
        clash(sight, 'key.conflict', summary, plug.path, {
          hint: 'plug in the one whose namespace it is in',
        }),
      ];
    }
    if (!declared || declared.ports.length === 0 || declared.networks !== undefined || mode !== '') return [];
    const path = ['stacks', stack, 'services', service, 'ports'];
    const summary = `${stack}/${service} publishes ports and is on no Docker network: one with interfaces or links is on those that it names`;
    return [clash(sight, 'key.conflict', summary, path, { hint: 'add networks: [default]', at: 'key' })];
  });
}
