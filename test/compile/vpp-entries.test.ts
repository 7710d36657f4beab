import { expect, test } from 'vitest';
import { digestsOf } from '../../src/app/digests.js';
import { compile } from '../../src/compile/index.js';
import { vppFib } from '../../src/kinds/vpp-fib.js';
import { freshWorld, KEY, resolved } from '../fakes/scene.js';

test('a switch that learns nothing is told of every container behind which port it is, shared memory too', () => {
  const topology = resolved(`
name: lab
hosts: { a: ssh://a }
switches: { fast: { kind: vpp, host: a, learn: false } }
stacks:
  s:
    host: a
    services:
      plain: { image: i, interfaces: [{ switch: fast, mac: '02:00:00:00:00:01' }] }
      cnf: { image: i, userspace: { configure: vppctl }, interfaces: [{ switch: fast, via: memif, mac: '02:00:00:00:00:02' }] }
      tapped: { image: i, interfaces: [{ switch: fast, via: tap, mac: '02:00:00:00:00:04' }] }
      app: { image: i, userspace: { configure: userspace-cni }, interfaces: [{ switch: fast, via: vhost-user, mac: '02:00:00:00:00:03' }] }
`);
  const world = freshWorld(topology);
  const { resources } = compile(topology, world.views, digestsOf(world, KEY));
  const fib = resources.find(r => r.kind === 'vpp_fib')!;
  expect(fib.spec).toMatchObject({
    entries: [
      {
        mac: '02:00:00:00:00:01',
        port: expect.stringMatching(/^host-/),
        id: 'a/vpp_host_interface/s/plain:eth1',
      },
      {
        mac: '02:00:00:00:00:02',
        port: expect.stringMatching(/^memif\d+\/0$/),
        id: 'a/vpp_memif/s/cnf:eth1',
      },
      {
        mac: '02:00:00:00:00:04',
        port: expect.stringMatching(/^tap\d+$/),
        id: 'a/vpp_tap/s/tapped:eth1',
      },
      {
        mac: '02:00:00:00:00:03',
        port: expect.stringMatching(/^VirtualEthernet0\/0\/\d+$/),
        id: 'a/vpp_vhost_user/s/app:eth1',
      },
    ],
  });
  const kinds = resources
    .filter(r => ['vpp_memif', 'vpp_tap', 'vpp_vhost_user'].includes(r.kind))
    .map(r => r.kind);
  expect(vppFib.after).toEqual(expect.arrayContaining(kinds));
});
