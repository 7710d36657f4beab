import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import type { NftTable } from '../../src/core/index.js';
import type { AcceptSpec } from '../../src/kinds/index.js';
import { changed, freshWorld, resolved } from '../fakes/scene.js';

const topology = resolved(`name: lab
hosts: { a: ssh://a, b: ssh://b, c: ssh://c }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 } }
stacks:
  shop: { host: a, networks: { net: { subnet: 172.30.0.0/16, fabric: overlay } }, services: { web: { image: i, networks: [net] } } }
  stall: { host: a, networks: { net: { subnet: 172.29.0.0/16, fabric: overlay } }, services: { web: { image: i, networks: [net] } } }
  db: { host: b, networks: { net: { subnet: 172.31.0.0/16, fabric: overlay } }, services: { pg: { image: i, networks: [net] } } }
  log: { host: c, services: { d: { image: i } } }
`);

function compiled(host: string, nft: readonly NftTable[]): ReturnType<typeof compile> {
  const world = changed(freshWorld(topology), view =>
    view.host === host ? { ...view, inventory: { ...view.inventory, nft } } : view,
  );
  return compile(topology, world.views, value => value);
}

test('an engine with nftables as its backend is refused on a switch, with the lines to set', () => {
  const { diagnostics, resources } = compiled('a', [
    { family: 'ip', name: 'docker-bridges' },
    { family: 'ip6', name: 'docker-bridges' },
  ]);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({ severity: 'error', code: 'engine.firewall', host: 'a' });
  expect(diagnostics[0]!.summary).toContain('table ip docker-bridges');
  expect(diagnostics[0]!.hint).toContain('"bridge-accept-fwmark": "0x10/0x10"');
  expect(diagnostics[0]!.hint).toContain('"firewall-backend": "iptables"');
  expect(resources).toEqual([]);
});

test('one that lets another mark through is refused with the mark it has', () => {
  const { diagnostics } = compiled('a', [{ family: 'ip', name: 'docker-bridges', accepts: '0x1/0x1' }]);
  expect(diagnostics[0]!.summary).toContain('but for the mark 0x1/0x1');
});

test('one that lets the mark through is served: its networks trust the fabric, and nothing is asked of DOCKER-USER', () => {
  const { diagnostics, resources } = compiled('a', [
    { family: 'ip', name: 'docker-bridges', accepts: '0x10/0x10' },
    { family: 'ip6', name: 'docker-bridges', accepts: '0x10/0x10' },
  ]);
  expect(diagnostics).toEqual([]);
  const specs = (kind: string): readonly unknown[] =>
    resources.filter(r => r.kind === kind && r.host !== 'c').map(r => r.spec);
  const bridges = topology.stacks.flatMap(s => s.networks).map(n => n.bridge);
  expect(specs('network')).toMatchObject([
    {
      bridge: bridges[0],
      options: { 'com.docker.network.bridge.trusted_host_interfaces': `vxlan1000:${bridges[1]}` },
    },
    {
      bridge: bridges[1],
      options: { 'com.docker.network.bridge.trusted_host_interfaces': `vxlan1000:${bridges[0]}` },
    },
    { options: {} },
  ]);
  const [onA, onB] = specs('accept') as readonly AcceptSpec[];
  expect(onA!.rules.filter(rule => rule.where === undefined)).toEqual([]);
  expect(onB!.rules.filter(rule => rule.where === undefined)).toHaveLength(2);
});

test('it may stand on a host that is on no switch, and other tables may stand anywhere', () => {
  expect(compiled('c', [{ family: 'ip', name: 'docker-bridges' }]).diagnostics).toEqual([]);
  const iptables = ['filter', 'nat', 'raw'].map(name => ({ family: 'ip', name }));
  expect(compiled('a', iptables).diagnostics).toEqual([]);
});
