import { expect, test } from 'vitest';
import { accept } from '../../src/kinds/accept.js';
import type { AcceptSpec } from '../../src/kinds/index.js';
import { compile } from '../../src/compile/index.js';
import { freshWorld, resolved } from '../fakes/scene.js';

const topology = resolved(`name: lab
hosts: { a: sandbox, b: sandbox }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: [10.1.1.0/24, 'fd00:1::/64'] } }
stacks:
  shop: { host: a, networks: { net: { subnet: [10.2.1.0/24, 'fd00:2:1::/64'], fabric: overlay } }, services: { web: { image: i, networks: [net] } } }
  db: { host: b, networks: { net: { subnet: [10.2.2.0/24, 'fd00:2:2::/64'], fabric: overlay } }, services: { pg: { image: i, networks: [net] } } }
`);

test('on a sandbox that does not exist yet, rules that its engine may need are missing, not in order', () => {
  const { views } = freshWorld(topology);
  const wanted = compile(topology, views, value => value).resources.filter(
    r => r.host === 'a' && r.kind === 'accept',
  );
  expect(wanted.map(r => (r.spec as AcceptSpec).family).sort()).toEqual([4, 6]);
  expect(
    accept.read(views.get('a')!.inventory, {
      topology: 'lab',
      host: 'a',
      wanted: wanted as never,
    }),
  ).toEqual([]);
});
