import { expect, test } from 'vitest';
import { digestsOf } from '../../src/app/digests.js';
import { compile } from '../../src/compile/index.js';
import { freshWorld, KEY, resolved } from '../fakes/scene.js';

test('a wire between two VPP switches of one host is a port of each', () => {
  const topology = resolved(`
name: lab
hosts: { a: ssh://a }
switches: { one: { kind: vpp, host: a }, two: { kind: vpp, host: a } }
links: [[one, two]]
`);
  const world = freshWorld(topology);
  const { resources } = compile(topology, world.views, digestsOf(world, KEY));
  const ports = resources.filter(r => r.kind === 'vpp_host_interface');
  expect(ports.map(r => [r.name, r.group.name])).toEqual([
    ['one--two on one', 'one'],
    ['one--two on two', 'two'],
  ]);
});
