import { describe, expect, test } from 'vitest';
import { emptyInventory, type EngineVolume } from '../../src/core/index.js';
import { volume, type VolumeSpec } from '../../src/kinds/volume.js';
import { blind, resource, topology } from './engine-samples.js';

const want = resource<VolumeSpec>('volume', 'shop/data', { name: 'shop_data', labels: { a: 'b' }, topology });
const [create] = volume.steps({ verb: 'create', want });
const { Labels: labels } = (create as unknown as { body: { Labels: Record<string, string> } }).body;
const scope = { topology, host: 'h', wanted: [want] };
const read = (labelsOf: Record<string, string>, wanted = [want]): ReturnType<typeof volume.read> => {
  const volumes: EngineVolume[] = [{ name: 'shop_data', driver: 'local', options: {}, labels: labelsOf }];
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

  const made = (over: Partial<VolumeSpec>): { spec: VolumeSpec; listed: EngineVolume } => {
    const spec = { ...want.spec, ...over };
    const [step] = volume.steps({ verb: 'create', want: { ...want, spec } });
    const { body } = step as unknown as {
      body: {
        Name: string;
        Driver: string;
        DriverOpts?: Record<string, string>;
        Labels: Record<string, string>;
      };
    };
    const { Name: name, Driver: driver, DriverOpts: options = {}, Labels } = body;
    return { spec, listed: { name, driver, options, labels: Labels } };
  };
  const found = (spec: VolumeSpec, ...volumes: EngineVolume[]): ReturnType<typeof volume.read> =>
    volume.read({ ...emptyInventory(), volumes }, { ...scope, wanted: [{ ...want, spec }] });

  test('of a driver with options: told where they are others now, without their values, and never made again', () => {
    const { spec, listed } = made({ driver: 'local', options: { type: 'cifs', o: 'password=s3cret' } });
    expect(found(spec, listed)).toMatchObject([{ is: 'ours' }]);
    const [changed] = found({ ...spec, options: { type: 'nfs', o: 'password=other' } }, listed);
    expect(changed).toMatchObject({
      is: 'unknown',
      why: { code: 'volume.changed', summary: expect.stringContaining('driver_opts (o, type)') as unknown },
    });
    expect(JSON.stringify(changed)).not.toMatch(/s3cret|password|nfs/);
    expect(found({ ...spec, driver: 'nfs' }, listed)).toMatchObject([
      { why: { summary: expect.stringContaining('the driver local, not nfs') as unknown } },
    ]);
  });

  test('with another name than it had it is another volume', () => {
    const { listed } = made({});
    expect(found({ ...want.spec, name: 'other' }, listed)).toEqual([]);
    expect(found({ ...want.spec, name: 'other' }, listed, { ...listed, name: 'other' })).toMatchObject([
      { is: 'ours', state: { name: 'other' } },
    ]);
  });

  test('an external one is only looked for', () => {
    const spec = { ...want.spec, external: true } as const;
    expect(volume.steps({ verb: 'create', want: { ...want, spec } })).toEqual([]);
    expect(found(spec, { name: 'shop_data', driver: 'x', options: {}, labels: {} })).toMatchObject([
      { is: 'ours', id: want.id },
    ]);
    expect(found(spec, made({}).listed)).toMatchObject([{ is: 'ours', id: want.id }]);
    expect(found(spec)).toMatchObject([{ is: 'unknown', why: { code: 'volume.absent', host: 'h' } }]);
  });

  test('unread is unknown', () => {
    expect(volume.read(blind('volumes'), scope)).toMatchObject([{ is: 'unknown', id: want.id }]);
  });
});
