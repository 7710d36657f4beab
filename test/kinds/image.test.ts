import { describe, expect, test } from 'vitest';
import { emptyInventory, type Inventory } from '../../src/core/index.js';
import { image, type ImageSpec } from '../../src/kinds/image.js';
import { blind, resource, topology } from './engine-samples.js';

const scope = (spec: ImageSpec): Parameters<typeof image.read>[1] & object => {
  return { topology, host: 'h', wanted: [resource('image', spec.reference, spec)] };
};

describe('image', () => {
  test('is there under whichever of its names the file gives', () => {
    const inventory = { ...emptyInventory(), images: { 'nginx:latest': 'sha256:aa' } };
    for (const reference of ['nginx', 'nginx:latest', 'docker.io/library/nginx']) {
      const found = image.read(inventory, scope({ reference, source: 'pull' }));
      expect(found).toEqual([{ is: 'ours', id: `h/image/${reference}`, state: { id: 'sha256:aa' } }]);
    }
    expect(image.read(inventory, scope({ reference: 'nginx:1', source: 'pull' }))).toEqual([]);
  });

  test.each(['pull', 'push', 'busybox'] as const)('an absent one comes by %s', source => {
    const want = resource<ImageSpec>('image', 'a', { reference: 'a', source });
    expect(image.steps({ verb: 'create', want })).toMatchObject([
      { via: 'stream', name: source, args: ['a:latest'] },
    ]);
  });

  test('absent and never to be fetched is an error of the plan; unread is another', () => {
    const spec: ImageSpec = { reference: 'a', source: 'none' };
    expect(image.read(emptyInventory(), scope(spec))).toMatchObject([
      { is: 'unknown', why: { code: 'image.absent' } },
    ]);
    expect(image.read(blind('images'), scope(spec))).toMatchObject([
      { is: 'unknown', why: { code: 'host.unread' } },
    ]);
  });

  test('one that is built: made by the engine, and again where what it was made from is another', () => {
    const build = {
      context: { is: 'local', directory: '/a' },
      args: {},
      labels: {},
      digest: 'aaaa',
    } as const;
    const want = resource<ImageSpec>('image', 'a', { reference: 'a', source: 'build', build });
    expect(image.steps({ verb: 'create', want })).toMatchObject([
      { via: 'build', reference: 'a:latest', request: build },
    ]);
    const have = (digest?: string): readonly unknown[] => {
      const builds = digest === undefined ? {} : { 'sha256:aa': digest };
      const inventory = { ...emptyInventory(), images: { 'a:latest': 'sha256:aa' }, builds };
      const [found] = image.read(inventory, { topology, host: 'h', wanted: [want] });
      return found?.is === 'ours' ? image.diff(want.spec, found.state) : [found];
    };
    expect(have('aaaa')).toEqual([]);
    expect(have('bbbb')).toEqual([{ field: 'build', have: 'bbbb', want: 'aaaa', replace: true }]);
    expect(have()).toEqual([{ field: 'build', have: '(not by topo)', want: 'aaaa', replace: true }]);
  });

  test('one that follows its registry: made again where that has another, and noted where that is asked for at times', () => {
    const reference = '127.0.0.1:5000/app:1';
    const want = resource<ImageSpec>('image', 'a', { reference, source: 'pull', refreshMs: 1 });
    const names = { [reference]: 'sha256:aa', '127.0.0.1:5000/app@sha256:dd': 'sha256:aa' };
    const read = (newest: Inventory['newest'][string]): ReturnType<typeof image.read> =>
      image.read(
        { ...emptyInventory(), images: names, newest: { [reference]: newest } },
        { ...scope(want.spec), wanted: [want] },
      );
    const have = (digest: string): readonly unknown[] => {
      const [found] = read({ digest });
      return found?.is === 'ours' ? image.diff(want.spec, found.state) : [found];
    };
    expect(have('sha256:dd')).toEqual([]);
    expect(have('sha256:ee')).toEqual([
      { field: 'in the registry', have: 'aa', want: 'ee', replace: true, follows: true },
    ]);
    const why = { severity: 'error', code: 'image.denied', summary: 'no' } as const;
    expect(read({ why })).toMatchObject([{ is: 'unknown', why }]);
    expect(image.steps({ verb: 'create', want })).toMatchObject([
      { name: 'pull', args: [reference] },
      { path: '/images/127.0.0.1%3A5000%2Fapp%3A1/tag?repo=127.0.0.1%3A5000%2Fapp&tag=1' },
    ]);
    const always = { ...want, spec: { ...want.spec, refreshMs: 0 } };
    expect(image.steps({ verb: 'create', want: always })).toHaveLength(1);
  });

  test('is never deleted', () => {
    expect(
      image.read({ ...emptyInventory(), images: { a: 'b' } }, { topology, host: 'h', wanted: [] }),
    ).toEqual([]);
    expect(image.steps({ verb: 'delete', id: 'h/image/a', have: { id: 'b' } })).toEqual([]);
  });
});
