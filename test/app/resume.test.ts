import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decision } from '../../src/app/decide.js';
import { resume, type Hands } from '../../src/app/resume.js';
import type { Wave } from '../../src/app/waves.js';
import type { World as Seen } from '../../src/app/world.js';
import type { Diagnostic, HostView, Plan, Report, Resource } from '../../src/core/index.js';
import { desired } from '../fakes/arbitrary.js';
import { hostView } from '../fakes/hosts.js';
import { carryOut, CELLS, planFor, planLines } from '../fakes/run.js';
import { World, type Trouble } from '../fakes/world.js';

function seenOf(...views: readonly HostView[]): Seen {
  return {
    views: new Map(views.map(v => [v.host, v])),
    diagnostics: [],
    skipped: [],
    halfUp: new Set(),
    sandboxes: new Map(),
  };
}

function decided(plan: Plan | undefined, diagnostics: readonly Diagnostic[] = []): Decision {
  return { diagnostics, resources: [], mtuOf: new Map(), exit: 0, ...(plan && { plan }) };
}

/** What `up` does on a fake world: looks again, and carries out what is left. */
function handsOn(world: World, resources: readonly Resource[], seen = seenOf()): Hands {
  return {
    look: () => Promise.resolve({ world: seen, decision: decided(planFor(world, resources)) }),
    carryOut: (_, __, plan) => carryOut(world, plan, resources),
  };
}

async function cutUp(world: World, resources: readonly Resource[], trouble: Trouble): Promise<Wave> {
  const plan = planFor(world, resources);
  world.expect(trouble);
  return { plan, report: await carryOut(world, plan, resources) };
}

test.each(['cut before', 'cut after'] as const)(
  'the connection %s any step: it is looked at, gone on with, and what was done is not done twice',
  async is => {
    await fc.assert(
      fc.asyncProperty(desired, async resources => {
        const smooth = new World(CELLS);
        await carryOut(smooth, planFor(smooth, resources), resources);
        for (let at = 1; at <= smooth.history.length; at++) {
          const world = new World(CELLS);
          const wave = await cutUp(world, resources, { at, is });
          expect(wave.report.failed).toBeGreaterThan(0);
          const resumed = await resume({ wave, world: seenOf(), exact: false }, handsOn(world, resources));
          expect(resumed).toMatchObject({ wave: { report: { failed: 0, skipped: 0 } } });
          expect(resumed.wave.report.done).toBe(resumed.wave.plan.actions.length);
          expect(planLines(planFor(world, resources))).toEqual([]);
          const deeds = world.history.map(deed => `${deed.what} ${deed.id}`);
          const isWhole = /^(put|create|del) /.test(deeds[at - 1]!);
          if (is === 'cut after' && isWhole) expect(deeds.filter(d => d === deeds[at - 1])).toHaveLength(1);
        }
      }),
      { numRuns: 5 },
    );
  },
);

/** Something that takes a few steps. */
const [resources = []] = fc.sample(
  desired.filter(all => all.length > 2),
  { seed: 1, numRuns: 1 },
);

test('what failed for a reason of its own is not gone on with, and an interruption neither', async () => {
  const world = new World(CELLS);
  const hands = { look: () => Promise.reject(new Error('not asked for')), carryOut: noReport };
  const wave = await cutUp(world, resources, { at: 1, is: 'failure' });
  expect(await resume({ wave, world: seenOf(), exact: false }, hands)).toEqual({ wave });
  const cut = await cutUp(new World(CELLS), resources, { at: 1, is: 'cut after' });
  const interrupted = { ...cut, report: { ...cut.report, interrupted: true } };
  expect(await resume({ wave: interrupted, world: seenOf(), exact: false }, hands)).toEqual({
    wave: interrupted,
  });
});

test('a host that does not come back, or was started anew meanwhile, is an end with the reason', async () => {
  const world = new World(CELLS);
  const wave = await cutUp(world, resources, { at: 1, is: 'cut after' });
  const gone: Diagnostic = { severity: 'error', code: 'host.gone', host: 'a', summary: 'gone' };
  const look = { look: async () => ({ world: seenOf(), decision: decided(undefined, [gone]) }) };
  const stopped = await resume({ wave, world: seenOf(), exact: false }, { ...look, carryOut: noReport });
  expect(stopped).toMatchObject({ wave, stopped: { diagnostics: [gone], exit: 4 } });

  const before = seenOf(hostView('a', 1), hostView('b', 2));
  const after = seenOf(hostView('a', 1), hostView('b', 2, { facts: { bootId: 'another' } }));
  const rebooted = await resume({ wave, world: before, exact: false }, handsOn(world, resources, after));
  expect(rebooted.stopped?.diagnostics).toMatchObject([{ code: 'host.rebooted', host: 'b' }]);
});

test('nothing is destroyed that was not in the plan, and where a plan was saved, nothing else is done either', async () => {
  const world = new World(CELLS);
  const wave = await cutUp(world, resources, { at: 1, is: 'cut after' });
  const [action] = wave.plan.actions;
  const stray = { ...action!, resource: 'a/volume/data', kind: 'volume', name: 'data' };
  const hands = (destructive: boolean): Hands => ({
    look: async () => ({
      world: seenOf(),
      decision: decided({ ...wave.plan, actions: [{ ...stray, destructive }] }),
    }),
    carryOut: async () => ({ outcomes: new Map(), done: 0, failed: 0, skipped: 0, interrupted: false }),
  });
  const cut = { wave, world: seenOf(), exact: false };
  expect((await resume(cut, hands(true))).stopped?.diagnostics).toMatchObject([{ code: 'plan.moved' }]);
  expect((await resume(cut, hands(false))).stopped).toBeUndefined();
  const saved = await resume({ ...cut, exact: true }, hands(false));
  expect(saved.stopped?.diagnostics).toMatchObject([{ code: 'plan.moved' }]);
});

function noReport(): Promise<Report> {
  return Promise.reject(new Error('not asked for'));
}
