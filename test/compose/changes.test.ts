import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appliedWorld, decided, freshWorld, resolved } from '../fakes/scene.js';
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

/** What is done to the first container of the service. */
function actionOf(change: Change): string {
  const before = topologyOf(change, 'from');
  const world = appliedWorld(before, freshWorld(before));
  const decision = decided(topologyOf(change, 'to'), world);
  expect(decision.diagnostics.filter(d => d.severity === 'error')).toEqual([]);
  const action = decision.plan?.actions.find(a => a.kind === 'container' && a.name === `s/${change.name}`);
  return action?.verb ?? 'nothing';
}

function topologyOf(change: Change, when: 'from' | 'to') {
  const stack = fileOf([CHANGES[0]!, change], when);
  return resolved(
    JSON.stringify({ name: 't', hosts: { h: 'sandbox' }, stacks: { s: { host: 'h', ...stack } } }),
  );
}
