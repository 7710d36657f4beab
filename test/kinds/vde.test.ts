import { expect, test } from 'vitest';
import { emptyInventory, NO_VDE, shortMark } from '../../src/core/index.js';
import type { Inventory, Resource, VdePlug, VdePort, VdeSwitch } from '../../src/core/index.js';
import { vdePlug, type VdePlugSpec } from '../../src/kinds/vde-plug.js';
import { vdeSwitch, type VdeSwitchSpec } from '../../src/kinds/vde-switch.js';

const DIRECTORY = '/run/topo/lab/vde/v0';
const MANAGEMENT = `${DIRECTORY}.mgmt`;
const SETTINGS = { ports: 32, hub: false, fstp: false, mode: 0o600 };
const KEY = 'abcdefghijkl';

function resource<Spec>(kind: string, name: string, spec: Spec): Resource<Spec> {
  const id = `h1/${kind}/${name}`;
  return {
    id,
    kind,
    host: 'h1',
    name,
    group: { is: 'switch', name: 'v0' },
    mark: shortMark('lab', id),
    spec,
  };
}

const ON: Resource<VdeSwitchSpec> = resource('vde_switch', 'v0', {
  topology: 'lab',
  name: 'v0',
  stem: DIRECTORY,
  directory: DIRECTORY,
  management: MANAGEMENT,
  settings: SETTINGS,
});
const PLUG: Resource<VdePlugSpec> = resource('vde_plug', 'a/x:eth1', {
  topology: 'lab',
  key: KEY,
  stem: `/run/topo/lab/vde/plug.${KEY}`,
  directory: DIRECTORY,
  management: MANAGEMENT,
  tap: 'tabc',
  switch: ON.id,
});

const RUNS: VdeSwitch = {
  topology: 'lab',
  name: 'v0',
  directory: DIRECTORY,
  management: MANAGEMENT,
  pid: 7,
  says: { ports: 32, hub: false, fstp: false, priority: 32768 },
  socket: { mode: 0o600, group: 'root' },
};
const PLUGGED: VdePlug = { topology: 'lab', key: KEY, directory: DIRECTORY, pid: 9, tap: 'eth1' };
const PORT: VdePort = { number: 1, untagged: 0, tagged: [], pids: [9], isKept: false };

function inventory(vde: Partial<Inventory['vde']>): Inventory {
  return { ...emptyInventory(), vde: { ...NO_VDE, ...vde } };
}

const scope = { topology: 'lab', host: 'h1' };

function ofSwitch(state: VdeSwitch, want: VdeSwitchSpec = ON.spec): readonly string[] {
  const [found] = vdeSwitch.read(inventory({ switches: [state] }), { ...scope, wanted: [ON] });
  if (found?.is !== 'ours') throw new Error(`found ${found?.is}`);
  return vdeSwitch.diff(want, found.state).map(words);
}

function ofPlug(plug: VdePlug, port: VdePort | undefined, want: VdePlugSpec = PLUG.spec): readonly string[] {
  const ports = { [MANAGEMENT]: [{ ...PORT, number: 2, pids: [1] }, ...(port ? [port] : [])] };
  const [found] = vdePlug.read(inventory({ plugs: [plug], ports }), {
    ...scope,
    wanted: [{ ...PLUG, spec: want }],
  });
  if (found?.is !== 'ours') throw new Error(`found ${found?.is}`);
  return vdePlug.diff(want, found.state).map(words);
}

function words(d: { field: string; have: string; want: string; replace?: true }): string {
  return `${d.field}: ${d.have} → ${d.want}${d.replace ? ' (replace)' : ''}`;
}

test.each<[string, Partial<VdeSwitch>, readonly string[]]>([
  ['as wanted', {}, []],
  ['fewer ports', { says: { ...RUNS.says!, ports: 8 } }, ['ports: 8 → 32']],
  ['more ports, which may be in use', { says: { ...RUNS.says!, ports: 64 } }, ['ports: 64 → 32 (replace)']],
  ['a hub', { says: { ...RUNS.says!, hub: true } }, ['hub: true → false']],
  ['a spanning tree', { says: { ...RUNS.says!, fstp: true } }, ['fstp: true → false']],
  ['another priority', { says: { ...RUNS.says!, priority: 1 } }, ['priority: 1 → 32768 (replace)']],
  [
    'open to others',
    { socket: { mode: 0o666, group: 'kvm' } },
    ['group: kvm → root (replace)', 'mode: 0666 → 0600 (replace)'],
  ],
  ['elsewhere', { directory: '/run/v' }, [`directory: /run/v → ${DIRECTORY} (replace)`]],
])('switch: %s', (_, over, differences) => {
  expect(ofSwitch({ ...RUNS, ...over })).toEqual(differences);
});

test('switch: dead, mute, or without its socket', () => {
  const { pid: _, says: __, ...dead } = RUNS;
  const { says: ___, ...mute } = RUNS;
  const { socket: ____, ...deaf } = RUNS;
  expect(ofSwitch(dead)).toEqual(['process: dead → running (replace)']);
  expect(ofSwitch(mute)).toEqual(['management socket: no answer → answers (replace)']);
  expect(ofSwitch(deaf)).toEqual([`socket: gone → ${DIRECTORY}/ctl (replace)`]);
});

