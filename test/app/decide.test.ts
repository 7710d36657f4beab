import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideDown, type Decision } from '../../src/app/decide.js';
import type { World } from '../../src/app/world.js';
import { EXIT, OPERATOR, type Resolved } from '../../src/core/index.js';
import { fabrics, textOf } from '../fakes/fabrics.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';

/** `verb resource` of every action. */
function doing({ plan }: Decision): readonly string[] {
  return plan?.actions.map(a => `${a.verb} ${a.resource}`) ?? ['no plan'];
}

const VOLUMES = `name: lab
hosts: { lab1: sandbox, lab2: sandbox }
stacks:
  s1: { host: lab1, volumes: { data: {} }, services: { v: { image: busybox, volumes: ['data:/data'] } } }
  s2: { host: lab2, services: { v: { image: busybox } } }
`;

function volumes(): { world: World; topology: Resolved } {
  const topology = resolved(VOLUMES);
  return { topology, world: appliedWorld(topology, freshWorld(topology)) };
}

/** Host lab1's sandbox does not run: what is in it can't be read. */
function stopped(world: World, topology: Resolved, kept: boolean): World {
  const nothing = freshWorld(topology).views.get('lab1')!;
  return changed(world, view => {
    if (view.host !== OPERATOR) return view.host === 'lab1' ? nothing : view;
    const sandboxes = view.inventory.sandboxes.map(s =>
      s.name === 'lab-lab1' ? { ...s, kept, running: false, problems: ['it is not running'] } : s,
    );
    return { ...view, inventory: { ...view.inventory, sandboxes } };
  });
}

describe('what was applied and read back', () => {
  test('needs nothing, whatever the topology', () => {
    fc.assert(
      fc.property(fabrics, fabric => {
        const topology = resolved(textOf(fabric));
        expect(doing(decided(topology, appliedWorld(topology, freshWorld(topology))))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('is taken down by exactly one delete of each thing that topo made, hosts that go take theirs along', () => {
    fc.assert(
      fc.property(fabrics, fabric => {
        const topology = resolved(textOf(fabric));
        const fresh = freshWorld(topology);
        const made = decided(topology, fresh).plan!.actions.filter(a => !LEFT.includes(a.kind));
        const gone = new Set(fresh.sandboxes.keys());
        const down = decideDown('lab', appliedWorld(topology, fresh), true).plan!.actions;
        const expected = made.filter(a => !gone.has(a.host));
        expect(down.every(a => a.verb === 'delete')).toBe(true);
        expect(down.map(a => `${a.host} ${a.kind}`).sort()).toEqual(
          expected.map(a => `${a.host} ${a.kind}`).sort(),
        );
      }),
      { numRuns: 60 },
    );
  });

  /** Shared with others, or gone with their device. */
  const LEFT = ['image', 'sysctl', 'address', 'fdb', 'neighbour', 'route'];

  test('a stack that leaves the file takes nothing of the others along', () => {
    fc.assert(
      fc.property(
        fabrics.filter(f => f.stacks.length > 0),
        fabric => {
          const before = resolved(textOf(fabric));
          const [left, ...rest] = fabric.stacks;
          const after = resolved(textOf({ ...fabric, stacks: rest }));
          const { plan } = decided(after, appliedWorld(before, freshWorld(before)));
          const deleted = plan!.actions.filter(a => a.verb === 'delete' || a.verb === 'replace');
          const ofStack = deleted.filter(a => a.group.is === 'stack');
          expect(ofStack.every(a => a.group.name === left!.name)).toBe(true);
          expect(ofStack).toHaveLength(1 + left!.services);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('down', () => {
  test('keeps named volumes, and the sandbox that holds them', () => {
    const { world } = volumes();
    const decision = decideDown('lab', world, false);
    expect(doing(decision)).toEqual([
      'delete @operator/sandbox/lab-lab2',
      'delete lab1/container/s1/v',
      'delete lab1/network/s1/default',
    ]);
    expect(decision.plan!.notes.filter(n => n.startsWith('keeps'))).toEqual([
      'keeps sandbox host lab-lab1 on @operator: it holds named volumes; `topo down -v` removes both',
      'keeps volume s1/data on lab1: named volumes are kept; `topo down -v` removes them',
    ]);
  });

  test('-v removes the sandboxes with all that is in them', () => {
    expect(doing(decideDown('lab', volumes().world, true))).toEqual([
      'delete @operator/sandbox/lab-lab1',
      'delete @operator/sandbox/lab-lab2',
    ]);
  });

  test('keeps a sandbox that does not run, where its data hold volumes', () => {
    const { world, topology } = volumes();
    expect(doing(decideDown('lab', stopped(world, topology, true), false))).toEqual([
      'delete @operator/sandbox/lab-lab2',
    ]);
    expect(doing(decideDown('lab', stopped(world, topology, false), false))).toEqual([
      'delete @operator/sandbox/lab-lab1',
      'delete @operator/sandbox/lab-lab2',
    ]);
  });

  test('of what is not there is nothing', () => {
    const { topology } = volumes();
    expect(doing(decideDown('lab', freshWorld(topology), true))).toEqual([]);
  });

  test('plans nothing while a host could not be read', () => {
    const { world } = volumes();
    const unreachable = {
      severity: 'error',
      code: 'host.unreachable',
      summary: 'no route',
      host: 'lab1',
    } as const;
    const decision = decideDown('lab', { ...world, diagnostics: [unreachable] }, true);
    expect(decision).toMatchObject({ exit: EXIT.failed, diagnostics: [unreachable] });
    expect(decision.plan).toBeUndefined();
  });
});

describe('up', () => {
  test('keeps a volume that left the file, and says so', () => {
    const { world } = volumes();
    const without = resolved(
      VOLUMES.replace('volumes: { data: {} }, ', '').replace(", volumes: ['data:/data']", ''),
    );
    const decision = decided(without, world);
    expect(doing(decision)).toEqual(['replace lab1/container/s1/v']);
    expect(decision.plan!.notes).toEqual([
      'keeps volume s1/data on lab1: named volumes are kept; `topo down -v` removes them',
    ]);
  });

  test('mends a sandbox that is half there before it looks at what is on it', () => {
    const { world, topology } = volumes();
    const decision = decided(topology, stopped(world, topology, true));
    expect(doing(decision)).toEqual(['update @operator/sandbox/lab-lab1']);
    expect(decision.plan!.notes).toEqual(['host lab1 is brought up first; what is on it is read after that']);
  });

  test('a host that leaves the file is cleared', () => {
    const topology = resolved(textOf(TWO));
    const one = resolved(textOf({ ...TWO, hosts: TWO.hosts.slice(0, 1), stacks: TWO.stacks.slice(0, 1) }));
    const { plan } = decided(one, appliedWorld(topology, freshWorld(topology)));
    expect(
      plan!.actions
        .filter(a => a.host === 'b')
        .map(a => `${a.verb} ${a.kind}`)
        .sort(),
    ).toEqual(['delete accept', 'delete container', 'delete guard', 'delete network', 'delete vxlan']);
  });

  const TWO = {
    hosts: [
      { name: 'a', sandbox: false },
      { name: 'b', sandbox: false },
    ],
    switches: [{ name: 'red', hostAccess: false }],
    stacks: ['a', 'b'].map((host, i) => ({ name: `s${i}`, host, fabric: 'red', services: 1, volume: false })),
  };
});
