import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved, Resource, ResourceId } from '../core/index.js';
import type { PlugSpec } from '../kinds/index.js';
import { compileBridge } from './bridge.js';
import { crossingsOf } from './crossings.js';
import { deviceObstacles } from './devices.js';
import { compileSegment } from './segment.js';
import { spansOf } from './spans.js';
import { compileLink } from './wires.js';

/** What the wires of a topology give, and the switches whose ports they are. */
export interface CompiledLinks {
  readonly resources: readonly Resource[];
  /** Bytes, by switch. */
  readonly mtuOf: ReadonlyMap<string, number>;
  /** The wires that end in a container: they are there before it counts as healthy, and before anything is run in it. */
  readonly pluggedIn: (container: ResourceId) => readonly ResourceId[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every link and interface, and the switches that they are on, with what the hosts and the paths between them let through. */
export function compileLinks(resolved: Resolved, views: ReadonlyMap<HostName, HostView>): CompiledLinks {
  const crossings = crossingsOf(resolved, views);
  const spans = spansOf(resolved, views, crossings);
  const around = { resolved, views, spans, crossings };
  const bridges = switchesOf(resolved, 'bridge');
  const segments = switchesOf(resolved, 'segment');
  const wires = resolved.links.flatMap(link => compileLink(link, around));
  return {
    resources: [
      ...segments.flatMap(on => compileSegment(resolved, on, views, spans.mtuOfSwitch(on.name))),
      ...bridges.flatMap(on => compileBridge(resolved, on, views.get(on.host), spans.mtuOfSwitch(on.name))),
      ...wires,
    ],
    mtuOf: new Map([...bridges, ...segments].map(on => [on.name, spans.mtuOfSwitch(on.name)])),
    pluggedIn: container => wires.filter(wire => endsIn(wire.spec, container)).map(wire => wire.id),
    diagnostics: [...crossings.diagnostics, ...spans.diagnostics, ...deviceObstacles(resolved, views)],
  };
}

function endsIn(spec: unknown, container: ResourceId): boolean {
  const { plugs = [] } = spec as { plugs?: readonly PlugSpec[] };
  return plugs.some(({ place }) => place.is === 'container' && place.id === container);
}