test('a switch of somebody else in the directory is foreign, one of ours that nobody wants a stray', () => {
  const wanted = { ...scope, wanted: [ON] };
  expect(vdeSwitch.read(inventory({ directories: [DIRECTORY] }), wanted)).toEqual([
    { is: 'foreign', id: ON.id, holder: `a VDE switch in ${DIRECTORY} that topo did not start` },
  ]);
  const stray = { ...RUNS, name: 'old', directory: '/run/old' };
  const [, found] = vdeSwitch.read(inventory({ switches: [RUNS, stray], directories: [DIRECTORY] }), wanted);
  expect(found).toMatchObject({ is: 'ours', id: 'h1/vde_switch/old', group: { is: 'switch', name: 'old' } });
});

test('only what differs is told to a switch that runs, the spanning tree before a hub and after a switch', () => {
  const want = { ...ON, spec: { ...ON.spec, settings: { ...SETTINGS, ports: 40, fstp: true } } };
  const differences = ['ports', 'hub', 'fstp'].map(field => ({ field, have: '', want: '' }));
  const have = { ...RUNS, says: { ...RUNS.says!, hub: true } };
  const [step] = vdeSwitch.steps({ verb: 'update', want, have, differences });
  expect(step).toMatchObject({
    name: 'vde-switch-set',
    args: [DIRECTORY, MANAGEMENT, 'port/setnumports 41', 'port/sethub 0', 'fstp/setfstp 1'],
  });
});

const VLANS: VdePlugSpec = { ...PLUG.spec, vlans: { untagged: 5, tagged: [10] } };
const KEPT: VdePort = { ...PORT, untagged: 5, tagged: [10], isKept: true };

test.each<[string, VdePlug, VdePort | undefined, VdePlugSpec, readonly string[]]>([
  ['as wanted', PLUGGED, PORT, PLUG.spec, []],
  ['in no port', PLUGGED, undefined, PLUG.spec, ['port: none → one of the switch (replace)']],
  [
    'on another switch',
    { ...PLUGGED, directory: '/run/other' },
    PORT,
    PLUG.spec,
    [`switch: /run/other → ${DIRECTORY} (replace)`],
  ],
  ['in a VLAN by hand', PLUGGED, { ...PORT, untagged: 7 }, PLUG.spec, ['untagged VLAN: 7 → 0 (replace)']],
  ['in its VLANs', PLUGGED, KEPT, VLANS, []],
  [
    'in others',
    PLUGGED,
    { ...KEPT, untagged: 6, tagged: [10, 11] },
    VLANS,
    ['untagged VLAN: 6 → 5', 'tagged VLANs: 10 11 → 10'],
  ],
  [
    'without an untagged one',
    PLUGGED,
    KEPT,
    { ...VLANS, vlans: { tagged: [10] } },
    ['untagged VLAN: 5 → none'],
  ],
  [
    'in a port that a guest may get',
    PLUGGED,
    { ...KEPT, isKept: false },
    VLANS,
    ['port: any → kept (replace)'],
  ],
  ['in a port that is kept for nothing', PLUGGED, KEPT, PLUG.spec, ['port: kept → any (replace)']],
])('plug: %s', (_, plug, port, want, differences) => {
  expect(ofPlug(plug, port, want)).toEqual(differences);
});

test('plug: dead, or an orphan that has lost its tap', () => {
  const { pid: _, tap: __, ...dead } = PLUGGED;
  const { tap: ___, ...orphan } = PLUGGED;
  expect(ofPlug(dead, undefined)).toEqual(['process: dead → running (replace)']);
  expect(ofPlug(orphan, PORT)).toEqual(['tap: gone → tabc (replace)']);
});

test('plug: of a switch that is not asked nothing is known of its port', () => {
  const { management: _, ...spec } = PLUG.spec;
  expect(ofPlug(PLUGGED, undefined, spec)).toEqual([]);
});

test('tagged VLANs that a port leaves are named when it is told', () => {
  const have = { ...PLUGGED, port: { ...KEPT, tagged: [10, 11, 12] } };
  const differences = [{ field: 'tagged VLANs', have: '', want: '' }];
  const [step] = vdePlug.steps({ verb: 'update', want: { ...PLUG, spec: VLANS }, have, differences });
  expect(step).toMatchObject({ name: 'vde-plug-vlans', args: [PLUG.spec.stem, '5', '11 12', '10'] });
});

test('a plug goes with its switch; one that nobody wants is known by the record', () => {
  const have = { ...PLUGGED, port: PORT };
  expect(vdePlug.without?.(have, PLUG, new Set([ON.id]))).toBeUndefined();
  expect(vdePlug.without?.(have, PLUG, new Set(['h1/bridge/lan']))).toBe(have);
  const id = 'h1/vde_plug/a/y:eth1';
  const key = shortMark('lab', id).split(':')[2]!;
  const applied = { specs: { [id]: '' } } as unknown as Inventory['applied'];
  const plugs = [{ ...PLUGGED, key }];
  const found = vdePlug.read({ ...inventory({ plugs }), applied }, { ...scope, wanted: [] });
  expect(found.map(f => f.id)).toEqual([id]);
});
