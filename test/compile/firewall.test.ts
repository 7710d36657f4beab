import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import type { NftTable } from '../../src/core/index.js';
import { changed, freshWorld, resolved } from '../fakes/scene.js';

const topology = resolved(`name: lab
hosts: { a: ssh://a, b: ssh://b, c: ssh://c }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 } }
stacks:
  shop: { host: a, networks: { net: { subnet: 172.30.0.0/16, fabric: overlay } }, services: { web: { image: i, networks: [net] } } }
  db: { host: b, networks: { net: { subnet: 172.31.0.0/16, fabric: overlay } }, services: { pg: { image: i, networks: [net] } } }
  log: { host: c, services: { d: { image: i } } }
`);

function compiled(host: string, nft: readonly NftTable[]): ReturnType<typeof compile> {
  const world = changed(freshWorld(topology), view =>
    view.host === host ? { ...view, inventory: { ...view.inventory, nft } } : view,
  );
  return compile(topology, world.views, value => value);
}

test('an engine with nftables as its backend is refused on a switch, with the line to set', () => {
  const { diagnostics, resources } = compiled('a', [
    { family: 'ip', name: 'docker-bridges' },
    { family: 'ip6', name: 'docker-bridges' },
  ]);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({ severity: 'error', code: 'engine.firewall', host: 'a' });
  expect(diagnostics[0]!.summary).toContain('table ip docker-bridges');
  expect(diagnostics[0]!.hint).toContain('"firewall-backend": "iptables"');
  expect(resources).toEqual([]);
});

test('it may stand on a host that is on no switch, and other tables may stand anywhere', () => {
  expect(compiled('c', [{ family: 'ip', name: 'docker-bridges' }]).diagnostics).toEqual([]);
  const iptables = ['filter', 'nat', 'raw'].map(name => ({ family: 'ip', name }));
  expect(compiled('a', iptables).diagnostics).toEqual([]);
});
