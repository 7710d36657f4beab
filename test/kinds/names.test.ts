import { expect, test } from 'vitest';
import {
  emptyInventory,
  shortMark,
  type EngineContainer,
  type Inventory,
  type NameBlock,
  type Observation,
  type Resource,
} from '../../src/core/index.js';
import { names, type NamesSpec, type NamesState } from '../../src/kinds/names.js';

const ID = 'a/names/shop/web';
const MARK = shortMark('lab', ID);
const FILE = '/var/lib/docker/containers/c1/hosts';

function wanted(lines: string): Resource<NamesSpec> {
  return {
    id: ID,
    kind: 'names',
    host: 'a',
    name: 'shop/web',
    group: { is: 'stack', name: 'shop' },
    mark: MARK,
    spec: {
      container: 'a/container/shop/web',
      containerName: 'web',
      running: { id: 'c1', hostsFile: FILE },
      lines,
      topology: 'lab',
    },
  };
}

function inventory(blocks: readonly Partial<NameBlock>[], state = 'running'): Inventory {
  const labels = { 'topo.name': 'lab', 'topo.id': 'a/container/shop/web', 'topo.stack': 'shop' };
  const container = { id: 'c1', name: 'web', state, labels } as unknown as EngineContainer;
  const nameBlocks = blocks.map(b => ({ container: 'c1', file: FILE, mark: MARK, lines: '', ...b }));
  return { ...emptyInventory(), containers: [container], nameBlocks };
}

function look(from: Inventory, want?: Resource<NamesSpec>): readonly Observation<NamesState>[] {
  const found = names.read(from, { topology: 'lab', host: 'a', wanted: want ? [want] : [] });
  return found.map(f => (f.is === 'ours' ? { is: 'present', state: f.state } : { is: 'absent' }));
}

function differences(have: string, want: string): readonly string[] {
  return names.diff(wanted(want).spec, { lines: have }).map(d => `${d.field}: ${d.have} → ${d.want}`);
}

test('a container whose block the engine dropped has none; with it there is nothing to do', () => {
  const want = wanted('10.0.0.2 api.search\n');
  expect(look(inventory([]), want)).toEqual([]);
  const [seen] = look(inventory([{ lines: '10.0.0.2 api.search\n' }]), want);
  expect(seen).toEqual({ is: 'present', state: { lines: '10.0.0.2 api.search\n' } });
  expect(differences('10.0.0.2 api.search\n', '10.0.0.2 api.search\n')).toEqual([]);
});

test('what differs is told name by name, or counted where it is much', () => {
  expect(
    differences('10.0.0.2 api.search\n10.0.1.2 old.x\n', '10.0.0.3 api.search\n10.0.2.2 new.x\n'),
  ).toEqual(['api.search: 10.0.0.2 → 10.0.0.3', 'new.x: missing → 10.0.2.2', 'old.x: 10.0.1.2 → absent']);
  expect(differences('10.0.0.2 a.b\n', '10.0.0.2 a.b\nfd00::2 a.b\n')).toEqual([
    'a.b: 10.0.0.2 → 10.0.0.2, fd00::2',
  ]);
  const list = (n: number): string => Array.from({ length: n }, (_, i) => `10.0.0.${i} s${i}.x\n`).join('');
  expect(differences(list(12), list(18))).toEqual([
    'names: 12 entries → 18 entries, 6 of them new or changed',
  ]);
  expect(differences('# mine\n10.0.0.2 a.b\n', '10.0.0.2 a.b\n')).toEqual([
    'lines: changed by hand → as written',
  ]);
});

test('where the container does not run there is nothing to do, and nothing is done', () => {
  const { spec, ...rest } = wanted('10.0.0.2 api.search\n');
  const stopped = { ...rest, spec: { ...spec, running: undefined } };
  const [seen] = look(inventory([{}], 'exited'), stopped);
  expect(seen).toEqual({ is: 'present', state: { lines: undefined } });
  expect(names.diff(stopped.spec, { lines: undefined })).toEqual([]);
  expect(names.steps({ verb: 'create', want: stopped })).toEqual([]);
});

test('a block in a running container that no one wants names in is left over, under the id it was made for', () => {
  const found = names.read(inventory([{ lines: 'x\n' }]), { topology: 'lab', host: 'a', wanted: [] });
  expect(found).toMatchObject([{ is: 'ours', id: ID, group: { is: 'stack', name: 'shop' } }]);
  const [stray] = found;
  const steps = stray?.is === 'ours' ? names.steps({ verb: 'delete', id: ID, have: stray.state }) : [];
  expect(steps).toMatchObject([{ name: 'names-write', args: [FILE, 'topo:lab:', 'pass'] }]);
  expect(look(inventory([{}], 'exited'))).toEqual([]);
  expect(look(inventory([{ mark: 'topo:other:abcdefghijkl' }]))).toEqual([]);
});

test('hosts files that could not be read are unknown', () => {
  const blind = { ...inventory([]), unread: { nameBlocks: 'awk: not found' } };
  const found = names.read(blind, { topology: 'lab', host: 'a', wanted: [wanted('')] });
  expect(found).toMatchObject([
    { is: 'unknown', why: { summary: 'could not read nameBlocks: awk: not found' } },
  ]);
});
