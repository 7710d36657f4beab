import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import { performInEngine } from '../fakes/engine.js';
import { appliedWorld, changed as changedWorld, decided, freshWorld, resolved } from '../fakes/scene.js';
import { CHANGES, fileOf, type Change } from './changes.js';

const recorded = JSON.parse(
  readFileSync(new URL('../golden/compose/changes.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;

const rows = CHANGES.map(change => {
  const { name } = change;
  const done = actionOf(change);
  return { name, done, line: name.padEnd(20) + (recorded[name] ?? '').padEnd(20) + done };
});

test('a changed line is the action that it needs and no more', () => {
  expect(rows.map(r => [r.name, r.done])).toEqual(CHANGES.map(c => [c.name, c.expected]));
});

test('what docker compose does with the container on the same changes stands beside it', async () => {
  const head = `${'changed'.padEnd(20)}${'docker compose'.padEnd(20)}topo`;
  const table = [head, ...rows.map(r => r.line)].join('\n');
  await expect(`${table}\n`).toMatchFileSnapshot('../golden/compose/changes.txt');
});

test.each(CHANGES.filter(c => c.expected === 'update' && !c.network))(
  '$name: once what is changed in place is done, nothing of it is left to do',
  change => {
    const { world, action } = changed(change);
    const done = changedWorld(world, view => ({
      ...view,
      inventory: view.host === 'h' ? action!.steps.reduce(performInEngine, view.inventory) : view.inventory,
    }));
    expect(actionOn(change, done)).toBeUndefined();
  },
);

/** What is done to the first container of the service. */
function actionOf(change: Change): string {
  return changed(change).action?.verb ?? 'nothing';
}

function changed(change: Change) {
  const before = topologyOf(change, 'from');
  const world = appliedWorld(before, freshWorld(before));
  return { world, action: actionOn(change, world) };
}

function actionOn(change: Change, world: World) {
  const decision = decided(topologyOf(change, 'to'), world);
  expect(decision.diagnostics.filter(d => d.severity === 'error')).toEqual([]);
  return decision.plan?.actions.find(a => a.kind === 'container' && a.name === `s/${change.name}`);
}

function topologyOf(change: Change, when: 'from' | 'to') {
  const stack = fileOf([CHANGES[0]!, change], when);
  return resolved(
    JSON.stringify({ name: 't', hosts: { h: 'sandbox' }, stacks: { s: { host: 'h', ...stack } } }),
  );
}
