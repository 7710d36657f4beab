import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import type { Facts, Resource } from '../../src/core/index.js';
import type { ContainerSpec, NetworkSpec } from '../../src/kinds/index.js';
import { freshWorld, resolved } from '../fakes/scene.js';

function compiled(stacks: string, engine: Partial<Facts['engine']> = {}): ReturnType<typeof compile> {
  const topology = resolved(`name: lab\nhosts: { a: ssh://a }\nstacks:\n${stacks}`);
  const inventory = { sysctls: { 'net.ipv6.conf.all.disable_ipv6': '0' } };
  const views = freshWorld(topology, { a: { inventory } }).views;
  const view = views.get('a')!;
  const facts = { ...view.facts, engine: { ...view.facts.engine, ...engine } as Facts['engine'] };
  return compile(topology, new Map(views).set('a', { ...view, facts }), value => value);
}

function specOf<Spec>({ resources }: ReturnType<typeof compile>, id: string): Spec {
  return resources.find(r => r.id === id)!.spec as Spec;
}

/** The container of a stack's only service with these keys. */
function web(keys: string, engine: Partial<Facts['engine']> = {}): ContainerSpec {
  const result = compiled(
    `  s: { host: a, networks: { front: , back: }, volumes: { data: }, services: { web: { image: i, ${keys} } } }`,
    engine,
  );
  expect(result.diagnostics).toEqual([]);
  return specOf<ContainerSpec>(result, 'a/container/s/web');
}

test('a bind is made if it is not there, unless the file says otherwise', () => {
  const { config } = web(
    'volumes: ["/a:/a", "/b:/b:ro,z,rslave", { type: bind, source: /c, target: /c, bind: { create_host_path: false, propagation: shared } }]',
  );
  expect(config.HostConfig).toMatchObject({
    Binds: ['/a:/a:rw', '/b:/b:ro,z,rslave'],
    Mounts: [{ Type: 'bind', Source: '/c', Target: '/c', BindOptions: { Propagation: 'shared' } }],
  });
});

test('a source that Binds could not spell is a mount, and made all the same', () => {
  const { config } = web('volumes: [{ type: bind, source: "/a:b", target: /a }]');
  expect(config.HostConfig).toMatchObject({
    Mounts: [{ Source: '/a:b', BindOptions: { CreateMountpoint: true } }],
  });
});

test('options of volumes, memory and images', () => {
  const { config, needs } = web(
    'volumes: ["data:/d:nocopy", { type: volume, target: /p, volume: { subpath: x, labels: [a=b] } }, { type: tmpfs, target: /t, tmpfs: { size: 1k, mode: 0o700 } }, { type: image, source: nginx, target: /n, image: { subpath: etc } }]',
    { apiVersion: '1.48' },
  );
  expect(config.HostConfig).toMatchObject({
    Mounts: [
      { Type: 'volume', Source: 'lab-s_data', VolumeOptions: { NoCopy: true } },
      { Type: 'volume', Target: '/p', VolumeOptions: { Subpath: 'x', Labels: { a: 'b' } } },
      { Type: 'tmpfs', TmpfsOptions: { SizeBytes: 1024, Mode: 0o700 } },
      { Type: 'image', Source: 'nginx', ImageOptions: { Subpath: 'etc' } },
    ],
  });
  expect(needs.map(n => n.on)).toEqual(['a/volume/s/data', 'a/image/nginx:latest']);
});

test('what a container is told of its networks, and what of it a new one alone has', () => {
  const spec = web(
    'networks: { front: { mac_address: "02:00:00:00:00:01", link_local_ips: [169.254.1.1], gw_priority: 2, interface_name: eth5 }, back: }',
    { apiVersion: '1.49' },
  );
  const options = { 'com.docker.network.endpoint.ifname': 'eth5' };
  expect(spec.networks).toMatchObject([
    {
      name: 'lab-s_front',
      linkLocal: ['169.254.1.1'],
      options: { MacAddress: '02:00:00:00:00:01', GwPriority: 2, DriverOpts: options },
    },
    { name: 'lab-s_back' },
  ]);
  expect(spec.config['MacAddress']).toBe('02:00:00:00:00:01');
  expect(spec.redacted).toMatchObject({ networks: { front: { mac_address: '02:00:00:00:00:01' } } });
});

