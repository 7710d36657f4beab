import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  parseFdb,
  parseIptables,
  parseLinks,
  parseListeners,
  parseNeighbours,
  parseRoutes,
  parseSysctls,
  parseTable,
  parseTableNames,
} from '../../src/tools/index.js';

/** Recorded on Debian 12: iproute2 6.1, iptables 1.8.9 (nf_tables), nft 1.0.6, kernel 6.18. */
function recorded(file: string): string {
  return readFileSync(new URL(`data/${file}`, import.meta.url), 'utf8');
}

describe('ip', () => {
  test('devices with their addresses, link-local ones left out', () => {
    const links = parseLinks(recorded('ip-address.json'));
    expect(links.map(l => [l.name, l.kind, l.up, l.addresses])).toEqual([
      ['lo', '', true, ['127.0.0.1/8', '::1/128']],
      ['eth9', 'veth', true, []],
      ['eth0', 'veth', true, ['198.18.0.2/24']],
      ['vxlan1000', 'vxlan', true, ['10.1.1.2/24', 'fd00::2/64']],
      ['vxlan1001', 'vxlan', false, []],
    ]);
    expect(links[3]).toMatchObject({
      mtu: 1450,
      mac: '02:aa:bb:cc:dd:ee',
      alias: 'topo:x:abcdefghijkl host/lab1/vxlan',
      group: 'default',
      data: { id: 1000, port: 4789, local: '198.18.0.2', df: 'set', learning: true },
    });
    expect(links[4]).toMatchObject({ alias: '', group: '1234567890' });
  });

  test('which addresses last for a time', () => {
    const address = { family: 'inet', prefixlen: 24, scope: 'global' };
    const addr_info = [
      { ...address, local: '10.0.0.1' },
      { ...address, local: '10.0.0.9', dynamic: true, valid_life_time: 100 },
    ];
    const [eth1] = parseLinks(JSON.stringify([{ ifname: 'eth1', addr_info }]));
    expect(eth1).toMatchObject({ addresses: ['10.0.0.1/24', '10.0.0.9/24'], leased: ['10.0.0.9/24'] });
  });

  test('the other end of a pair, in this namespace by its name, in another by its index', () => {
    const links = parseLinks(
      JSON.stringify([
        { ifname: 'e0', link: 'e1' },
        { ifname: 'f0', link_index: 7, link_netnsid: 0 },
      ]),
    );
    expect(links.map(l => [l.other, l.peer])).toEqual([
      ['e1', undefined],
      [undefined, 7],
    ]);
  });

  test('IPv4 routes: names of protocols back as numbers, one per next hop, the local table left out', () => {
    const route = { family: 4, metric: 0, table: 'main', protocol: 3 };
    expect(parseRoutes(recorded('ip-route-4.json'), 4)).toEqual([
      { ...route, dst: '0.0.0.0/0', via: '198.18.0.1', dev: 'eth0' },
      { ...route, dst: '10.1.1.0/24', dev: 'vxlan1000', protocol: 2, source: '10.1.1.2' },
      { ...route, dst: '10.200.0.0/16', via: '198.18.0.1', dev: 'eth0' },
      { ...route, dst: '10.200.0.0/16', via: '198.18.0.9', dev: 'eth0' },
      { ...route, dst: '10.201.0.0/16' },
      { ...route, dst: '10.202.0.1/32', dev: 'eth0', metric: 50 },
      {
        ...route,
        dst: '172.30.0.0/16',
        via: '10.1.1.3',
        dev: 'vxlan1000',
        protocol: 116,
        source: '10.1.1.2',
        mtu: 1450,
      },
      { ...route, dst: '198.18.0.0/24', dev: 'eth0', protocol: 2, source: '198.18.0.2' },
    ]);
  });

  test('IPv6 routes', () => {
    const routes = parseRoutes(recorded('ip-route-6.json'), 6);
    expect(routes.map(r => [r.dst, r.via, r.protocol, r.metric, r.mtu]).slice(0, 4)).toEqual([
      ['fd00::/64', undefined, 2, 256, undefined],
      ['fd01::/64', 'fd00::3', 116, 1024, undefined],
      ['fd02::/64', 'fd00::3', 116, 1024, 1400],
      ['fe80::/64', undefined, 2, 256, undefined],
    ]);
    expect(routes.at(-1)).toMatchObject({ dst: '::/0', via: 'fd00::9', protocol: 3 });
    expect(routes.some(r => r.table === '255')).toBe(false);
  });

  test('neighbours, permanent ones told from the rest', () => {
    const neighbours = parseNeighbours(recorded('ip-neigh.json'));
    expect(neighbours).toContainEqual({
      dev: 'vxlan1000',
      address: '10.1.1.3',
      mac: '02:11:22:33:44:55',
      permanent: true,
    });
    expect(neighbours.filter(n => n.permanent)).toHaveLength(1);
  });

  test('a host without an answer has nothing, an answer that is no list is refused', () => {
    expect(parseLinks('')).toEqual([]);
    expect(parseLinks('[{}]')).toEqual([]);
    expect(() => parseLinks('{"a":1}')).toThrow('expected a JSON array');
  });
});

