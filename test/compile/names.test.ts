import { expect, test } from 'vitest';
import { compileNames } from '../../src/compile/names.js';
import type { EngineContainer, HostView, Resolved } from '../../src/core/index.js';
import { hostView } from '../fakes/hosts.js';
import { resolved } from '../fakes/scene.js';

const topology = resolved(
  JSON.stringify({
    name: 'lab',
    hosts: { a: 'ssh://a', b: 'ssh://b' },
    switches: {
      red: { kind: 'vxlan', vni: 1, subnet: '10.1.1.0/24' },
      blue: { kind: 'vxlan', vni: 2, subnet: '10.1.2.0/24' },
    },
    stacks: {
      shop: stack('a', { r: ['172.30.0.0/16', 'red'] }, { web: ['r'], cache: ['r'], batch: ['own'] }),
      db: stack('b', { r: ['172.31.0.0/16', 'red'], b: ['172.32.0.0/16', 'blue'] }, { pg: ['r', 'b'] }),
      other: stack('b', { b: ['172.33.0.0/16', 'blue'] }, { app: ['b'] }),
    },
  }),
);

function stack(
  host: string,
  fabric: Record<string, readonly [string, string]>,
  services: Record<string, readonly string[]>,
): unknown {
  const on = Object.entries(fabric).map(([key, [subnet, name]]) => [key, { subnet, fabric: name }]);
  return {
    host,
    networks: { ...Object.fromEntries(on), own: {} },
    services: Object.fromEntries(
      Object.entries(services).map(([key, networks]) => [key, { image: 'busybox', networks }]),
    ),
  };
}

function container(
  name: string,
  addresses: Record<string, string>,
  more: Partial<EngineContainer> = {},
): EngineContainer {
  const networks = Object.entries(addresses).map(([network, ipv4]) => {
    return [network, { networkId: '', ipv4, ipv6: '', mac: '' }] as const;
  });
  return {
    id: `id-${name}`,
    name,
    image: '',
    imageId: '',
    labels: { 'topo.name': 'lab' },
    state: 'running',
    status: '',
    networkMode: '',
    networks: Object.fromEntries(networks),
    ports: [],
    mounts: [],
    ...more,
  };
}

function viewsOf(containers: Record<string, readonly EngineContainer[]>): ReadonlyMap<string, HostView> {
  const engine = {
    is: 'running',
    version: '',
    apiVersion: '',
    arch: '',
    id: '',
    dataRoot: '/data/docker',
  } as const;
  const views = Object.entries(containers).map(([host, own], i) =>
    hostView(host, i + 1, { facts: { engine }, inventory: { containers: own } }),
  );
  return new Map(views.map(v => [v.host, v]));
}

const SHOP = container('lab-shop-web-1', { 'lab-shop_r': '172.30.0.9' });
const CACHE = container('lab-shop-cache-1', { 'lab-shop_r': '172.30.0.3' });
const PG = container('lab-db-pg-1', { 'lab-db_r': '172.31.0.2', 'lab-db_b': '172.32.0.2' });
const APP = container('lab-other-app-1', { 'lab-other_b': '172.33.0.2' });

function listsOf(views: ReadonlyMap<string, HostView>, of: Resolved = topology): Record<string, string[]> {
  const lists = compileNames(of, views).map(({ name, spec }) => {
    return [name, spec.lines.split('\n').slice(0, -1)] as const;
  });
  return Object.fromEntries(lists);
}

test('every container on a switch knows every service on it as service.stack, sorted, and nothing of other switches', () => {
  const red = ['172.30.0.3 cache.shop', '172.31.0.2 pg.db', '172.30.0.9 web.shop'];
  const blue = ['172.33.0.2 app.other', '172.32.0.2 pg.db'];
  expect(listsOf(viewsOf({ a: [SHOP, CACHE], b: [PG, APP] }))).toEqual({
    'shop/web': red,
    'shop/cache': red,
    'db/pg': [blue[0], '172.30.0.3 cache.shop', '172.31.0.2 pg.db', blue[1], '172.30.0.9 web.shop'],
    'other/app': blue,
  });
});

test('where the hosts file is follows from the engine; a container that does not run has none', () => {
  const stopped = { ...CACHE, state: 'exited' };
  const [web, cache] = compileNames(topology, viewsOf({ a: [SHOP, stopped], b: [] }));
  expect(web!.spec).toMatchObject({
    container: 'a/container/shop/web',
    containerName: 'lab-shop-web-1',
    running: { id: 'id-lab-shop-web-1', hostsFile: '/data/docker/containers/id-lab-shop-web-1/hosts' },
    lines: '172.30.0.9 web.shop\n',
  });
  expect(cache!.spec.running).toBeUndefined();
});

test('a container that was renamed by hand is known by what it was made for, another topology’s never', () => {
  const renamed = { ...SHOP, name: 'x', labels: { 'topo.name': 'lab', 'topo.id': 'a/container/shop/web' } };
  expect(listsOf(viewsOf({ a: [renamed], b: [] }))['shop/web']).toEqual(['172.30.0.9 web.shop']);
  const foreign = { ...SHOP, labels: { 'topo.name': 'theirs' } };
  expect(listsOf(viewsOf({ a: [foreign], b: [] }))['shop/web']).toEqual([]);
});

test('an address that the file fixes is known before the container runs', () => {
  const fixed: Resolved = {
    ...topology,
    stacks: topology.stacks.map(s => ({
      ...s,
      services: s.services.map(v =>
        v.key === 'pg' ? { ...v, networks: [{ ...v.networks[0]!, ipv4: '172.31.0.77' }] } : v,
      ),
    })),
  };
  expect(listsOf(viewsOf({ a: [SHOP], b: [] }), fixed)['shop/web']).toEqual([
    '172.31.0.77 pg.db',
    '172.30.0.9 web.shop',
  ]);
});