test('exposed ports stand beside published ones', () => {
  expect(web('ports: ["80:80"], expose: [81]').config['ExposedPorts']).toEqual({
    '80/tcp': {},
    '81/tcp': {},
  });
});

test('what is linked with another, or has its mounts, comes after it', () => {
  const result = compiled(
    '  s: { host: a, services: { db: { image: i }, data: { image: i }, web: { image: i, links: [db], volumes_from: ["data:ro"] } } }',
  );
  const spec = specOf<ContainerSpec>(result, 'a/container/s/web');
  expect(spec.needs.map(n => n.on)).toEqual(['a/container/s/db', 'a/container/s/data']);
  expect(spec.config.HostConfig).toMatchObject({ VolumesFrom: ['lab-s-data-1:ro'] });
  expect(spec.networks[0]!.options).toMatchObject({
    Links: ['lab-s-db-1:db', 'lab-s-db-1:db-1', 'lab-s-db-1:lab-s-db-1'],
  });
});

test('a driver of its own has neither bridge nor MTU of ours; those of the file win for a bridge', () => {
  const result = compiled(`  s:
    host: a
    networks:
      lan: { driver: macvlan, driver_opts: { parent: eth0 } }
      br: { driver_opts: { com.docker.network.bridge.name: br9, com.docker.network.driver.mtu: 1400, x: y } }
      six: { enable_ipv6: true, subnet: fd00:9::/64 }
    services: { web: { image: i, networks: [lan, br, six] } }`);
  expect(specOf<NetworkSpec>(result, 'a/network/s/lan')).toMatchObject({
    driver: 'macvlan',
    options: { parent: 'eth0' },
  });
  expect(specOf<NetworkSpec>(result, 'a/network/s/br')).toMatchObject({
    bridge: 'br9',
    mtu: 1400,
    options: { x: 'y' },
  });
  expect(specOf<NetworkSpec>(result, 'a/network/s/six')).toMatchObject({
    ipv6: true,
    after: [expect.stringContaining('forwarding')],
  });
});

test('what is external in one stack and made by another is that one', () => {
  const result =
    compiled(`  b: { host: a, networks: { proxy: { external: true } }, volumes: { v: { external: true, name: lab-a_v } }, services: { x: { image: i, networks: [proxy], volumes: ["v:/v"] } } }
  a: { host: a, networks: { mine: { name: proxy } }, volumes: { v: } , services: { y: { image: i } } }`);
  const ids = result.resources.map((r: Resource) => r.id).filter(id => /network|volume/.test(id));
  expect(ids).toEqual(
    ['a/network/a/mine', 'a/network/a/default', 'a/volume/a/v'].sort(
      (x, y) => ids.indexOf(x) - ids.indexOf(y),
    ),
  );
  const spec = specOf<ContainerSpec>(result, 'a/container/b/x');
  expect([spec.networks[0]!.id, spec.needs[0]!.on]).toEqual(['a/network/a/mine', 'a/volume/a/v']);
});

test.each([
  ['networks: { front: , back: { mac_address: "02:00:00:00:00:01" } }', '25.0'],
  ['networks: { front: { gw_priority: 1 } }', '28.0'],
  ['networks: { front: { interface_name: eth9 } }', '28.1'],
  ['volumes: [{ type: image, source: i, target: /i }]', '28.0'],
  ['volumes: [{ type: volume, source: data, target: /i, volume: { subpath: x } }]', '26.0'],
  ['volumes: [{ type: bind, source: /a, target: /i, bind: { recursive: writable } }]', '25.0'],
])('an engine that is too old is told: %s', (keys, version) => {
  const stack = `  s: { host: a, networks: { front: , back: }, volumes: { data: }, services: { web: { image: i, ${keys} } } }`;
  const [old, ...others] = compiled(stack).diagnostics;
  expect([old, others]).toMatchObject([
    { code: 'engine.too-old', host: 'a', summary: expect.stringContaining(version) as unknown, place: {} },
    [],
  ]);
  expect(compiled(stack, { apiVersion: '1.49' }).diagnostics).toEqual([]);
});

test('a network without IPv4 needs a newer engine', () => {
  const stack =
    '  s: { host: a, networks: { front: { enable_ipv4: false } }, services: { web: { image: i, networks: [front] } } }';
  expect(compiled(stack).diagnostics).toMatchObject([{ code: 'engine.too-old' }]);
});
