import { ETHERNET_MTU, portedSwitches, switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  ResolvedVde,
} from '../core/index.js';
import { placeOf } from './clash-words.js';
import { hostPairs } from './crossings.js';
import type { Crossing, Crossings } from './crossings.js';
import { hostsOfLink } from './link-hosts.js';
import type { MtuLimit } from './mtu.js';
import { frameLimit } from './netmap.js';
import { standingMtu, standingTunnel } from './standing.js';
import { vppLimits } from './vpp-underlay.js';

/** What fits through the wires of a topology. */
export interface Spans {
  /** Bytes, for the n-th end of a link. */
  readonly mtuOf: (link: ResolvedLink, end: 0 | 1) => number;
  /** Bytes, by switch. */
  readonly mtuOfSwitch: (name: string) => number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A switch forwards nothing that is larger than what leaves it, and says nothing: so whatever is joined by switches and links has
 * one MTU, that of the narrowest tunnel or device in it, unless the file says less. More is an error.
 */
export function spansOf(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
  { between }: Crossings,
): Spans {
  const spans = joined(resolved);
  const limits = new Map<string, MtuLimit>();
  for (const link of resolved.links)
    for (const limit of limitsOf(resolved, views, link, between))
      lower(limits, spans(nodeOf(link.ends[0], link)), limit);
  for (const on of switchesOf(resolved, 'vde')) lower(limits, spans(`switch ${on.name}`), vdeLimit(on));
  for (const on of switchesOf(resolved, 'segment'))
    for (const [a, b] of hostPairs(on))
      for (const limit of [
        ...tunnelLimit(a, b, between),
        ...standingLimit(views, [a, b], view => standingMtu(resolved, view, `vxlan${on.vni}`)),
      ])
        lower(limits, spans(`switch ${on.name}`), limit);
  for (const on of switchesOf(resolved, 'vpp'))
    for (const limit of vppLimits(resolved, on, views)) lower(limits, spans(`switch ${on.name}`), limit);
  for (const { name, host } of switchesOf(resolved, 'vale'))
    for (const limit of bufferLimit(views.get(host))) lower(limits, spans(`switch ${name}`), limit);
  const declared = new Map(
    portedSwitches(resolved).flatMap(s => (s.mtu === undefined ? [] : [[s.name, s.mtu] as const])),
  );
  const limitOf = (node: string): number =>
    Math.min(ETHERNET_MTU, limits.get(spans(node))?.bytes ?? Infinity);
  const mtuOfSwitch = (name: string): number => declared.get(name) ?? limitOf(`switch ${name}`);
  const ownMtu = (link: ResolvedLink, n: 0 | 1): number | undefined =>
    link.ends[n].mtu ?? link.ends.flatMap(e => (e.is === 'switch' ? (declared.get(e.switch) ?? []) : []))[0];
  return {
    mtuOf: (link, n) => ownMtu(link, n) ?? limitOf(nodeOf(link.ends[n], link)),
    mtuOfSwitch,
    diagnostics: tooLarge(resolved, node => limits.get(spans(node))),
  };
}

function limitsOf(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
  link: ResolvedLink,
  between: (a: HostName, b: HostName) => Crossing,
): readonly MtuLimit[] {
  const [a, b] = hostsOfLink(resolved, link);
  const tunnel =
    a === b
      ? []
      : [
          ...tunnelLimit(a, b, between),
          ...standingLimit(views, [a, b], view => standingTunnel(resolved, view, view.host, link.name)?.mtu),
        ];
  const devices = link.ends.flatMap((end): readonly MtuLimit[] => {
    if (end.is !== 'device') return [];
    const mtu = views.get(end.host)?.inventory.links.find(l => l.name === end.device)?.mtu;
    return mtu === undefined
      ? []
      : [{ bytes: mtu, host: end.host, by: `${end.device} of ${end.host} has ${mtu}` }];
  });
  return [...tunnel, ...devices];
}

function vdeLimit({ name, host }: ResolvedVde): MtuLimit {
  return {
    bytes: ETHERNET_MTU,
    host,
    by: `vde_switch, which ${name} is, drops what is larger, and says nothing`,
  };
}

function tunnelLimit(
  a: HostName,
  b: HostName,
  between: (a: HostName, b: HostName) => Crossing,
): readonly MtuLimit[] {
  const { carries, narrowest } = between(a, b);
  if (carries === undefined || !narrowest) return [];
  const by = `the path from ${narrowest.host} to ${narrowest.peer} leaves ${carries} bytes beside the headers of VXLAN`;
  return [{ bytes: carries, host: a, by }];
}

/** A frame is in one buffer of netmap's, whole. */
function bufferLimit(view: HostView | undefined): readonly MtuLimit[] {
  const module = view?.inventory.vale?.module;
  if (!module) return [];
  const by = `netmap's buffers there have ${module.bufSize} bytes (buf_size, which is set while nothing is attached)`;
  return [{ bytes: frameLimit(module), host: view.host, by }];
}

/** Between hosts of which one was not read what is in use stays: `mtuOn` tells it of the device that is there. */
function standingLimit(
  views: ReadonlyMap<HostName, HostView>,
  pair: readonly [HostName, HostName],
  mtuOn: (view: HostView) => number | undefined,
): readonly MtuLimit[] {
  if (pair.every(host => views.has(host))) return [];
  return pair.flatMap(host => {
    const view = views.get(host);
    const bytes = view && mtuOn(view);
    return bytes === undefined ? [] : [{ bytes, host, by: `the device that is there has ${bytes}` }];
  });
}

function lower(limits: Map<string, MtuLimit>, span: string, limit: MtuLimit): void {
  const known = limits.get(span);
  if (!known || limit.bytes < known.bytes) limits.set(span, limit);
}

function tooLarge(
  resolved: Resolved,
  limitOf: (node: string) => MtuLimit | undefined,
): readonly Diagnostic[] {
  const told = (
    what: string,
    mtu: number | undefined,
    node: string,
    path: readonly (string | number)[],
  ): readonly Diagnostic[] => {
    const limit = limitOf(node);
    if (mtu === undefined || !limit || mtu <= limit.bytes) return [];
    return [
      {
        severity: 'error',
        code: 'mtu.path',
        host: limit.host,
        ...placeOf(resolved, [...path, 'mtu']),
        summary: `an MTU of ${mtu} does not fit ${what}: ${limit.by}`,
        hint: `${limit.bytes} or less does, which is what it gets where the file says nothing`,
      },
    ];
  };
  return [
    ...portedSwitches(resolved).flatMap(s =>
      told(`switch ${s.name}`, s.mtu, `switch ${s.name}`, ['switches', s.name]),
    ),
    ...resolved.links.flatMap(link => {
      const [a, b] = link.ends;
      // What the link says for both is told once.
      const said = a.mtu === b.mtu ? [{ ...a, path: link.path }] : link.ends;
      return said.flatMap(end => told(`link ${link.name}`, end.mtu, nodeOf(end, link), end.path));
    }),
  ];
}

/** Names the span that anything is in. Ends in containers end one: a container is no switch. */
function joined(resolved: Resolved): (node: string) => string {
  const parents = new Map<string, string>();
  const root = (node: string): string => {
    const way: string[] = [];
    for (let above = parents.get(node); above !== undefined; above = parents.get(node)) {
      way.push(node);
      node = above;
    }
    for (const below of way) parents.set(below, node);
    return node;
  };
  for (const link of resolved.links) {
    const [a, b] = link.ends.map(end => root(nodeOf(end, link)));
    if (a !== b) parents.set(a!, b!);
  }
  return root;
}

function nodeOf(end: ResolvedEnd, link: ResolvedLink): string {
  if (end.is === 'switch') return `switch ${end.switch}`;
  return end.is === 'device' ? `device ${end.host}:${end.device}` : `link ${link.name}`;
}
