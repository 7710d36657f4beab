import { expect, test } from 'vitest';
import { saveActions } from '../../src/plan/index.js';
import { planToJson } from '../../src/render/index.js';
import type { World } from '../../src/app/world.js';
import type { EngineContainer, Resolved } from '../../src/core/index.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { planLines } from '../fakes/run.js';

const shop = (services: string): Resolved =>
  resolved(`name: lab
hosts: { a: ssh://a }
stacks:
  s:
    host: a
    services:
${services.replace(/^/gm, '      ')}
`);

const SHOP = `web: { image: i, scale: 2, depends_on: { db: { condition: service_healthy, restart: true }, init: { condition: service_completed_successfully } } }
db: { image: i }
init: { image: i, depends_on: [db] }`;

const lines = (topology: Resolved, world: World): readonly string[] =>
  planLines(decided(topology, world).plan!);

/** The world with some containers otherwise, by name. */
function where(world: World, over: Readonly<Record<string, Partial<EngineContainer> | undefined>>): World {
  return changed(world, view => ({
    ...view,
    inventory: {
      ...view.inventory,
      containers: view.inventory.containers.flatMap(c =>
        c.name in over ? (over[c.name] === undefined ? [] : [{ ...c, ...over[c.name] }]) : [c],
      ),
    },
  }));
}

const HEALTHY = { 'lab-s-db-1': { status: 'Up 2 hours (healthy)' } };
const ENDED = { 'lab-s-init-1': { state: 'exited', status: 'Exited (0) 2 hours ago' } };

test('containers start in the order of what they need, and what they wait for is an action of its own', () => {
  const topology = shop(SHOP);
  const plan = lines(topology, freshWorld(topology)).filter(line => !/image|network/.test(line));
  expect(plan).toEqual([
    '#3 after 1,2: create a/container/s/db, not there yet',
    '#4 after 1,2,3: create a/container/s/init, not there yet',
    '#5 after 3: run a/wait/s/db to be healthy, container s/web, container s/web#2 wait for it',
    '#6 after 4: run a/wait/s/init to complete, container s/web, container s/web#2 wait for it',
    '#7 after 1,2,3,4,5,6: create a/container/s/web, not there yet',
    '#8 after 1,2,3,4,5,6: create a/container/s/web#2, not there yet',
  ]);
});

test('nothing is waited for where nothing starts that asks for it', () => {
  const topology = shop(SHOP);
  const there = appliedWorld(topology, freshWorld(topology));
  expect(lines(topology, there)).toEqual([]);
  expect(decided(topology, there).plan!.unchanged).toBe(6);
  expect(lines(topology, where(there, ENDED))).toEqual([]);
});

test('where something starts, what has come to it already is not waited for', () => {
  const topology = shop(SHOP);
  const there = appliedWorld(topology, freshWorld(topology));
  const gone = { 'lab-s-web-1': undefined };
  expect(lines(topology, where(there, { ...gone, ...HEALTHY, ...ENDED }))).toEqual([
    '#1: create a/container/s/web, drifted: it is gone',
  ]);
  const sick = { 'lab-s-db-1': { status: 'Up 2 hours (unhealthy)' } };
  const plan = decided(topology, where(there, { ...gone, ...sick, ...ENDED })).plan!;
  expect(planLines(plan)).toEqual([
    '#1: run a/wait/s/db to be healthy, container s/web waits for it',
    '#2 after 1: create a/container/s/web, drifted: it is gone',
  ]);
  expect(plan.actions[0]!.differences).toEqual([{ field: 's/db', have: 'unhealthy', want: 'healthy' }]);
});

test('what is made anew takes along those that ask for it, once it is healthy again', () => {
  const topology = shop(SHOP);
  const there = where(appliedWorld(topology, freshWorld(topology)), { ...HEALTHY, ...ENDED });
  const changedDb = shop(SHOP.replace('db: { image: i }', 'db: { image: i, user: me }'));
  const plan = decided(changedDb, there).plan!;
  expect(planLines(plan)).toEqual([
    '#1: replace a/container/s/db, the file changed: user',
    '#2 after 1: run a/wait/s/db to be healthy, container s/web, container s/web#2 wait for it',
    '#3 after 1,2: update a/container/s/web, container s/db is replaced: it depends on s/db',
    '#4 after 1,2: update a/container/s/web#2, container s/db is replaced: it depends on s/db',
  ]);
  expect(plan.actions[2]!.steps.map(s => s.label)).toEqual(['restart container lab-s-web-1']);
});

test('what is run after a start comes before what depends on it, and is run again with a new container', () => {
  const HOOKED =
    'web: { image: i, depends_on: [db] }\ndb: { image: i, post_start: [{ command: [x], environment: { T: hush } }] }';
  const topology = shop(HOOKED);
  const fresh = decided(topology, freshWorld(topology)).plan!;
  expect(planLines(fresh).filter(line => !/image|network/.test(line))).toEqual([
    '#3 after 1,2: create a/container/s/db, not there yet',
    '#4 after 3: run a/post_start/s/db, differs: commands',
    '#5 after 1,2,3,4: create a/container/s/web, not there yet',
  ]);
  const shown = JSON.stringify([planToJson(fresh, 1), saveActions(fresh.actions, () => 'sealed')]);
  expect(shown).not.toContain('hush');
  const there = appliedWorld(topology, freshWorld(topology));
  expect(lines(topology, there)).toEqual([]);
  expect(lines(shop(HOOKED.replace('[x]', '[y]')), there)).toEqual([
    '#1: replace a/container/s/db, the file changed: post_start',
    '#2 after 1: run a/post_start/s/db, container s/db is replaced: it is run in it',
  ]);
});

test('a service without a container is waited for by nobody', () => {
  const topology = shop(SHOP.replace('db: { image: i }', 'db: { image: i, scale: 0 }'));
  expect(lines(topology, freshWorld(topology)).join()).not.toContain('db');
});

test('what is taken down goes before what it depended on', () => {
  const topology = shop(SHOP);
  const there = appliedWorld(topology, freshWorld(topology));
  const plan = lines(resolved('name: lab\nhosts: { a: ssh://a }'), there);
  expect(plan.filter(line => line.includes('/container/'))).toEqual([
    '#1: delete a/container/s/web, no longer in the topology',
    '#2: delete a/container/s/web#2, no longer in the topology',
    '#3 after 1,2: delete a/container/s/init, no longer in the topology',
    '#4 after 1,2,3: delete a/container/s/db, no longer in the topology',
  ]);
});
