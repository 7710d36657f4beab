import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import type { Compiled } from '../../src/compile/index.js';
import type { HostView, Inventory, Link, Resource } from '../../src/core/index.js';
import { emptyInventory } from '../../src/core/index.js';
import { resolve } from '../../src/resolve/index.js';
import { read } from '../topology/reading.js';

const eth0: Link = {
  name: 'eth0',
  index: 2,
  kind: '',
  alias: '',
  mac: '',
  mtu: 1500,
  up: true,
  group: 'default',
  data: {},
  addresses: [],
};

/** A host that is there, by its number. */
function view(host: string, n: number, more: Partial<Inventory> = {}): HostView {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': '0', 'net.ipv6.conf.all.forwarding': '0' };
  const links = [{ ...eth0, addresses: [`192.0.2.${n}/24`, `fd00:9::${n}/64`] }];
  return {
    host,
    facts: {
      hostname: host,
      kernel: '',
      arch: '',
      bootId: host,
      netns: host,
      tools: {},
      engine: { is: 'running', version: '20.10', apiVersion: '1.41', arch: '', id: host },
      reachedAt: `192.0.2.${n}`,
    },
    inventory: { ...emptyInventory(), links, sysctls, ...more },
  };
}

interface Underlays {
  readonly a?: string;
  readonly b?: string;
}

/** Host a has a dual-stack stack, b one with IPv6 only. */
function text(underlay: Underlays = {}, mtu = ''): string {
  const host = (name: 'a' | 'b'): string =>
    `{ ssh: ${name}${underlay[name] === undefined ? '' : `, underlay: ${underlay[name]}`} }`;
  return `hosts: { a: ${host('a')}, b: ${host('b')} }
stacks:
  both: { host: a, networks: { n: { subnet: [172.30.0.0/16, "fd00:30::/64"], fabric: { switch: sw, address: [10.1.1.2, "fd00:1::2"] } } }, services: { s: { image: i, networks: { n: { ipv6_address: "fd00:30::9" } } } } }
  six: { host: b, networks: { n: { subnet: "fd00:31::/64", fabric: { switch: sw, address: "fd00:1::3" } } } }
switches: { sw: { kind: vxlan, vni: 1000, subnet: [10.1.1.0/24, "fd00:1::/64"]${mtu} } }
`;
}

function compiled(file: string, a = view('a', 1), b = view('b', 2)): Compiled {
  const { topology, locate, diagnostics } = read(file);
  expect(diagnostics).toEqual([]);
  const { resolved } = resolve(topology!, locate, {});
  return compile(
    resolved!,
    new Map([
      ['a', a],
      ['b', b],
    ]),
    value => value,
  );
}

function specOf<Spec>({ resources }: Compiled, id: string): Spec {
  const found = resources.find(r => r.id === id);
  if (!found) throw new Error(`no ${id} in ${resources.map(r => r.id).join(' ')}`);
  return (found as Resource<Spec>).spec;
}

describe('a fabric of both families', () => {
  const all = compiled(text());

  test('a host has addresses, neighbours and routes of the families that its own stacks have', () => {
    expect(specOf(all, 'a/address/vxlan1000')).toMatchObject({ addresses: ['10.1.1.2/24', 'fd00:1::2/64'] });
    expect(specOf(all, 'b/address/vxlan1000')).toMatchObject({ addresses: ['fd00:1::3/64'] });
    expect(specOf(all, 'b/neighbour/vxlan1000')).toMatchObject({ entries: [{ address: 'fd00:1::2' }] });
    expect(specOf(all, 'b/route/vxlan1000')).toMatchObject({
      routes: [{ dst: 'fd00:30::/64', via: 'fd00:1::2' }],
    });
    expect(specOf(all, 'a/route/vxlan1000')).toMatchObject({
      routes: [{ dst: 'fd00:31::/64', via: 'fd00:1::3' }],
    });
  });

  test('its rules name both families, and close the IPv6 networks to what nobody declared', () => {
    const { chains } = specOf<{ chains: readonly { name: string; rules: readonly string[] }[] }>(
      all,
      'a/guard/sw',
    );
    expect(chains.map(c => c.name)).toEqual(['stamp', 'guard', 'door', 'keep', 'hush']);
    const rules = (name: string): readonly string[] => chains.find(c => c.name === name)!.rules;
    expect(rules('stamp').join('\n')).toMatch(
      /iifname \. ip saddr[^\n]*172\.30.*\n.*ip6 saddr \{ fd00:31::\/64 \}/,
    );
    expect(rules('keep').at(-1)).toContain(
      'ip6 saddr { fd00:30::/64 } ip6 daddr { fd00:30::/64, fd00:31::/64 } snat ip6 to ip6 saddr',
    );
    expect(rules('guard').at(-1)).toMatch(
      /^oifname \. ip6 daddr \{ "tb[a-z2-7]{10}" \. fd00:30::\/64 \} ct state != .* drop$/,
    );
    expect(rules('hush')).toEqual(['oifname "vxlan1000" ip6 daddr ff00::/8 drop']);
  });

  test('nothing of IPv6 is there where no stack has it', () => {
    const four = compiled(
      text()
        .replace(', "fd00:30::/64"]', ']')
        .replace(', "fd00:1::2"]', ']')
        .replace(/, services: .*/, ' }'),
    );
    const ids = four.resources.filter(r => r.host === 'a').map(r => r.id);
    expect(ids.filter(id => /IPv6|ipv6/.test(id))).toEqual([]);
    expect(JSON.stringify(specOf(four, 'a/guard/sw'))).not.toMatch(/ip6|hush/);
  });

  test('networks are made with IPv6 after forwarding is prepared, containers with their address', () => {
    expect(specOf(all, 'a/network/both/n')).toMatchObject({
      ipv6: true,
      after: ['a/sysctl/net.ipv6.conf.all.forwarding'],
    });
    expect(specOf(all, 'a/container/both/s')).toMatchObject({ networks: [{ ipv6: 'fd00:30::9' }] });
  });
});

