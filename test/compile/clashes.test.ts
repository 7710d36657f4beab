import { describe, expect, test } from 'vitest';
import { clashes } from '../../src/compile/clashes.js';
import type { Diagnostic, EngineContainer, EngineNetwork, Facts, Inventory } from '../../src/core/index.js';
import { link, route } from '../fakes/hosts.js';
import { appliedWorld, changed, freshWorld, resolved } from '../fakes/scene.js';

const topology = resolved(`name: lab
hosts: { a: ssh://a, b: ssh://b }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 } }
stacks:
  shop:
    host: a
    networks: { net: { subnet: 172.30.0.0/16, fabric: overlay } }
    services: { web: { image: i, networks: [net], ports: ['8080:80', '53:53/udp'] } }
  db: { host: b, networks: { net: { subnet: 172.31.0.0/16, fabric: overlay } }, services: { pg: { image: i, networks: [net] } } }
`);

/** What is told of a world in which host a has these things beside its own. */
function told(more: Partial<Inventory>, facts: Partial<Facts> = {}): readonly Diagnostic[] {
  const world = changed(freshWorld(topology), view =>
    view.host === 'a'
      ? { ...view, facts: { ...view.facts, ...facts }, inventory: add(view.inventory, more) }
      : view,
  );
  return clashes(topology, world.views);
}

function add(inventory: Inventory, more: Partial<Inventory>): Inventory {
  const joined = Object.entries(more).map(([part, items]) => [
    part,
    [...(inventory[part as 'links'] as readonly unknown[]), ...(items as readonly unknown[])],
  ]);
  return { ...inventory, ...(Object.fromEntries(joined) as Partial<Inventory>) };
}

/** `code: the words asked for that stand in the summary`: what is said around them may be put better. */
const naming = (diagnostics: readonly Diagnostic[], ...words: readonly string[]): readonly string[] =>
  diagnostics.map(d => [`${d.code}:`, ...words.filter(word => d.summary.includes(word))].join(' '));

test('a fresh world has room, and so has the one that topo made', () => {
  expect(told({})).toEqual([]);
  expect(clashes(topology, appliedWorld(topology, freshWorld(topology)).views)).toEqual([]);
});

