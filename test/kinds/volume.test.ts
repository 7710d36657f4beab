import { describe, expect, test } from 'vitest';
import { emptyInventory, type EngineVolume } from '../../src/core/index.js';
import { volume, type VolumeSpec } from '../../src/kinds/volume.js';
import { blind, resource, topology } from './engine-samples.js';

const want = resource<VolumeSpec>('volume', 'shop/data', { name: 'shop_data', labels: { a: 'b' }, topology });
const [create] = volume.steps({ verb: 'create', want });
const { Labels: labels } = (create as unknown as { body: { Labels: Record<string, string> } }).body;
const scope = { topology, host: 'h', wanted: [want] };
const read = (labelsOf: Record<string, string>, wanted = [want]): ReturnType<typeof volume.read> => {
  const volumes: EngineVolume[] = [{ name: 'shop_data', driver: 'local', labels: labelsOf }];
  return volume.read({ ...emptyInventory(), volumes }, { ...scope, wanted });
};

describe('volume', () => {
  test('bears our mark and the labels that were asked for', () => {
    expect(labels).toMatchObject({ a: 'b', 'topo.name': 'lab', 'topo.id': want.id, 'topo.stack': 'shop' });
    expect(read(labels)).toEqual([{ is: 'ours', id: want.id, state: { name: 'shop_data' } }]);
  });

  test('nobody wants it any more: a stray that knows its stack, and deleting it loses data', () => {
    const [stray] = read(labels, []);
    expect(stray).toMatchObject({ is: 'ours', id: want.id, group: { is: 'stack', name: 'shop' } });
    const change = { verb: 'delete', id: want.id, have: { name: 'shop_data' } } as const;
    expect(volume.steps(change)).toMatchObject([
      { method: 'DELETE', path: '/volumes/shop_data', accept: [404] },
    ]);
    expect(volume.destructive?.(change)).toBe(true);
  });

  test('of another topology, or of nobody: foreign', () => {
    expect(read({})).toEqual([{ is: 'foreign', id: want.id, holder: 'volume shop_data (driver local)' }]);
    expect(read({ ...labels, 'topo.name': 'other' })).toMatchObject([
      { is: 'foreign', holder: "volume shop_data (driver local) of topology 'other'" },
    ]);
  });

  test('made for another id that nobody wants, it is taken over and not made again', () => {
    const found = read({ ...labels, 'topo.id': 'h/volume/old/data' });
    expect(found).toEqual([{ is: 'ours', id: want.id, state: { name: 'shop_data' } }]);
    expect(volume.diff(want.spec, { name: 'shop_data' })).toEqual([]);
  });

  test('unread is unknown', () => {
    expect(volume.read(blind('volumes'), scope)).toMatchObject([{ is: 'unknown', id: want.id }]);
  });
});
