import { describe, expect, test } from 'vitest';
import { switchesOf } from '../../src/core/index.js';
import { resolve } from '../../src/resolve/index.js';
import { read } from '../topology/reading.js';

const text = `hosts: { h1: local, h2: sandbox }
stacks:
  shop:
    host: h1
    networks: { internal: { subnet: 172.30.0.0/16, fabric: overlay }, lone: { name: own-name } }
    volumes: { data: , kept: { name: my-data } }
    services:
      web:
        image: nginx
        networks: [internal]
        environment: [GIVEN=1, TAKEN, UNSET]
        volumes: ["data:/a", "kept:/b", "/c:/c"]
      job: { image: busybox, container_name: worker }
  db:
    host: h2
    project: data
    networks:
      internal: { subnet: 172.31.0.0/16, fabric: { switch: overlay, address: 10.1.1.9 } }
      second: { subnet: 172.32.0.0/16, fabric: overlay }
    services: { pg: { image: postgres, networks: [internal, second] } }
switches:
  overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24, mtu: 1400 }
`;

function resolved(file = text) {
  const { topology, locate, diagnostics } = read(file);
  expect(diagnostics).toEqual([]);
  return resolve(topology!, locate, { TAKEN: 'from outside' }).resolved!;
}

describe('names', () => {
  const [shop, db] = resolved().stacks;

  test('projects, containers, networks and volumes are called as Compose would', () => {
    expect([shop!.project, db!.project]).toEqual(['lab-shop', 'data']);
    expect(shop!.services.map(s => s.containers)).toEqual([['lab-shop-web-1'], ['worker']]);
    expect(shop!.networks.map(n => n.name)).toEqual(['lab-shop_internal', 'own-name', 'lab-shop_default']);
    expect(shop!.volumes.map(v => v.name)).toEqual(['lab-shop_data', 'my-data']);
    expect(shop!.services[0]!.mounts.map(m => m.volume)).toEqual(['lab-shop_data', 'my-data', undefined]);
  });

  test('what is external has no project in its name, and many may use it', () => {
    const { stacks } = resolved(`hosts: { h: local }
stacks:
  a: { host: h, networks: { proxy: { external: true } }, volumes: { v: { external: true } }, services: { x: { image: i, networks: [proxy] } } }
  b: { host: h, networks: { mine: { name: proxy, external: true } }, volumes: { v: { external: { name: w } } } }
`);
    expect(stacks.flatMap(s => [...s.networks, ...s.volumes].map(x => x.name))).toEqual([
      ...['proxy', 'v'],
      ...['proxy', 'w'],
    ]);
  });

  test('what a service has of others is called as the engine calls it', () => {
    const { stacks } = resolved(`hosts: { h: local }
stacks:
  a:
    host: h
    networks: { front: , back: , all: { external: true, name: host } }
    services:
      db: { image: i }
      web:
        image: i
        links: ["db:database"]
        external_links: [other, "third:c"]
        volumes_from: ["db:ro", "container:x"]
        networks: { front: { aliases: [w] }, back: { priority: 7 } }
        mac_address: "02:00:00:00:00:01"
      on-host: { image: i, networks: [all] }
`);
    const [, web, host] = stacks[0]!.services;
    expect(web!.settings).toMatchObject({
      links: ['lab-a-db-1:database', 'lab-a-db-1:db-1', 'lab-a-db-1:lab-a-db-1', 'other:other', 'third:c'],
      volumesFrom: ['lab-a-db-1:ro', 'x'],
    });
    expect(web!.networks).toEqual([
      { key: 'back', mac: '02:00:00:00:00:01', priority: 7, aliases: [] },
      { key: 'front', aliases: ['w'] },
    ]);
    expect(host).toMatchObject({ networks: [], settings: { networkMode: 'host' } });
  });

  test('the default network is there where a service names none, and only there', () => {
    expect(shop!.services[1]!.networks).toEqual([{ key: 'default', aliases: [] }]);
    expect(db!.networks.map(n => n.key)).toEqual(['internal', 'second']);
  });

  test('a bridge has a name of its own that a device may have', () => {
    const bridges = [...shop!.networks, ...db!.networks].map(n => n.bridge);
    for (const bridge of bridges) expect(bridge).toMatch(/^tb[a-z2-7]{10}$/);
    expect(new Set(bridges).size).toBe(bridges.length);
  });

  test('a sandbox host carries the name of its topology', () => {
    expect(resolved().hosts.map(h => [h.name, h.sandbox])).toEqual([
      ['h1', undefined],
      ['h2', 'lab-h2'],
    ]);
  });
});

