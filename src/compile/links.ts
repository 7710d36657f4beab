import { portedSwitches, resourceId, switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Resolved,
  ResolvedEnd,
  Resource,
  ResourceId,
} from '../core/index.js';
import type { UserspacePort } from '../tools/index.js';
import { compileBridge } from './bridge.js';
import { crossingsOf } from './crossings.js';
import { deviceObstacles } from './devices.js';
import { holderId } from './holder.js';
import { impairObstacles } from './impairment.js';
import { joinedDevice, ownerOf, plugsOf } from './plugs.js';
import { compileSegment } from './segment.js';
import { rings } from './rings.js';
import { spansOf } from './spans.js';
import { unanswering } from './suppression.js';
import { valeObstacles } from './vale-obstacles.js';
import { compileVde } from './vde.js';
import { vdeObstacles } from './vde-obstacles.js';
import { compileVlans, vlanObstacles } from './vlans.js';
import { compileVpp } from './vpp.js';
import { userspacePorts } from './userspace.js';
import { vppObstacles } from './vpp-obstacles.js';
import { compileLink } from './wires.js';

/** What the wires of a topology give, and the switches whose ports they are. */
export interface CompiledLinks {
  readonly resources: readonly Resource[];
  /** Bytes, by switch. */
  readonly mtuOf: ReadonlyMap<string, number>;
  /** By segment: what must stand on a host before a container of a network stretched over it may start there. */
  readonly readyOn: (host: HostName) => ReadonlyMap<string, readonly ResourceId[]>;
  /** The wires that end in a container, and what makes them ports: they are there before it counts as healthy, and before anything is run in it. */
  readonly pluggedIn: (container: ResourceId) => readonly ResourceId[];
  /** The names of their devices in a namespace, by the container that has it: a holder, or a service's own. */
  readonly devicesIn: (owner: ResourceId) => readonly string[];
  /** The ports that the VPP of a container has. */
  readonly sharedBy: (replica: string) => readonly UserspacePort[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every link and interface, and the switches that they are on, with what the hosts and the paths between them let through. */
export function compileLinks(resolved: Resolved, views: ReadonlyMap<HostName, HostView>): CompiledLinks {
  const crossings = crossingsOf(resolved, views);
  const spans = spansOf(resolved, views, crossings);
  const around = { resolved, views, spans, crossings };
  const bridges = switchesOf(resolved, 'bridge');
  const segments = switchesOf(resolved, 'segment');
  const spread = segments.map(
    on => [on.name, compileSegment(resolved, on, views, spans.mtuOfSwitch(on.name))] as const,
  );
  const made = resolved.links.map(link => {
    const own = compileLink(link, around).map(resource => ({ ...resource, link: link.name }));
    return { link, own };
  });
  const wires = made.flatMap(({ link, own }) => [...own, ...compileVlans(resolved, link, own)]);
  return {
    resources: [
      ...spread.flatMap(([, resources]) => resources),
      ...bridges.flatMap(on => compileBridge(resolved, on, views.get(on.host), spans.mtuOfSwitch(on.name))),
      ...switchesOf(resolved, 'vde').flatMap(on => compileVde(resolved, on, views.get(on.host))),
      ...wires,
      ...switchesOf(resolved, 'vpp').flatMap(on =>
        compileVpp(resolved, on, views, spans.mtuOfSwitch(on.name), wires),
      ),
    ],
    mtuOf: new Map(portedSwitches(resolved).map(on => [on.name, spans.mtuOfSwitch(on.name)])),
    readyOn: host =>
      new Map(
        spread.map(([name, resources]) => [
          name,
          resources.filter(r => r.host === host && r.kind === 'vxlan').map(r => r.id),
        ]),
      ),
    pluggedIn: container => {
      const owners = new Set([container, holderId(container)]);
      const into = wires.filter(wire => plugsOf(wire).some(plug => owners.has(ownerOf(plug) ?? '')));
      const ids = new Set(into.map(wire => wire.id));
      const shared = made.filter(({ link }) => link.ends.some(end => sharesWith(end, container)));
      return [
        ...wires.filter(r => ids.has(r.id) || ids.has(joinedDevice(r) ?? '')),
        ...shared.flatMap(({ own }) => own),
      ].map(r => r.id);
    },
    devicesIn: owner =>
      wires.flatMap(plugsOf).flatMap(plug => (ownerOf(plug) === owner ? [plug.device] : [])),
    sharedBy: replica => userspacePorts(resolved, replica, spans.mtuOf),
    diagnostics: [
      ...crossings.diagnostics,
      ...spans.diagnostics,
      ...deviceObstacles(resolved, views),
      ...rings(resolved, views),
      ...unanswering(resolved, views),
      ...valeObstacles(resolved, views),
      ...vlanObstacles(resolved, views),
      ...impairObstacles(resolved, made, views),
      ...vppObstacles(resolved, views, spans),
      ...vdeObstacles(resolved, views),
    ],
  };
}

/** Whether an end is memory that a container shares. */
function sharesWith(end: ResolvedEnd, container: ResourceId): boolean {
  if (end.is !== 'service' || !end.shared) return false;
  return resourceId(end.host, 'container', end.replica) === container;
}
