import { markPrefix, topologyOfMark, valeName } from '../core/index.js';
import type { Diagnostic, DocPath, HostView, NetmapModule, Resolved, ValePort } from '../core/index.js';
import { placeOf } from './clash-words.js';
import type { ValeAttached } from './vale.js';

/** Ports of a switch, a host stack's own among them (`bridge full 252`, seen). */
const PORTS = 252;

/** Rings that are kept back, as measured: with 200 of them 48 devices can be attached, which need 4 each. */
const RESERVED_RINGS = 8;

/** Buffers that are kept back: the last ring of the device that did not fit any more got all but two (seen). */
const RESERVED_BUFFERS = 2;

/** What is too much for netmap: its switches, their ports, its memory and the size of its buffers. It says `Cannot allocate memory` to nearly all. */
export function overfull(
  resolved: Resolved,
  view: HostView,
  attached: readonly ValeAttached[],
): readonly Diagnostic[] {
  const { module, ports } = view.inventory.vale!;
  const foreign = foreignPorts(resolved, view, ports);
  const told = (path: DocPath, found: Pick<Diagnostic, 'code' | 'summary' | 'hint'>): Diagnostic => ({
    severity: 'error',
    host: view.host,
    ...placeOf(resolved, path),
    ...found,
  });
  return [
    ...tooManySwitches(module, foreign, attached).map(([path, found]) => told(path, found)),
    ...tooManyPorts(foreign, attached).map(([path, found]) => told(path, found)),
    ...tooManyDevices(module, foreign, attached).map(([path, found]) => told(path, found)),
    ...sharedSwitches(resolved, view, foreign, attached).map(([path, found]) => told(path, found)),
  ];
}

type Wrong = readonly [DocPath, Pick<Diagnostic, 'code' | 'summary' | 'hint'>];

/** What somebody else has attached: neither by the mark of its device nor by what was written down is it this topology's. */
function foreignPorts(
  { name }: Resolved,
  { inventory }: HostView,
  ports: readonly ValePort[],
): readonly ValePort[] {
  const records = new Set(inventory.vale!.records.map(r => `${r.switch}:${r.device}`));
  const own = new Set(inventory.links.filter(l => l.alias.startsWith(markPrefix(name))).map(l => l.name));
  return ports.filter(p => !records.has(`${p.switch}:${p.device}`) && !own.has(p.device));
}

function tooManySwitches(
  { maxBridges }: NetmapModule,
  foreign: readonly ValePort[],
  attached: readonly ValeAttached[],
): readonly Wrong[] {
  const others = new Set(foreign.map(p => p.switch));
  const names = [...new Set(attached.map(a => a.on.name))];
  const room = maxBridges - [...others].filter(other => !names.some(name => valeName(name) === other)).length;
  const beside = others.size > 0 ? ` beside ${[...others].sort().join(', ')}, which others have` : '';
  return names.slice(Math.max(0, room)).map(name => [
    ['switches', name],
    {
      code: 'vale.switches',
      summary: `switch ${name} is one too many: netmap has ${maxBridges} in a namespace${beside}`,
      hint: 'max_bridges is set when the module is loaded: modprobe netmap max_bridges=…',
    },
  ]);
}

function tooManyPorts(foreign: readonly ValePort[], attached: readonly ValeAttached[]): readonly Wrong[] {
  const count = new Map<string, number>();
  for (const { switch: on, hostStack } of foreign) count.set(on, (count.get(on) ?? 0) + (hostStack ? 2 : 1));
  return attached.flatMap(({ on, link }): readonly Wrong[] => {
    const called = valeName(on.name);
    const ports = (count.get(called) ?? 0) + (on.hostStack ? 2 : 1);
    count.set(called, ports);
    if (ports <= PORTS) return [];
    const summary = `${link.name} is one too many on switch ${on.name}: a VALE switch has ${PORTS} ports${on.hostStack ? ', two for each device with its host stack' : ''}`;
    return [[link.path, { code: 'vale.ports', summary, hint: 'part it in two switches, and link these' }]];
  });
}

function tooManyDevices(
  module: NetmapModule,
  foreign: readonly ValePort[],
  attached: readonly ValeAttached[],
): readonly Wrong[] {
  const { bufNum, ringNum, genericRingSize: slots } = module;
  const byBuffers = Math.floor((bufNum - RESERVED_BUFFERS) / (4 * slots));
  const byRings = Math.floor((ringNum - RESERVED_RINGS) / 4);
  const most = Math.min(byBuffers, byRings);
  const all = foreign.length + attached.length;
  const needs = [
    ...(all > byBuffers ? [`buf_num=${4 * slots * all + RESERVED_BUFFERS} (now ${bufNum})`] : []),
    ...(all > byRings ? [`ring_num=${4 * all + RESERVED_RINGS} (now ${ringNum})`] : []),
  ];
  const hint = `load the module with more: modprobe netmap ${needs.join(' ')}; or attach with smaller rings: generic_ringsize (now ${slots})`;
  return attached.slice(Math.max(0, most - foreign.length)).map(({ link }) => [
    link.path,
    {
      code: 'vale.memory',
      summary: `${link.name} is one too many: netmap's memory is enough for ${most} attached devices${foreign.length > 0 ? `, of which others have ${foreign.length}` : ''}`,
      hint,
    },
  ]);
}

/** Another topology's ports on a switch of ours would be one network with it; what is nobody's is let be. */
function sharedSwitches(
  { name: topology }: Resolved,
  { inventory }: HostView,
  foreign: readonly ValePort[],
  attached: readonly ValeAttached[],
): readonly Wrong[] {
  const names = [...new Set(attached.map(a => a.on.name))];
  return names.flatMap((name): readonly Wrong[] => {
    const there = foreign.filter(p => p.switch === valeName(name)).map(p => p.device);
    const whose = inventory.links
      .filter(l => there.includes(l.name))
      .flatMap(l => topologyOfMark(l.alias) ?? [])
      .find(other => other !== topology);
    if (whose === undefined) return [];
    const summary = `VALE switch ${valeName(name)} is in use by topology ${whose}`;
    return [
      [['switches', name], { code: 'vale.taken', summary, hint: 'choose another name for the switch' }],
    ];
  });
}
