import { describe, expect, test } from 'vitest';
import { emptyInventory, type EngineContainer } from '../../src/core/index.js';
import { container, type ContainerSpec, type ContainerState } from '../../src/kinds/container.js';
import { bodyOf, containerOf, listedContainer, topology } from './engine-samples.js';

const hash = (digit: string): string => digit.repeat(64);
const volume = (source: string, target: string): EngineContainer['mounts'][number] => ({
  type: 'volume',
  source,
  target,
});

const asked = (volumes: readonly object[], host: object = {}): Partial<ContainerSpec> => ({
  redacted: { image: 'nginx', volumes },
  config: { Image: 'nginx', HostConfig: { Mounts: volumes.map(mountOf), ...host } },
});

function mountOf(mount: object): object {
  const { type, target, source } = mount as { type: string; target: string; source?: string };
  return { Type: type, Target: target, ...(source !== undefined && { Source: source }) };
}

/** The container that was asked for before, with these mounts, as it is found. */
function stateOf(before: Partial<ContainerSpec>, mounts: EngineContainer['mounts']): ContainerState {
  const body = bodyOf(container.steps({ verb: 'create', want: containerOf(before) }));
  const inventory = { ...emptyInventory(), containers: [listedContainer(body, { mounts })] };
  const [found] = container.read(inventory, { topology, host: 'h', wanted: [containerOf()] });
  if (found?.is !== 'ours') throw new Error('not ours');
  return found.state;
}

const DATA = { type: 'volume', target: '/data' };

describe('a container that is made anew', () => {
  const steps = (want: Partial<ContainerSpec>, have: ContainerState) =>
    container.steps({ verb: 'replace', want: containerOf(want), have, differences: [] });

  test('gets the anonymous volumes of the one before: the declared ones, and those of the image', () => {
    const have = stateOf(asked([DATA]), [
      volume(hash('a'), '/data'),
      volume(hash('b'), '/image'),
      volume('named', '/n'),
    ]);
    const made = steps(asked([DATA]), have);
    expect(made.map(s => s.label)).toEqual([
      'stop container web',
      'remove container web',
      'create container web, with its volumes at /data, /image',
      'start container web',
    ]);
    expect(made[1]).toMatchObject({ path: '/containers/c1?v=0&force=1' });
    expect(bodyOf(made.slice(2))).toMatchObject({
      HostConfig: {
        Mounts: [
          { Type: 'volume', Target: '/data', Source: hash('a') },
          { Type: 'volume', Target: '/image', Source: hash('b') },
        ],
      },
    });
  });

  test.each([
    ['it is not declared any more', asked([]), asked([DATA])],
    ['a named one takes its place', asked([{ ...DATA, source: 'named' }]), asked([DATA])],
    ['a bind takes its place', asked([{ type: 'bind', source: '/srv', target: '/data' }]), asked([])],
    ['a tmpfs takes its place', asked([], { Tmpfs: { '/data': '' } }), asked([])],
    ['it is of another container', asked([], { VolumesFrom: ['db'] }), asked([])],
  ])('lets go of it with the old one where %s', (_, want, before) => {
    const made = steps(want, stateOf(before, [volume(hash('a'), '/data')]));
    expect(made[1]).toMatchObject({ path: '/containers/c1?v=1&force=1' });
    expect(JSON.stringify(made)).not.toContain(hash('a'));
  });

  test('where some are handed on and others not, these are removed by themselves', () => {
    const have = stateOf(asked([DATA]), [volume(hash('a'), '/data'), volume(hash('b'), '/image')]);
    const made = steps(asked([]), have);
    expect(made.map(s => s.label)).toContain(`remove volume ${hash('a')}`);
    expect(made.map(s => s.label)).toContain('create container web, with its volumes at /image');
  });

  test('hands them on also where it is removed by an action of its own', () => {
    const want = containerOf(asked([DATA]));
    const have = stateOf(asked([DATA]), [volume(hash('a'), '/data')]);
    const [, removed] = container.steps({ verb: 'delete', id: want.id, have, again: want });
    expect(removed).toMatchObject({ path: '/containers/c1?v=0&force=1' });
    const [made] = container.steps({ verb: 'create', want, was: have });
    expect(made!.label).toBe('create container web, with its volumes at /data');
    const [, gone] = container.steps({ verb: 'delete', id: want.id, have });
    expect(gone).toMatchObject({ path: '/containers/c1?v=1&force=1' });
  });
});
