import { expect, test } from 'vitest';
import { appliedWorld, changed, decided, freshWorld, resolved, skipping } from '../fakes/scene.js';

const SHARED = 'subnet: 10.60.0.0/16, stretch: wide';
const DUAL = SHARED.replace('10.60.0.0/16', "[10.60.0.0/16, 'fd00:60::/64']");
const text = (wide = '', hosts = 'a: ssh://a, b: ssh://b', of = SHARED): string => `name: lab
hosts: { ${hosts} }
switches: { wide: { kind: vxlan, vni: 7, mode: l2${wide} } }
stacks:
  s:
    host: a
    networks: { shared: { ${of} } }
    services:
      x: { image: i, networks: [shared] }
      p: { image: i, interfaces: [{ switch: wide, mac: '02:00:00:00:00:01', ip: 10.7.0.1/24 }] }
  t:
    host: b
    networks: { shared: { ${of} } }
    services: { y: { image: i, networks: { shared: { ipv4_address: 10.60.128.9 } } } }
`;

const stretched = resolved(text());
const ranges = (topology: ReturnType<typeof resolved>): readonly (readonly (string | undefined)[])[] =>
  topology.stacks.map(({ networks: [shared] }) => shared!.subnets.map(s => s.range));

test('each engine gives addresses of a part of its own, in the order of hosts, by one gateway', () => {
  const dual = resolved(text('', undefined, DUAL));
  expect(ranges(dual)).toEqual([
    ['10.60.0.0/17', 'fd00:60::/96'],
    ['10.60.128.0/17', 'fd00:60::1:0:0/96'],
  ]);
  const gateways = dual.stacks.map(({ networks: [shared] }) => shared!.subnets.map(s => s.gateway));
  expect(gateways).toEqual(Array(2).fill(['10.60.0.1', 'fd00:60::1']));
  expect(ranges(resolved(text('', 'b: ssh://b, a: ssh://a').replace('.128.9', '.0.9')))).toEqual(
    ranges(stretched).toReversed(),
  );
});

test('the bridge of the network is that of the segment, with one MAC on all hosts; containers wait for it', () => {
  const { plan, follows, diagnostics } = decided(stretched, freshWorld(stretched));
  expect(diagnostics).toEqual([]);
  const kinds = plan!.actions.filter(a => a.host === 'a').map(a => `${a.kind} ${a.name}`);
  expect(kinds.filter(k => k.startsWith('bridge '))).toEqual([]);
  const place = (what: string): number => kinds.indexOf(what);
  expect(place('network s/shared')).toBeLessThan(place('gateway wide'));
  expect(place('gateway wide')).toBeLessThan(place('vxlan vxlan7'));
  expect(place('vxlan vxlan7')).toBeLessThan(place('container s/x'));
  const macs = plan!.actions
    .filter(a => a.kind === 'gateway')
    .flatMap(a => a.steps)
    .map(step => /address (\S+)/.exec('stdin' in step ? step.stdin! : '')?.[1]);
  expect(macs[0]).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
  expect(macs).toEqual([macs[0], macs[0]]);
  expect(follows).toEqual([
    'container FDB entries follow once their MACs are known',
    'container neighbour entries follow once their addresses are known',
    'name lists follow once the addresses of the containers are known',
  ]);
});

/** What is on a host once the containers' addresses are known. */
function tables(host: string, topology = stretched): readonly string[] {
  const { fdb, neighbours } = appliedWorld(topology, freshWorld(topology)).views.get(host)!.inventory;
  return [...fdb.map(e => `${e.mac} ${e.dst ?? e.master}`), ...neighbours.map(n => `${n.address} ${n.mac}`)];
}

test('a host knows the containers of the others, by the addresses and MACs that their engines gave, and not its own', () => {
  expect(tables('a')).toEqual([
    '00:00:00:00:00:00 192.0.2.2',
    '02:42:0a:3c:80:09 192.0.2.2',
    '02:42:0a:3c:80:09 bridge',
    '10.7.0.1 02:00:00:00:00:01',
    '10.60.128.9 02:42:0a:3c:80:09',
  ]);
  expect(tables('b', resolved(text(', flood: false')))).toEqual([
    '02:00:00:00:00:01 192.0.2.1',
    '02:42:0a:3c:00:02 192.0.2.1',
    '02:00:00:00:00:01 bridge',
    '02:42:0a:3c:00:02 bridge',
    '10.7.0.1 02:00:00:00:00:01',
    '10.60.0.2 02:42:0a:3c:00:02',
  ]);
});

test('what was applied is as wanted, also where the other host is not read', () => {
  const applied = appliedWorld(stretched, freshWorld(stretched));
  expect(decided(stretched, applied).plan!.actions).toEqual([]);
  for (const host of ['a', 'b'])
    expect(decided(stretched, skipping(applied, [host])).plan!.actions).toEqual([]);
});

test('a container with another address changes what the other hosts know of it, and what is called by its name', () => {
  const moved = changed(appliedWorld(stretched, freshWorld(stretched)), view => {
    const containers = view.inventory.containers.map(c =>
      c.name === 'lab-s-x-1'
        ? { ...c, networks: { 'lab-s_shared': { ...c.networks['lab-s_shared']!, ipv4: '10.60.0.99' } } }
        : c,
    );
    return { ...view, inventory: { ...view.inventory, containers } };
  });
  const { plan } = decided(stretched, moved);
  expect(plan!.actions.map(a => `${a.host}: ${a.verb} ${a.kind}`)).toEqual([
    'a: update names',
    'b: update container_neighbour',
    'b: update names',
  ]);
});

test.each([
  ['1.41', undefined],
  ['1.47', /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/],
])('an engine with API %s is told a MAC that outlives a restart where it takes one', (apiVersion, mac) => {
  const fresh = changed(freshWorld(stretched), view => {
    const { engine } = view.facts;
    return engine.is === 'running'
      ? { ...view, facts: { ...view.facts, engine: { ...engine, apiVersion } } }
      : view;
  });
  const made = decided(stretched, fresh).plan!.actions.filter(
    a => a.kind === 'container' && a.name !== 's/p',
  );
  const told = made.map(a => /"MacAddress":"([^"]*)"/.exec(JSON.stringify(a.steps))?.[1]);
  expect(told).toEqual(
    mac ? [expect.stringMatching(mac), expect.stringMatching(mac)] : [undefined, undefined],
  );
  if (mac) expect(told[0]).not.toBe(told[1]);
});

test('a network that is made anew takes its bridge along, and nothing of the other host', () => {
  const applied = appliedWorld(stretched, freshWorld(stretched));
  const other = resolved(text().replace(/(t:\n.*\n.*stretch: wide)/, '$1, labels: { tier: data }'));
  const actions = decided(other, applied).plan!.actions.map(a => `${a.host}: ${a.verb} ${a.kind} ${a.name}`);
  expect(actions).toEqual([
    'b: replace network t/shared',
    'b: create gateway wide',
    'b: update vxlan vxlan7',
    'b: update container t/y',
  ]);
});

test('a network that is stretched no more keeps nothing of it', () => {
  const applied = appliedWorld(stretched, freshWorld(stretched));
  const plain = resolved(text('', undefined, SHARED.replace(', stretch: wide', '')));
  const actions = decided(plain, applied).plan!.actions.map(a => `${a.host}: ${a.verb} ${a.kind} ${a.name}`);
  expect(actions.filter(a => a.startsWith('b'))).toEqual([
    'b: delete vxlan vxlan7',
    'b: delete gateway wide',
    'b: replace network t/shared',
    'b: update container t/y',
  ]);
});