test('bridge: entries with and without a destination', () => {
  const entries = parseFdb(recorded('bridge-fdb.json')).filter(e => e.dev === 'vxlan1000');
  expect(entries).toEqual([
    { dev: 'vxlan1000', mac: '02:11:22:33:44:67', dst: '198.18.0.3', state: 'permanent' },
    { dev: 'vxlan1000', mac: '02:11:22:33:44:66', dst: '198.18.0.3', state: 'static' },
    { dev: 'vxlan1000', mac: '02:11:22:33:44:55', dst: '198.18.0.3', state: 'permanent' },
    { dev: 'vxlan1000', mac: '00:00:00:00:00:00', dst: '198.18.0.3', state: 'permanent' },
    { dev: 'vxlan1000', mac: '00:00:00:00:00:00', dst: '198.18.0.4', state: 'permanent' },
  ]);
  expect(parseFdb(recorded('bridge-fdb.json'))[0]).not.toHaveProperty('dst');
});

describe('iptables', () => {
  test('tables, chains, policies and rules in order', () => {
    const rules = parseIptables(recorded('iptables-save.txt'));
    expect(Object.keys(rules).sort()).toEqual(['filter', 'raw']);
    expect(rules['filter']!['FORWARD']).toEqual({ policy: 'ACCEPT', rules: ['-j DOCKER-USER'] });
    expect(rules['filter']!['DOCKER-USER']!.policy).toBe('-');
    expect(rules['filter']!['DOCKER-USER']!.rules.at(-1)).toBe('-j RETURN');
    expect(rules['raw']!['PREROUTING']!.rules).toEqual([
      '-i vxlan1000 -m comment --comment "topo:x:a" -j ACCEPT',
    ]);
  });

  test('a table that it cannot show is not an empty one', () => {
    const text = "# Table `filter' is incompatible, use 'nft' tool.\n";
    expect(() => parseIptables(text)).toThrow('incompatible');
  });
});

test('nft: names of all tables, and of a whole one the comments of its rules', () => {
  const [names, json] = [
    recorded('nft.txt').split('\n').slice(0, 5),
    recorded('nft.txt')
      .split('\n')
      .filter(l => l.startsWith('{')),
  ];
  expect(parseTableNames(names.join('\n'))).toContainEqual({ family: 'ip', name: 'filter' });
  expect(parseTable(json[0]!)).toEqual({
    family: 'inet',
    name: 'topo_x_abc',
    chains: {
      forward: {
        type: 'filter',
        hook: 'forward',
        priority: 10,
        policy: 'accept',
        comments: ['topo:x:abcdefghijkl 12345678', 'topo:x:abcdefghijkl 22345678'],
      },
      input: {
        type: 'filter',
        hook: 'input',
        priority: -10,
        policy: 'accept',
        comments: ['topo:x:abcdefghijkl 32345678'],
      },
    },
  });
});

test('ss: what listens, with its process where it has one', () => {
  expect(parseListeners(recorded('ss.txt'))).toEqual({
    udp: [
      { address: '0.0.0.0', port: 68, process: 'python3', pid: 25849 },
      { address: '0.0.0.0', port: 4789, process: '' },
      { address: '198.18.0.2', port: 4790, process: 'python3', pid: 25849 },
      { address: '*', port: 53, process: 'python3', pid: 25849 },
      { address: 'fe80::54b2:4bff:fe3c:78fe', port: 546, process: 'python3', pid: 25849 },
    ],
    tcp: [
      { address: '0.0.0.0', port: 80, process: 'python3', pid: 25849 },
      { address: 'fd00::2', port: 8080, process: 'python3', pid: 25849 },
    ],
  });
});

test('sysctl: keys and values', () => {
  expect(parseSysctls('net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 2\n')).toEqual({
    'net.ipv4.conf.all.rp_filter': '2',
    'net.ipv4.ip_forward': '1',
  });
});
