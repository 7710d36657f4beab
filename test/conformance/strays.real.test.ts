import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deviceAlias, shortMark, type Found, type ResourceKind } from '../../src/core/index.js';
import { readHost } from '../../src/facts/index.js';
import { accept } from '../../src/kinds/accept.js';
import { guard } from '../../src/kinds/guard.js';
import { vxlan } from '../../src/kinds/vxlan.js';
import { netnsMissing, openNetns, resource, type Netns } from '../support/netns.js';

const topology = 'two-sites';
const id = 'here/vxlan/vxlan1000';
const spec = {
  device: 'vxlan1000',
  vni: 1000,
  port: 4789,
  local: '198.18.0.2',
  mtu: 1450,
  mac: '02:00:00:00:00:0a',
  alias: deviceAlias(topology, id),
};

describe.skipIf(netnsMissing())('what bears our mark and nobody wants', () => {
  let netns: Netns;
  beforeEach(() => {
    netns = openNetns('strays');
  });
  afterEach(() => netns.close());

  const read = async <Spec, State>(kind: ResourceKind<Spec, State>): Promise<readonly Found<State>[]> => {
    const { inventory } = await readHost(netns.host('here'), { topology });
    return kind.read(inventory, { topology, host: 'here', wanted: [] });
  };
  const removeAll = async <Spec, State>(kind: ResourceKind<Spec, State>): Promise<readonly string[]> => {
    const found = await read(kind);
    for (const stray of found) {
      if (stray.is !== 'ours') throw new Error(`${stray.id} is ${stray.is}`);
      netns.run(kind.steps({ verb: 'delete', id: stray.id, have: stray.state }));
    }
    expect(await read(kind)).toEqual([]);
    return found.map(f => f.id);
  };

  test('devices: ours go, whole or half made, another topology and foreign ones stay', async () => {
    const steps = vxlan.steps({ verb: 'create', want: resource(topology, 'vxlan', 'vxlan1000', spec) });
    netns.run(steps);
    const half = { ...spec, device: 'vxlan1001', vni: 1001, mac: '02:00:00:00:00:0b' };
    netns.run(
      vxlan.steps({ verb: 'create', want: resource(topology, 'vxlan', 'vxlan1001', half) }).slice(0, 1),
    );
    const other = {
      ...half,
      device: 'vxlan7',
      vni: 7,
      alias: deviceAlias('two-sites-2', 'here/vxlan/vxlan7'),
    };
    netns.run(vxlan.steps({ verb: 'create', want: resource('two-sites-2', 'vxlan', 'vxlan7', other) }));
    netns.sh('ip link add vxlan9 type vxlan id 9 dstport 4790 local 198.18.0.2');
    expect(await removeAll(vxlan)).toEqual([id, 'here/vxlan/vxlan1001']);
    expect(netns.sh('ip -o link show type vxlan').match(/(?<=^\d+: )\w+/gm)).toEqual(['vxlan7', 'vxlan9']);
  });

  test('a name that something else took meanwhile is refused, and left as it is', () => {
    netns.sh('ip link add vxlan1000 type bridge');
    const steps = vxlan.steps({ verb: 'create', want: resource(topology, 'vxlan', 'vxlan1000', spec) });
    expect(() => netns.run(steps)).toThrow('vxlan1000 is there already and is not of this topology');
    expect(netns.sh('ip -d -o link show dev vxlan1000')).toContain('bridge');
  });

  test('rules: exactly those with the mark go, in every table', async () => {
    const mark = shortMark(topology, 'here/accept/gone');
    netns.sh(`iptables -N DOCKER-USER; iptables -A DOCKER-USER -j RETURN
      iptables -I DOCKER-USER -i vxlan7 -m comment --comment topo:two-sites-2:abcdefghijkl -j ACCEPT`);
    const before = netns.sh('iptables-save -t filter; ip6tables-save').replaceAll(/^#.*$/gm, '');
    netns.sh(`iptables -I DOCKER-USER -i vxlan1000 -m comment --comment ${mark} -j ACCEPT
      iptables -t raw -A PREROUTING -i vxlan1000 -m comment --comment ${mark} -j ACCEPT`);
    expect(await removeAll(accept)).toEqual([`here/accept/${mark}`]);
    expect(netns.sh('iptables-save -t filter; ip6tables-save').replaceAll(/^#.*$/gm, '')).toBe(before);
  });

  test('without the engine its chain is missing: said so, and not made', () => {
    const rules = [{ table: 'filter' as const, chain: 'DOCKER-USER', match: ['-i', 'vxlan1000'] }];
    const want = resource(topology, 'accept', 'overlay', { family: 4 as const, rules });
    expect(() => netns.run(accept.steps({ verb: 'create', want }))).toThrow(
      'no chain DOCKER-USER in table filter of iptables',
    );
    expect(netns.sh('iptables-save -t filter')).not.toContain('DOCKER-USER');
  });

  test('tables: those whose rules bear the mark go', async () => {
    const chain = {
      name: 'door',
      type: 'filter' as const,
      hook: 'input' as const,
      priority: -10,
      rules: ['iifname "x" drop'],
    };
    const want = (name: string, of: string) =>
      resource(of, 'guard', name, { table: `topo_${name}`, chains: [chain] });
    netns.run(guard.steps({ verb: 'create', want: want('aaaaaaaaaa', topology) }));
    netns.run(guard.steps({ verb: 'create', want: want('bbbbbbbbbb', 'two-sites-2') }));
    netns.sh('nft add table inet topo_by_hand');
    expect(await removeAll(guard)).toEqual([`here/guard/${shortMark(topology, 'here/guard/aaaaaaaaaa')}`]);
    expect(netns.sh('nft list tables')).toBe('table inet topo_bbbbbbbbbb\ntable inet topo_by_hand\n');
  });
});