test('the name of a service has the addresses that the switch leads to, and not the IPv4 that an engine adds by itself', () => {
  const file = text().replace(
    'fabric: { switch: sw, address: "fd00:1::3" } } } }',
    'fabric: sw } }, services: { t: { image: i, networks: [n] } } }',
  );
  const container = {
    id: 'c',
    name: 'lab-six-t-1',
    image: '',
    imageId: '',
    labels: { 'topo.name': 'lab' },
    state: 'running',
    status: '',
    networkMode: '',
    networks: { 'lab-six_n': { networkId: '', ipv4: '172.18.0.2', ipv6: 'fd00:31::2', mac: '' } },
    ports: [],
    mounts: [],
  };
  const all = compiled(file, view('a', 1), view('b', 2, { containers: [container] }));
  expect(specOf(all, 'a/names/both/s')).toMatchObject({
    lines: 'fd00:30::9 s.both\nfd00:31::2 t.six\n',
  });
});

describe('the underlay', () => {
  const tunnel = (all: Compiled): unknown[] =>
    ['a', 'b'].map(h => specOf<{ local: string }>(all, `${h}/vxlan/vxlan1000`).local);

  test.each([
    ['nothing declared', {}, ['192.0.2.1', '192.0.2.2'], 1450],
    ['IPv6 on one host', { b: '"fd00:9::2"' }, ['fd00:9::1', 'fd00:9::2'], 1430],
    [
      'both on one, IPv6 on the other',
      { a: '[192.0.2.1, "fd00:9::1"]', b: '"fd00:9::2"' },
      ['fd00:9::1', 'fd00:9::2'],
      1430,
    ],
    [
      'both on both',
      { a: '[192.0.2.1, "fd00:9::1"]', b: '["fd00:9::2", 192.0.2.2]' },
      ['192.0.2.1', '192.0.2.2'],
      1450,
    ],
    ['an interface beside IPv6', { a: 'eth0', b: '"fd00:9::2"' }, ['fd00:9::1', 'fd00:9::2'], 1430],
  ] as const)('%s: one family at both ends', (_, underlay, locals, mtu) => {
    const all = compiled(text(underlay));
    expect(tunnel(all)).toEqual(locals);
    expect(all.mtuOf.get('sw')).toBe(mtu);
  });

  test('is IPv6 by itself where the hosts have nothing else', () => {
    const only = (host: string, n: number): HostView => {
      const { facts, inventory } = view(host, n, { links: [{ ...eth0, addresses: [`fd00:9::${n}/64`] }] });
      return { host, inventory, facts: { ...facts, reachedAt: `fd00:9::${n}` } };
    };
    expect(tunnel(compiled(text(), only('a', 1), only('b', 2)))).toEqual(['fd00:9::1', 'fd00:9::2']);
  });

  test('without a family in common is an error that names the hosts', () => {
    const { diagnostics } = compiled(text({ a: '192.0.2.1', b: '"fd00:9::2"' }));
    expect(diagnostics.map(d => [d.code, d.summary])).toEqual([
      ['underlay.family', 'the underlay of a is IPv4 only, that of b IPv6 only: no tunnel can join them'],
    ]);
  });

  test('on an interface without an address of the family is an error that names both', () => {
    const bare = view('a', 1, { links: [{ ...eth0, addresses: ['192.0.2.1/24'] }] });
    const { diagnostics } = compiled(text({ a: 'eth0', b: '"fd00:9::2"' }), bare);
    expect(diagnostics.map(d => d.summary)).toEqual([
      'interface eth0 of host a, its underlay, has no IPv6 address',
    ]);
  });
});

describe('a host', () => {
  const route = {
    family: 6,
    dst: '::/0',
    via: 'fe80::1',
    dev: 'eth0.7',
    protocol: 9,
    metric: 1024,
    table: 'main',
  } as const;
  const living = (accept: string, forwarding: string): HostView =>
    view('a', 1, {
      routes: [route],
      sysctls: {
        'net.ipv6.conf.all.disable_ipv6': '0',
        'net.ipv6.conf.all.forwarding': forwarding,
        'net/ipv6/conf/eth0.7/accept_ra': accept,
      },
    });
  const key = 'a/sysctl/net/ipv6/conf/eth0.7/accept_ra';

  test.each([
    ['1', '0', true],
    ['2', '0', true],
    ['2', '1', true],
    ['0', '0', false],
    ['1', '1', false],
  ])(
    'with a route by advertisement, accept_ra %s and forwarding %s: kept = %s',
    (accept, forwarding, kept) => {
      const all = compiled(text(), living(accept, forwarding));
      expect(all.resources.some(r => r.id === key)).toBe(kept);
      const { after } = specOf<{ after?: readonly string[] }>(all, 'a/sysctl/net.ipv6.conf.all.forwarding');
      expect(after).toEqual(kept ? [key] : undefined);
    },
  );

  test('with IPv6 switched off is refused', () => {
    const off = view('a', 1, { sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' } });
    expect(compiled(text(), off).diagnostics).toMatchObject([{ code: 'ipv6.off', host: 'a' }]);
  });

  test('cannot have IPv6 on a switch with an MTU below what IPv6 needs', () => {
    const { diagnostics } = compiled(text({}, ', mtu: 1279'));
    expect(diagnostics).toMatchObject([{ code: 'ipv6.mtu', place: { line: 6 } }]);
    expect(compiled(text({}, ', mtu: 1280')).diagnostics).toEqual([]);
  });
});
