import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Change, Difference, Observation, Resource, ResourceKind } from '../../src/core/index.js';
import { netnsMissing, observe, openNetns, type Netns } from '../support/netns.js';

/** What every kind must pass; a kind's own file gives the rest. */
export interface Conformance<Spec, State> {
  readonly kind: ResourceKind<Spec, State>;
  readonly topology: string;
  /** What must be there first: shell lines. */
  readonly world?: string;
  readonly resource: Resource<Spec>;
  /** The same resource with another spec, to be reached in place. */
  readonly changed: Spec;
  /** The same resource with a spec that only a replacement reaches. */
  readonly replaced?: Spec;
  /** Something foreign beside ours: shell lines that make it, and one whose output must stay the same through everything. */
  readonly foreign?: { readonly make: string; readonly show: string };
  /** Changes by hand and the differences that must be named for them, no more and no less. */
  readonly drifts: readonly Drift[];
  /** Kinds that are never deleted (sysctl). */
  readonly stays?: true;
}

export interface Drift {
  readonly what: string;
  readonly by: string;
  /** `absent`: all of it is gone. */
  readonly gives: readonly Difference[] | 'absent';
}

/** create → read = want → create again → update → drift by hand → repair → delete → absent → delete again is harmless. */
export function conform<Spec, State>(c: Conformance<Spec, State>): void {
  describe.skipIf(netnsMissing())(`kind ${c.kind.name}`, () => {
    let netns: Netns;
    const look = (): Promise<Observation<State>> => observe(netns, c.kind, c.resource, c.topology);
    const carry = (change: Change<Spec, State>): void => netns.run(c.kind.steps(change));
    const create = (): void => carry({ verb: 'create', want: c.resource });
    const foreign = (): string => (c.foreign ? netns.sh(c.foreign.show) : '');

    const state = async (): Promise<State> => {
      const seen = await look();
      if (seen.is !== 'present') throw new Error(`expected it to be present, found ${JSON.stringify(seen)}`);
      return seen.state;
    };
    const reach = async (spec: Spec, verb: 'update' | 'replace'): Promise<void> => {
      const have = await state();
      const differences = c.kind.diff(spec, have);
      expect(differences.some(d => d.replace)).toBe(verb === 'replace');
      expect(differences).not.toEqual([]);
      carry({ verb, want: { ...c.resource, spec }, have, differences });
      expect(c.kind.diff(spec, await state())).toEqual([]);
    };

    beforeAll(() => {
      netns = openNetns(c.kind.name);
      netns.sh(`${c.world ?? ':'}\n${c.foreign?.make ?? ':'}`);
    });
    afterAll(() => netns.close());

    test('is what was wanted once created, and created again is the same', async () => {
      const before = foreign();
      if (!c.stays) expect(await look()).toEqual({ is: 'absent' });
      create();
      expect(c.kind.diff(c.resource.spec, await state())).toEqual([]);
      create();
      expect(c.kind.diff(c.resource.spec, await state())).toEqual([]);
      expect(foreign()).toBe(before);
    });

    test('is updated in place, and back', async () => {
      const before = foreign();
      await reach(c.changed, 'update');
      await reach(c.resource.spec, 'update');
      expect(foreign()).toBe(before);
    });

    const { replaced } = c;
    if (replaced !== undefined) {
      test('is replaced, and back', async () => {
        await reach(replaced, 'replace');
        await reach(c.resource.spec, 'replace');
      });
    }

    if (!c.stays) {
      test('is brought about from wherever a creation was broken off', async () => {
        const steps = c.kind.steps({ verb: 'create', want: c.resource });
        for (let done = 0; done < steps.length; done++) {
          carry({ verb: 'delete', id: c.resource.id, have: await state() });
          netns.run(steps.slice(0, done));
          const seen = await look();
          if (seen.is === 'absent') create();
          else await reach(c.resource.spec, 'update');
        }
        expect(c.kind.diff(c.resource.spec, await state())).toEqual([]);
      });

      test.each(c.drifts)(
        'names exactly what was done by hand and repairs it: $what',
        async ({ by, gives }) => {
          netns.sh(by);
          const before = foreign();
          if (gives === 'absent') {
            expect(await look()).toEqual({ is: 'absent' });
            create();
          } else {
            const have = await state();
            const differences = c.kind.diff(c.resource.spec, have);
            expect(differences).toEqual(gives);
            const verb = differences.some(d => d.replace) ? 'replace' : 'update';
            carry({ verb, want: c.resource, have, differences });
          }
          expect(c.kind.diff(c.resource.spec, await state())).toEqual([]);
          expect(foreign()).toBe(before);
        },
      );
    }

    test(`is ${c.stays ? 'never deleted' : 'absent once deleted, and deleted again is nothing'}`, async () => {
      if (c.stays)
        return expect(c.kind.steps({ verb: 'delete', id: c.resource.id, have: await state() })).toEqual([]);
      const before = foreign();
      const have = await state();
      const gone: Change<Spec, State> = { verb: 'delete', id: c.resource.id, have };
      carry(gone);
      expect(await look()).toEqual({ is: 'absent' });
      carry(gone);
      expect(await look()).toEqual({ is: 'absent' });
      expect(foreign()).toBe(before);
    });
  });
}
