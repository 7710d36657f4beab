import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved, Resource } from '../core/index.js';
import { compileBridge } from './bridge.js';
import { crossingsOf } from './crossings.js';
import { deviceObstacles } from './devices.js';
import { spansOf } from './spans.js';
import { compileLink } from './wires.js';

/** What the wires of a topology give, and the switches whose ports they are. */
export interface CompiledLinks {
  readonly resources: readonly Resource[];
  /** Bytes, by switch. */
  readonly mtuOf: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Every link and interface, and the switches that they are on, with what the hosts and the paths between them let through. */
export function compileLinks(resolved: Resolved, views: ReadonlyMap<HostName, HostView>): CompiledLinks {
  const crossings = crossingsOf(resolved, views);
  const spans = spansOf(resolved, views, crossings);
  const around = { resolved, spans, crossings };
  const bridges = switchesOf(resolved, 'bridge');
  return {
    resources: [
      ...bridges.flatMap(on => compileBridge(resolved, on, views.get(on.host), spans.mtuOfSwitch(on.name))),
      ...resolved.links.flatMap(link => compileLink(link, around)),
    ],
    mtuOf: new Map(bridges.map(on => [on.name, spans.mtuOfSwitch(on.name)])),
    diagnostics: [...crossings.diagnostics, ...spans.diagnostics, ...deviceObstacles(resolved, views)],
  };
}
