import { expect, test } from 'vitest';
import { containersNamed, locate, locateAll, nameOf } from '../../src/app/containers.js';
import { appliedWorld, changed, freshWorld, resolved } from '../fakes/scene.js';

const topology = resolved(`name: lab
hosts: { z: ssh://z, a: ssh://a }
stacks:
  shop: { host: a, networks: { n: { subnet: 172.20.0.0/24 } }, services: { web: { image: i, networks: [n] }, app: { image: i, networks: [n] } } }
  db: { host: z, services: { pg: { image: i } } }
`);
const world = appliedWorld(topology, freshWorld(topology));

test('containers stand by host in the order of the hosts, then by stack, service and name', () => {
  const all = locateAll('lab', world).map(l => `${l.host} ${l.stack}/${l.service}`);
  expect(all).toEqual(['z db/pg', 'a shop/app', 'a shop/web']);
});

test('another topology has no container here', () => {
  expect(locateAll('other', world)).toEqual([]);
});

test('a service is found by stack and name, its first replica also by number', () => {
  expect(locate(topology, world, 'shop/web')).toMatchObject({
    host: 'a',
    container: { name: 'lab-shop-web-1' },
  });
  expect(locate(topology, world, 'shop/web#1').container.name).toBe('lab-shop-web-1');
});

test('of several containers each is found by its number, and stands in its order', () => {
  const many = resolved(`name: lab
hosts: { a: ssh://a }
stacks: { s: { host: a, services: { web: { image: i, scale: 11 }, none: { image: i, scale: 0 } } } }
`);
  const there = appliedWorld(many, freshWorld(many));
  expect(locate(many, there, 's/web').container.name).toBe('lab-s-web-1');
  expect(locate(many, there, 's/web#10').container.name).toBe('lab-s-web-10');
  expect(locateAll('lab', there).map(nameOf).slice(0, 3)).toEqual(['s/web', 's/web#2', 's/web#3']);
  expect(containersNamed(many, ['s/web#1', 's/web#11'])).toEqual(['s/web', 's/web#11']);
  expect(containersNamed(many, ['s/web'])).toHaveLength(11);
  expect(containersNamed(many, ['s/none'])).toEqual([]);
  expect(() => locate(many, there, 's/web#12')).toThrowError('the container of s/web#12 is not there yet');
});

test('an unknown service is told with the nearest one, or with what there is', () => {
  expect(() => locate(topology, world, 'shop/wbe')).toThrowError(
    expect.objectContaining({ code: 'name.unknown', who: 'user', hint: 'did you mean shop/web?' }),
  );
  expect(() => locate(topology, world, 'nothing-like-it')).toThrowError(
    expect.objectContaining({ hint: 'services are named stack/service: shop/web, shop/app, db/pg' }),
  );
});

test('a container that is not there or does not run is told as such', () => {
  const stopped = changed(world, view => ({
    ...view,
    inventory: {
      ...view.inventory,
      containers: view.inventory.containers.map(c => ({
        ...c,
        state: 'exited',
        status: 'Exited (1) 2 seconds ago',
      })),
    },
  }));
  expect(() => locate(topology, stopped, 'db/pg')).toThrowError(
    'the container of db/pg is not running (Exited (1) 2 seconds ago)',
  );
  expect(() => locate(topology, freshWorld(topology), 'db/pg')).toThrowError(
    'the container of db/pg is not there yet',
  );
});
