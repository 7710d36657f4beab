import { describe, expect, test } from 'vitest';
import { decideDown, decideUp, type Decision } from '../../src/app/decide.js';
import type { World } from '../../src/app/world.js';
import type { EngineContainer, EngineNetwork, Inventory, Step } from '../../src/core/index.js';
import { withAdopted } from '../../src/facts/adopted.js';
import { adoptedWorld, composeMade } from '../fakes/compose-made.js';
import { changed, KEY, resolved } from '../fakes/scene.js';

const FILE = `name: lab
hosts: { h: 'ssh://root@h' }
stacks:
  shop:
    host: h
    project: shop
    volumes: { data: {} }
    services:
      web: { image: web, environment: { PASSWORD: secret }, volumes: ['data:/data'], ports: ['8080:80'] }
`;
const topology = resolved(FILE);

function adopting(world: World, file = FILE): Decision {
  return decideUp(resolved(file), { ...world, adopt: true }, KEY);
}

/** `verb resource: cause`, and what differs. */
function doing({ plan, diagnostics }: Decision): readonly string[] {
  if (!plan) return diagnostics.map(d => `${d.summary}; ${d.hint}`);
  return plan.actions.flatMap(a => [
    `${a.verb} ${a.resource}: ${a.cause}`,
    ...a.differences.filter(d => !d.adopt).map(d => `  ${d.field}: ${d.have} → ${d.want}`),
  ]);
}

function stepsOf({ plan }: Decision): readonly Step[] {
  return plan!.actions.flatMap(a => a.steps);
}

function inventory(world: World, change: (inventory: Inventory) => Partial<Inventory>): World {
  return changed(world, v => ({ ...v, inventory: { ...v.inventory, ...change(v.inventory) } }));
}

const withContainer = (world: World, over: (c: EngineContainer) => Partial<EngineContainer>): World =>
  inventory(world, i => ({ containers: i.containers.map(c => ({ ...c, ...over(c) })) }));
const withNetwork = (world: World, over: Partial<EngineNetwork>): World =>
  inventory(world, i => ({ networks: i.networks.map(n => ({ ...n, ...over })) }));

const ADOPTED = [
  'adopt h/network/shop/default: adopted as it is',
  'adopt h/volume/shop/data: adopted as it is',
  'adopt h/container/shop/web: adopted as it is',
];

describe('what docker compose made for the same project', () => {
  test('is left alone, and it is said how it can be taken over', () => {
    const free = withContainer(composeMade(topology), () => ({ ports: [] }));
    const said = doing(decideUp(topology, free, KEY));
    expect(said).toHaveLength(3);
    for (const line of said)
      expect(line).toMatch(/is in its place; docker compose made it .* --adopt takes it over/);
    const port = { ip: '', host: 8080, container: 80, protocol: 'tcp' };
    const busy = withContainer(composeMade(topology), () => ({ ports: [port] }));
    expect(doing(decideUp(topology, busy, KEY))[0]).toMatch(/port 8080 is held by container .*--adopt/);
  });

  test('is taken over by writing it down, and by nothing else', () => {
    const decision = adopting(composeMade(topology));
    expect(doing(decision)).toEqual(ADOPTED);
    const steps = stepsOf(decision);
    expect(steps.map(s => s.via === 'script' && s.name)).toEqual([
      'adopt',
      'adopt',
      'adopt',
      'hooks-begin',
      'hooks-done',
    ]);
    expect(JSON.stringify(steps)).not.toContain('secret');
  });

  test('is ours then, without being asked again: unchanged, seen, taken down', () => {
    const made = composeMade(topology);
    const world = adoptedWorld(made, stepsOf(adopting(made)));
    expect(doing(decideUp(topology, world, KEY))).toEqual([]);
    const down = decideDown('lab', world, true);
    expect(doing(down).map(line => line.split(':')[0])).toEqual([
      'delete h/container/shop/web',
      'delete h/volume/shop/data',
      'delete h/network/shop/default',
    ]);
    const forgotten = stepsOf(down).flatMap(s =>
      s.via === 'script' && s.name === 'disown' ? [s.args[1]] : [],
    );
    expect(forgotten).toEqual(['container-id-shop-web-1', 'volume-shop_data', 'network-id-shop_default']);
    expect(doing(decideDown('lab', world, false)).some(line => line.includes('volume'))).toBe(false);
  });

  test('is made anew where the file changed since it was taken over, and its record goes', () => {
    const made = composeMade(topology);
    const world = adoptedWorld(made, stepsOf(adopting(made)));
    const decision = decideUp(resolved(FILE.replace('image: web', 'image: web:2')), world, KEY);
    expect(doing(decision)).toContainEqual(expect.stringMatching(/^replace h\/container\/shop\/web: /));
    expect(stepsOf(decision).map(s => s.label)).toContain('forget the adopted container shop-web-1');
  });

  test.each([
    [
      'environment: { PASSWORD: secret }',
      'environment: { PASSWORD: other }',
      'environment.PASSWORD: (set) → (changed)',
    ],
    ['image: web,', 'image: web, labels: { a: b },', 'labels.a: (none) → b'],
    ['image: web,', "image: web, command: ['x'],", 'command: ["sh"] → ["x"]'],
    ['image: web,', 'image: web, cap_add: [NET_ADMIN],', 'cap_add: (none) → ["NET_ADMIN"]'],
    ['image: web,', 'image: web, hostname: www,', 'hostname: id-shop-web- → www'],
    ["['data:/data']", "['data:/data:ro']", 'volumes./data: volume shop_data rw → volume shop_data ro'],
    ["['8080:80']", "['8081:80']", 'ports.80/tcp: [":8080"] → [":8081"]'],
  ])('is made anew where it is not as wanted: %s is %s', (from, to, difference) => {
    const lines = doing(adopting(composeMade(topology), FILE.replace(from, to)));
    expect(lines).toContain(`  ${difference}`);
    expect(lines.find(l => l.startsWith('replace'))).toMatch(
      /^replace h\/container\/shop\/web: adopted, and differs: /,
    );
  });

  test('and is not as wanted in a network is made anew as that, and what is on it connected again', () => {
    const lines = doing(adopting(withNetwork(composeMade(topology), { internal: true })));
    expect(lines).toContain('replace h/network/shop/default: adopted, and differs: internal');
    expect(lines.find(l => l.startsWith('update'))).toMatch(/^update h\/container\/shop\/web: /);
  });

  test("but for another project, or by hand, is nobody else's to take", () => {
    const other = inventory(composeMade(topology), i => ({
      volumes: i.volumes.map(v => ({ ...v, labels: {} })),
    }));
    expect(doing(adopting(other))).toEqual([
      expect.stringMatching(/volume shop_data .* is in its place; remove or rename it/),
    ]);
  });

  test('is none of this one where another topology took it over', () => {
    const taken = inventory(composeMade(topology), i =>
      withAdopted({ ...i, containers: i.containers.map(c => ({ ...c, ports: [] })) }, [
        {
          topology: 'other',
          noun: 'container',
          ref: i.containers[0]!.id,
          labels: { 'topo.name': 'other', 'topo.id': 'h/container/x/y' },
        },
      ]),
    );
    expect(doing(adopting(taken)).join()).toMatch(
      /container shop-web-1 .* of topology 'other' is in its place; remove/,
    );
  });
});
