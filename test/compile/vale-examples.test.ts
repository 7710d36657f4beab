import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Action } from '../../src/core/index.js';
import { changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { netmap } from '../fakes/vale/inventory.js';

const examples = new URL('../../topologies/vale/', import.meta.url);

/** What is done on hosts with netmap so that devices are attached, in this order; UPDATE_GOLDEN=1 writes it. */
test.each(readdirSync(examples))('%s becomes these commands', name => {
  const text = readFileSync(new URL(name, examples), 'utf8');
  const topology = resolved(text);
  const holders = text.includes('driver: native') ? ['veth'] : [];
  const tools = { ethtool: '/sbin/ethtool', vde_switch: 'v', vde_plug2tap: 'v', unixcmd: 'v' };
  const world = changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, tools: { ...view.facts.tools, ...tools } },
    inventory: { ...view.inventory, vale: netmap({ holders }) },
  }));
  const { plan, diagnostics } = decided(topology, world);
  expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
  const told = `${plan!.actions.flatMap(linesOf).join('\n')}\n`;
  const file = new URL(`../golden/vale/${name.replace('.yaml', '.txt')}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, told);
  expect(told).toBe(readFileSync(file, 'utf8'));
});

function linesOf({ host, kind, steps }: Action): readonly string[] {
  return steps.flatMap(step => {
    if (step.via !== 'exec' && step.via !== 'script') return [];
    if (!['tap', 'tunnel', 'vale_port', 'veth'].includes(kind)) return [];
    const words = step.via === 'script' ? [step.name, ...step.args] : step.argv;
    const where = step.via === 'exec' && step.netns ? ` in ${step.netns.container}` : '';
    const said = words.map(word => (typeof word === 'string' ? word : word.container)).join(' ');
    return [
      `${host}: ${said}${where}`,
      ...(step.stdin ?? '')
        .trimEnd()
        .split('\n')
        .filter(Boolean)
        .map(line => `  ${line}`),
    ];
  });
}