describe('subnets', () => {
  const network = (subnet: string, labels = {}): EngineNetwork => ({
    id: 'abcdef012345678',
    name: 'theirs',
    driver: 'bridge',
    subnets: [subnet],
    gateways: [],
    options: {},
    labels,
    internal: false,
    ipv6: false,
  });

  test('of a Docker network that topo did not make are taken, and told once, by the network', () => {
    const routes = [route('172.30.0.0/24', { dev: 'br-abcdef012345' })];
    expect(
      naming(told({ networks: [network('172.30.0.0/24')], routes }), '172.30.0.0/16', 'network theirs'),
    ).toEqual(['subnet.taken: 172.30.0.0/16 network theirs']);
  });

  test('of another topology are taken too, of this one not', () => {
    expect(told({ networks: [network('172.30.0.0/24', { 'topo.name': 'other' })] })).toHaveLength(1);
    expect(told({ networks: [network('172.30.0.0/24', { 'topo.name': 'lab' })] })).toEqual([]);
  });

  test('that an equal or more specific route leads into are taken; a default and other tables are nothing', () => {
    const nearer = route('172.30.4.0/24', { via: '192.0.2.9', dev: 'eth0' });
    expect(
      naming(told({ routes: [nearer] }), '172.30.0.0/16', '172.30.4.0/24 via 192.0.2.9 dev eth0'),
    ).toEqual(['subnet.taken: 172.30.0.0/16 172.30.4.0/24 via 192.0.2.9 dev eth0']);
    expect(told({ routes: [route('10.1.1.0/24', { dev: 'eth0' })] })).toHaveLength(1);
    expect(
      told({
        routes: [
          route('0.0.0.0/0', { via: '192.0.2.9', dev: 'eth0', metric: 50 }),
          route('172.30.1.0/24', { dev: 'eth0', table: '100' }),
        ],
      }),
    ).toEqual([]);
  });

  test('that a broader route leads to, too, are told once a route, by a warning, where they are on a fabric', () => {
    const broad = route('172.16.0.0/12', { via: '192.0.2.9', dev: 'eth0' });
    const [warning, ...more] = told({ routes: [broad, route('10.0.0.0/8', { dev: 'vxlan7' })] });
    expect(warning).toMatchObject({
      severity: 'warning',
      code: 'subnet.within',
      host: 'a',
      summary: expect.stringMatching(
        /172\.16\.0\.0\/12 via 192\.0\.2\.9 dev eth0 .*172\.30\.0\.0\/16 .*1 more/,
      ),
      place: { line: 7 },
    });
    expect(naming(more, '10.0.0.0/8', '10.1.1.0/24 of switch overlay')).toEqual([
      'subnet.within: 10.0.0.0/8 10.1.1.0/24 of switch overlay',
    ]);
    const apart = resolved(`name: lab
hosts: { a: ssh://a }
stacks: { shop: { host: a, networks: { net: { subnet: 172.30.0.0/16 } }, services: { web: { image: i, networks: [net] } } } }
`);
    const world = changed(freshWorld(apart), v => ({
      ...v,
      inventory: add(v.inventory, { routes: [broad] }),
    }));
    expect(clashes(apart, world.views)).toEqual([]);
  });

  test("that a route of topo's own leads to are its own matter", () => {
    const links = [link('vxlan1000', { kind: 'vxlan', alias: 'topo:lab:x a/vxlan/vxlan1000' })];
    expect(told({ links, routes: [route('10.0.0.0/8', { dev: 'vxlan1000' })] })).toEqual([]);
  });

  test('that hold the address by which the host is reached would cut it off', () => {
    for (const facts of [{ reachedAt: '172.30.0.5' }, { reachedFrom: '10.1.1.77' }]) {
      expect(told({}, facts)).toMatchObject([{ code: 'subnet.carries', host: 'a' }]);
    }
  });
});

describe('a VNI', () => {
  const holder = (more: object, alias = ''): Partial<Inventory> => ({
    links: [link('vx7', { kind: 'vxlan', alias, data: { id: 1000, port: 4789, ...more } })],
  });

  test('that another device holds on the same port is told with it, at the place of the switch', () => {
    expect(told(holder({}))).toMatchObject([
      {
        code: 'vni.taken',
        host: 'a',
        summary: expect.stringContaining('VNI 1000 on UDP port 4789 is held by device vx7'),
        place: { file: 'topology.yaml', line: 3 },
      },
    ]);
    expect(naming(told(holder({}, 'topo:other:abc a/vxlan/vx7')), "topology other's device vx7")).toEqual([
      "vni.taken: topology other's device vx7",
    ]);
  });

  test('is free where the port or the number is another', () => {
    expect(told(holder({ port: 8472 }))).toEqual([]);
    expect(told(holder({ id: 1001 }))).toEqual([]);
  });

  test("needs its UDP port: the kernel's own sockets have no process, a program's has", () => {
    const socket = (process: string): Partial<Inventory> => ({
      udp: [{ address: '0.0.0.0', port: 4789, process }],
    });
    expect(told(socket(''))).toEqual([]);
    expect(naming(told(socket('weave')), '4789', 'weave')).toEqual(['port.taken: 4789 weave']);
  });

  test('shares its port with devices that read frames alike, and with no others', () => {
    const other = (data: object): Partial<Inventory> => ({
      links: [link('ovs0', { kind: 'vxlan', data: { id: 0, port: 4789, ...data } })],
    });
    expect(told(other({ external: false }))).toEqual([]);
    expect(told(other({ port: 4790, external: true }))).toEqual([]);
    for (const mode of ['external', 'gbp'])
      expect(naming(told(other({ [mode]: true })), '4789', `device ovs0 alone (${mode})`)).toEqual([
        `port.taken: 4789 device ovs0 alone (${mode})`,
      ]);
  });
});