test("environment without a value is taken from outside, and where there is none the image's is taken away", () => {
  expect(resolved().stacks[0]!.services[0]!.environment).toEqual({
    GIVEN: '1',
    TAKEN: 'from outside',
    UNSET: null,
  });
});

test('a switch has its stacks with one overlay address each, however many networks they have on it', () => {
  const [overlay] = switchesOf(resolved(), 'vxlan');
  expect(overlay).toMatchObject({
    kind: 'vxlan',
    name: 'overlay',
    vni: 1000,
    port: 4789,
    mtu: 1400,
    hostAccess: false,
  });
  expect(overlay!.members.slice(1)).toEqual([
    { stack: 'db', host: 'h2', network: 'internal', addresses: ['10.1.1.9/24'] },
    { stack: 'db', host: 'h2', network: 'second', addresses: ['10.1.1.9/24'] },
  ]);
  expect(overlay!.members[0]).toMatchObject({ stack: 'shop', host: 'h1', network: 'internal' });
  const fabrics = resolved().stacks.flatMap(s => s.networks.flatMap(n => n.fabric ?? []));
  expect(fabrics.map(f => f.addresses)).toEqual(overlay!.members.map(m => m.addresses));
});

test('all of it comes from the file alone: twice the same', () => {
  expect(JSON.stringify(resolved())).toBe(JSON.stringify(resolved()));
});

describe('overlay addresses by family', () => {
  const stacks = (fabric: string): string => `hosts: { h: local }
stacks:
  both: { host: h, networks: { n: { subnet: [172.30.0.0/16, "fd00:30::/64"], fabric: ${fabric} } } }
  six: { host: h, networks: { n: { subnet: "fd00:31::/64", fabric: sw } } }
  four: { host: h, networks: { n: { subnet: 172.31.0.0/16, fabric: sw } } }
switches: { sw: { kind: vxlan, subnet: ["fd00:1::/64", 10.1.1.0/24], range: ["fd00:1::ff00/120"] } }
`;
  const byStack = (fabric: string): Record<string, readonly string[]> =>
    Object.fromEntries(
      switchesOf(resolved(stacks(fabric)), 'vxlan')[0]!.members.map(m => [m.stack, m.addresses]),
    );

  test('a stack has one of each family that it has networks of, IPv4 first, from the range of the family', () => {
    const { both, six, four } = byStack('sw');
    expect(both).toHaveLength(2);
    expect(both![0]).toMatch(/^10\.1\.1\.\d+\/24$/);
    expect(both![1]).toMatch(/^fd00:1::ff[0-9a-f]{2}\/64$/);
    expect(six).toEqual([expect.stringMatching(/^fd00:1::ff[0-9a-f]{2}\/64$/)]);
    expect(four).toEqual([expect.stringMatching(/^10\.1\.1\.\d+\/24$/)]);
  });

  test('those of the file are taken, in one spelling, and moves no other', () => {
    const given = byStack('{ switch: sw, address: ["fd00:1:0::0A/64", 10.1.1.7] }');
    expect(given['both']).toEqual(['10.1.1.7/24', 'fd00:1::a/64']);
    expect(given['six']).toEqual(byStack('sw')['six']);
  });
});
