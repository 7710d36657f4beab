import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Action } from '../../src/core/index.js';
import { link } from '../fakes/hosts.js';
import { changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { vppWith } from '../fakes/vpp-state.js';

const examples = new URL('../../topologies/vpp/', import.meta.url);

/** What is told to VPP, and what is done around it, on hosts whose VPP has an address towards the others; UPDATE_GOLDEN=1 writes it. */
test.each(readdirSync(examples))('%s becomes these commands', name => {
  const topology = resolved(readFileSync(new URL(name, examples), 'utf8'));
  const eth2 = link('eth2', { index: 9, addresses: [] });
  const fresh = freshWorld(topology);
  const hosts = [...fresh.views.keys()];
  const world = changed(fresh, view => ({
    ...view,
    facts: {
      ...view.facts,
      tools: {
        ...view.facts.tools,
        ethtool: '/sbin/ethtool',
        vde_switch: 'v',
        vde_plug2tap: 'v',
        unixcmd: 'v',
      },
      vpp: { is: 'running', version: 'v25.10-release', pid: 1 },
    },
    inventory: {
      ...view.inventory,
      links: [...view.inventory.links, eth2],
      vpp: vppWith([['nic0', `10.99.0.${hosts.indexOf(view.host) + 1}/24`]]),
    },
  }));
  const { plan, diagnostics } = decided(topology, world);
  expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
  const told = plan!.actions.flatMap(linesOf).join('\n');
  const file = new URL(`../golden/vpp/${name.replace('.yaml', '.txt')}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, `${told}\n`);
  expect(`${told}\n`).toBe(readFileSync(file, 'utf8'));
});

function linesOf({ host, steps }: Action): readonly string[] {
  return steps.flatMap(step => {
    if (step.via === 'script' && step.name === 'vpp')
      return step
        .stdin!.trimEnd()
        .split('\n')
        .map(line => `${host}: vppctl ${line}`);
    if (step.via === 'script' && step.name === 'cni-data')
      return [`${host}: ${step.args.join('/')}\n${step.stdin}`];
    if (step.via === 'stream' && step.name === 'hook')
      return insideOf(step.body).map(line => `${step.args[0]}: ${line}`);
    if (step.via === 'script' && /^(device|vpp)-/.test(step.name))
      return [`${host}: ${step.name} ${step.args.map(String).join(' ')}`];
    return step.via === 'exec' && step.argv[0] === 'ethtool'
      ? [`${host}: ${step.argv.join(' ')}${step.netns ? ` in ${step.netns.container}` : ''}`]
      : [];
  });
}

/** The version that the VPP in a container must have, and what it is told. */
function insideOf(body: unknown): readonly string[] {
  const [, , , , version, ...commands] = (body as { Cmd: readonly string[] }).Cmd;
  return [`version ${version}`, ...commands.map(command => `vppctl ${command}`)];
}