describe("an engine's swarm", () => {
  const engine = (swarm: { readonly port?: number } | undefined): Partial<Facts> => ({
    engine: { is: 'running', version: '', apiVersion: '', arch: '', id: '', ...(swarm && { swarm }) },
  });
  const udp = [{ address: '0.0.0.0', port: 4789, process: '' }];
  const overlay = (vnis: string): EngineNetwork => ({
    id: 'f',
    name: 'ingress',
    driver: 'overlay',
    subnets: [],
    gateways: [],
    options: { 'com.docker.network.driver.overlay.vxlanid_list': vnis },
    labels: {},
    internal: false,
    ipv6: false,
  });

  test("on the switch's port is named, as a warning: both work", () => {
    expect(told({}, engine({ port: 4789 }))).toMatchObject([
      {
        severity: 'warning',
        code: 'port.shared',
        host: 'a',
        summary: expect.stringMatching(/4789.*overlay.*swarm/),
        place: { line: 3 },
      },
    ]);
    expect(told({ udp }, engine({ port: 7789 }))).toEqual([]);
    expect(told({ udp }, engine(undefined))).toEqual([]);
  });

  test('whose port a worker does not know shows by a socket that no device explains', () => {
    expect(told({ udp }, engine({})).map(d => d.code)).toEqual(['port.shared']);
    expect(told({}, engine({}))).toEqual([]);
    const links = [link('vx7', { kind: 'vxlan', data: { id: 7, port: 4789 } })];
    expect(told({ udp, links }, engine({}))).toEqual([]);
  });

  test('holds the VNIs of its networks, whose devices are out of sight', () => {
    const held = (vnis: string, port: number): readonly string[] =>
      naming(told({ networks: [overlay(vnis)] }, engine({ port })), 'VNI 1000', 'network ingress');
    expect(held('4096,1000', 4789)).toContain('vni.taken: VNI 1000 network ingress');
    expect(held('4096', 4789)).toEqual(['port.shared:']);
    expect(held('1000', 7789)).toEqual([]);
  });
});

describe('a published port', () => {
  const container = (labels = {}): EngineContainer => ({
    id: 'c',
    name: 'theirs',
    image: 'i',
    imageId: 'sha256:1',
    labels,
    state: 'running',
    status: 'Up',
    networkMode: 'bridge',
    networks: {},
    ports: [{ ip: '0.0.0.0', host: 8080, container: 80, protocol: 'tcp' }],
    mounts: [],
  });

  test("that a container has is told with it, at the place of the service's ports", () => {
    expect(told({ containers: [container()] })).toMatchObject([
      {
        code: 'port.taken',
        host: 'a',
        summary: expect.stringContaining('container theirs'),
        place: { file: 'topology.yaml', line: 8 },
      },
    ]);
    expect(told({ containers: [container({ 'topo.name': 'lab' })] })).toEqual([]);
  });

  test('that a program listens on is told with it, protocol by protocol', () => {
    const tcp = [{ address: '0.0.0.0', port: 8080, process: 'nginx' }];
    const udp = [{ address: '127.0.0.53', port: 53, process: 'systemd-resolve' }];
    expect(naming(told({ tcp, udp }), '8080', '53', 'nginx', 'systemd-resolve')).toEqual([
      'port.taken: 8080 nginx',
      'port.taken: 53 systemd-resolve',
    ]);
    expect(told({ tcp: [{ ...udp[0]! }], udp: [{ ...tcp[0]! }] })).toEqual([]);
    expect(told({ tcp: [{ address: '::', port: 8080, process: 'docker-proxy' }] })).toEqual([]);
  });
});

test("one machine under two names is told, sandboxes and the operator's machine are not", () => {
  const twins = changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, bootId: 'one', netns: '1' },
  }));
  expect(clashes(topology, twins.views)).toMatchObject([
    { code: 'host.twice', summary: expect.stringContaining('same machine') },
  ]);
  const apart = changed(twins, view => ({ ...view, facts: { ...view.facts, netns: view.host } }));
  expect(clashes(topology, apart.views)).toEqual([]);
});
