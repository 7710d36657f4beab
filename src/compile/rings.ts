import { jointsOf, switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  DocPath,
  HostName,
  HostView,
  Joint,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
} from '../core/index.js';
import { placeOf } from './clash-words.js';

/**
 * Rings of switches that devices of hosts close, which the file alone does not tell: two ends of one pair of devices, or pairs that end on
 * a bridge of somebody else's. A single broadcast would go around for ever (a VALE switch does nothing against it).
 */
export function rings(resolved: Resolved, views: ReadonlyMap<HostName, HostView>): readonly Diagnostic[] {
  const between = resolved.links.flatMap(link => {
    const joint = joinedBy(resolved, link);
    return joint ? [{ path: link.path, joint, isDevice: link.ends.some(end => end.is === 'device') }] : [];
  });
  const ofDevices = [...between.filter(({ isDevice }) => isDevice), ...uplinks(resolved)];
  const declared = new Set(ofDevices.flatMap(({ joint }) => joint));
  if (ofDevices.length === 0) return [];
  const joints = jointsOf([
    ...between.filter(({ isDevice }) => !isDevice).map(({ joint }) => joint),
    ...[...views.values()].flatMap(view => foundOn(view, declared)),
  ]);
  return ofDevices.flatMap(({ path, joint }): readonly Diagnostic[] => {
    const way = joints.wayBetween(...joint);
    joints.join(joint);
    return way ? [looped(resolved, path, way)] : [];
  });
}

/** What a VPP switch passes on by a device of the host's, or by an interface of VPP's own. */
function uplinks(resolved: Resolved): readonly { readonly path: DocPath; readonly joint: Joint }[] {
  return switchesOf(resolved, 'vpp').flatMap(({ name, hosts }) =>
    hosts.flatMap(({ host, uplink, path }) =>
      uplink === undefined
        ? []
        : [{ path: [...path, 'uplink'], joint: [name, `${host}:${uplink}`] as const }],
    ),
  );
}

function joinedBy(resolved: Resolved, { ends }: ResolvedLink): Joint | undefined {
  const isQuiet = ends.some(end => !end.up || (end.is === 'switch' && end.vlan !== undefined));
  const [a, b] = ends.map(end => passing(resolved, end));
  return isQuiet || a === undefined || b === undefined ? undefined : [a, b];
}

/** What passes the frames of an end on; undefined: a container, or a switch with a spanning tree. */
function passing({ switches }: Resolved, end: ResolvedEnd): string | undefined {
  if (end.is === 'service') return undefined;
  if (end.is === 'device') return `${end.host}:${end.device}`;
  const on = switches.find(s => s.name === end.switch);
  const breaksRings = on?.kind === 'bridge' ? on.stp : on?.kind === 'vde' && on.fstp;
  return breaksRings ? undefined : end.switch;
}

/** Pairs of devices on a host, and what bridges there pass on; those of `declared` are whose the file says, not their bridge's of before. */
function foundOn({ host, inventory }: HostView, declared: ReadonlySet<string>): readonly Joint[] {
  const name = (device: string): string => `${host}:${device}`;
  const trees = inventory.links
    .filter(l => l.kind === 'bridge' && l.data['stp_state'] === 1)
    .map(l => l.name);
  return inventory.links.flatMap(({ name: device, kind, other, master }): readonly Joint[] => [
    ...(kind !== 'veth' || other === undefined ? [] : [[name(device), name(other)] as const]),
    ...(master === undefined || trees.includes(master) || declared.has(name(device))
      ? []
      : [[name(device), name(master)] as const]),
  ]);
}

function looped(resolved: Resolved, path: DocPath, way: readonly string[]): Diagnostic {
  const ring = [...way, way[0]].join(' - ');
  const bridge = way.find(name => resolved.switches.some(s => s.kind === 'bridge' && s.name === name));
  return {
    severity: 'error',
    code: 'link.loop',
    ...placeOf(resolved, path),
    summary: `this closes a ring, ${ring}: frames would go around for ever`,
    hint:
      bridge === undefined ? 'take a link out' : `set stp: true of switch "${bridge}", or take a link out`,
  };
}
