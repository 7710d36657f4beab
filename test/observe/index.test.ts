import { expect, test } from 'vitest';
import { observe } from '../../src/observe/index.js';
import { emptyInventory, type HostView, type Resource } from '../../src/core/index.js';
import { base, box, fake, part } from '../fakes/arbitrary.js';
import { fakeRegistry } from '../fakes/kinds.js';
import { type Thing, World } from '../fakes/world.js';

const thing = ({ id, mark, spec }: Resource): Thing => ({ id, mark, fields: spec as Thing['fields'] });
const look = (resources: readonly Resource[], views: readonly HostView[]): ReturnType<typeof observe> =>
  observe({ topology: 'fake', resources, views, registry: fakeRegistry });

test('wanted things are absent, present or foreign; marked ones that nobody wants are strays', () => {
  const world = new World();
  const [b0, b1, b2] = [0, 1, 2].map(n => base('a', `b${n}`, { subnet: n, tune: 0 })) as [
    Resource,
    Resource,
    Resource,
  ];
  world.place(thing(b0));
  world.place({ id: b1.id, fields: {} });
  world.place(thing(part('a', 'p0', { base: 'b0', shape: 0, value: 0 })));
  world.place(thing(box('a', 'x0', { image: 0, limit: 0, bases: [] })));
  world.place({ id: 'a/box/theirs', fields: {} });
  const { observations, strays } = look([b2, b1, b0], [world.view('a')]);
  expect(observations.get(b0.id)).toEqual({ is: 'present', state: b0.spec });
  expect(observations.get(b1.id)).toEqual({ is: 'foreign', holder: 'an unmarked base called b1' });
  expect(observations.get(b2.id)).toEqual({ is: 'absent' });
  expect(strays.map(s => [s.id, s.kind, s.host, s.name])).toEqual([
    ['a/box/x0', 'box', 'a', 'x0'],
    ['a/part/p0', 'part', 'a', 'p0'],
  ]);
});

test('a host that nothing is wanted of is looked at for strays; another topology is none of ours', () => {
  const world = new World();
  world.place(thing(base('b', 'b0', { subnet: 0, tune: 0 })));
  world.place({ id: 'b/base/b1', mark: 'topo:other:abcdefghijkl', fields: {} });
  const { observations, strays } = look([], [world.view('a'), world.view('b')]);
  expect(observations.size).toBe(0);
  expect(strays.map(s => s.id)).toEqual(['b/base/b0']);
});

test('the same name on two hosts is two things', () => {
  const world = new World();
  const [here, there] = [base('a', 'b0', { subnet: 0, tune: 0 }), base('b', 'b0', { subnet: 0, tune: 0 })];
  world.place(thing(there));
  const { observations } = look([here, there], [world.view('a'), world.view('b')]);
  expect([observations.get(here.id)?.is, observations.get(there.id)?.is]).toEqual(['absent', 'present']);
});

test('what could not be read is unknown, and so is a host that was not', () => {
  const wanted = base('a', 'b0', { subnet: 0, tune: 0 });
  const view = {
    ...new World().view('a'),
    inventory: { ...emptyInventory(), unread: { links: 'ip is missing' } },
  };
  expect(look([wanted], [view]).observations.get(wanted.id)).toMatchObject({
    is: 'unknown',
    why: { summary: 'ip is missing' },
  });
  const unread = look([wanted], []).observations.get(wanted.id);
  expect(unread).toMatchObject({ is: 'unknown', why: { code: 'host.unread', host: 'a' } });
});

test('what was made on a host and can not be seen there is unknown, even if nobody wants it any more', () => {
  const world = new World();
  world.place(thing(base('a', 'b0', { subnet: 0, tune: 0 })));
  world.records.set('a', { 'a/base/b0': 'digest', 'a/box/x0': 'digest' });
  const view = world.view('a');
  const reading = (
    unread: HostView['inventory']['unread'],
    links = view.inventory.links,
  ): ReturnType<typeof observe> => look([], [{ ...view, inventory: { ...view.inventory, links, unread } }]);
  expect(reading({}).observations.size).toBe(0);
  expect(reading({ volumes: 'the engine is down' }).observations.size).toBe(0);
  const blind = reading({ links: 'ip is missing' }, []);
  expect(blind.observations.get('a/box/x0')).toMatchObject({
    is: 'unknown',
    why: { code: 'host.unread', host: 'a' },
  });
  expect([...blind.observations.keys()]).toEqual(['a/base/b0', 'a/box/x0']);
  const wanted = base('a', 'b0', { subnet: 0, tune: 0 });
  const told = look(
    [wanted],
    [{ ...view, inventory: { ...view.inventory, unread: { links: 'ip is missing' } } }],
  );
  expect(told.observations.get(wanted.id)).toMatchObject({ why: { code: 'host.unreadable' } });
});

test('a kind that is not registered is a bug', () => {
  expect(() => look([fake('a', 'teapot', 't', {})], [])).toThrow("no resource kind is called 'teapot'");
});
