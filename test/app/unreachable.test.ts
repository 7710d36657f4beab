import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideDown } from '../../src/app/decide.js';
import { sceneOf } from '../../src/app/plan.js';
import { withLock } from '../../src/app/session.js';
import type { Context } from '../../src/app/types.js';
import { unreachable, without } from '../../src/app/unreachable.js';
import { TopoError, type Diagnostic } from '../../src/core/index.js';
import { fabrics, textOf } from '../fakes/fabrics.js';
import { appliedWorld, changed, decided, freshWorld, resolved, skipping } from '../fakes/scene.js';

const TEXT = `name: lab
hosts:
  one: ssh://root@one
  two: ssh://root@two
switches: { red: { kind: vxlan, subnet: 10.1.1.0/24 } }
stacks:
  s1: { host: one, networks: { net: { subnet: 172.20.1.0/24, fabric: red } }, services: { v: { image: busybox, networks: [net] } } }
  s2: { host: two, networks: { net: { subnet: 172.20.2.0/24, fabric: red } }, services: { v: { image: busybox, networks: [net] } } }
`;
const topology = resolved(TEXT);
const old = { name: 'old', form: { is: 'ssh', address: 'old' }, acceptNewHostKey: false } as const;
const dead = (host: string): Diagnostic => ({
  severity: 'error',
  code: 'ssh.timeout',
  summary: 'dead',
  host,
  hint: 'is it on?',
});

describe('a host that cannot be reached', () => {
  test('is pointed at in the file, with the flag that goes on without it', () => {
    expect(unreachable(sceneOf(topology, {}, false), 'two', dead('two'))).toMatchObject({
      place: { file: 'topology.yaml', line: 4, column: 3, length: 3 },
      hint: 'is it on?; or go on without it for now: --skip-unreachable',
    });
    expect(unreachable(sceneOf(topology, {}), 'two', dead('two')).hint).toBe('is it on?');
  });

  test('and is not in the file has no place there, and it is said why it is asked for', () => {
    const said = unreachable(sceneOf(topology, { old }, true), 'old', dead('old'));
    expect(said.place).toBeUndefined();
    expect(said.hint).toBe('is it on?; it is not in the file any more, but topo made something there');
  });

  test('leaves the scene, and is remembered', () => {
    const scene = without(sceneOf(topology, { old }, true), [dead('old')]);
    expect(scene.targets.map(t => t.name)).toEqual(['one', 'two']);
    expect(scene.skipped).toEqual([{ target: old, reason: dead('old') }]);
  });
});

describe('locks', () => {
  const fail = new TopoError('dead', { code: 'ssh.timeout', who: 'host' });
  const links = {
    host: () => Promise.reject(fail),
    onReturn: () => undefined,
    leave: () => Promise.resolve(),
    trips: () => ({}),
    close: () => Promise.resolve(),
  };
  const context = {
    environment: {},
    emit: () => undefined,
    random: () => 'x',
    now: () => 0,
    signal: new AbortController().signal,
  };

  test.each([
    [false, ['one', 'two'], ['one', 'two']],
    [true, [], []],
  ])('are taken on the rest where that is asked for: %s', async (skip, failed, left) => {
    const scene = sceneOf(topology, {}, skip);
    await withLock(scene, links, context as Partial<Context> as Context, 0, async (rest, told) => {
      expect(told.map(d => d.host)).toEqual(failed);
      expect(rest.targets.map(t => t.name)).toEqual(left);
    });
  });
});

describe('a plan without some of the hosts', () => {
  const settled = appliedWorld(topology, freshWorld(topology));

  test('says which, why, and what stays undone', () => {
    const { plan, diagnostics, skipped } = decided(topology, skipping(settled, ['two']));
    expect(diagnostics).toMatchObject([{ severity: 'warning', summary: 'dead', host: 'two' }]);
    expect(skipped).toEqual(['two']);
    expect(plan!.notes).toEqual([
      "left out: host two, which can't be reached: stack s2, its part of switch red",
      'left out: name lists in containers on a switch with such a host stay as they are',
    ]);
  });

  test('and one that left the file says that what is there stays', () => {
    const { notes } = decided(topology, skipping(settled, ['old'])).plan!;
    expect(notes).toEqual([
      "left out: host old, which can't be reached: what topo made there stays, and is remembered",
    ]);
  });

  test('leaves alone what leads to them from the others, whatever the topology', () => {
    fc.assert(
      fc.property(fabrics, fc.nat(), (fabric, which) => {
        const any = resolved(textOf(fabric));
        const applied = appliedWorld(any, freshWorld(any));
        const host = any.hosts[which % any.hosts.length]!.name;
        expect(decided(any, skipping(applied, [host])).plan!.actions).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('of a topology that is new to all is made of the rest', () => {
    const { plan } = decided(topology, skipping(freshWorld(topology), ['two']));
    expect([...new Set(plan!.actions.map(a => a.host))]).toEqual(['one']);
    expect(plan!.actions.map(a => a.kind)).toContain('container');
  });

  test('keeps a sandbox that holds volumes, though nobody can look into it', () => {
    const text =
      'name: lab\nhosts: { box: sandbox }\nstacks: { s: { host: box, services: { v: { image: busybox } } } }\n';
    const boxed = resolved(text);
    const kept = changed(appliedWorld(boxed, freshWorld(boxed)), view => {
      const sandboxes = view.inventory.sandboxes.map(s => ({ ...s, kept: true }));
      return { ...view, inventory: { ...view.inventory, sandboxes } };
    });
    expect(decideDown('lab', skipping(kept, ['box']), false).plan!.actions).toEqual([]);
    expect(decideDown('lab', skipping(kept, ['box']), true).plan!.actions).toMatchObject([
      { verb: 'delete', kind: 'sandbox' },
    ]);
  });

  test('takes down all that can be reached, name lists too', () => {
    const { plan, skipped } = decideDown('lab', skipping(settled, ['two']), true);
    expect([...new Set(plan!.actions.map(a => a.host))]).toEqual(['one']);
    expect(plan!.notes).toEqual([
      "left out: host two, which can't be reached: what topo made there stays, and is remembered",
    ]);
    expect(skipped).toEqual(['two']);
  });
});
