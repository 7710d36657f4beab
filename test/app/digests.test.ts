import { expect, test } from 'vitest';
import { digestsOf } from '../../src/app/digests.js';
import { changed, freshWorld, resolved } from '../fakes/scene.js';

test('where no key can be kept it is the same in every run, and another for every engine', () => {
  const hosts = 'hosts: { a: ssh://a, b: { context: b }, c: { context: c } }';
  const world = changed(freshWorld(resolved(`name: lab\n${hosts}\nstacks: {}\n`)), view =>
    view.host === 'a' ? view : { ...view, facts: { ...view.facts, engineOnly: true } },
  );
  const [one, another] = [digestsOf(world, 'one'), digestsOf(world, 'another')];
  expect(one('s3cret', 'a')).not.toBe(another('s3cret', 'a'));
  expect(one('s3cret', 'b')).toBe(another('s3cret', 'b'));
  expect(new Set(['a', 'b', 'c'].map(host => one('s3cret', host))).size).toBe(3);
  expect(one('other', 'b')).not.toBe(one('s3cret', 'b'));
});
