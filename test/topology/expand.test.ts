import { describe, expect, test } from 'vitest';
import { host, read, service } from './reading.js';

describe('hosts', () => {
  test.each([
    ['local', { is: 'local' }],
    ['{ local: true }', { is: 'local' }],
    ['sandbox', { is: 'sandbox' }],
    ['{ sandbox: true }', { is: 'sandbox' }],
    ['{ sandbox: { engine: /opt/docker-28/bin } }', { is: 'sandbox', engine: '/opt/docker-28/bin' }],
    ['ssh://tera', { is: 'ssh', address: 'tera' }],
    ['ssh://alon@tera', { is: 'ssh', user: 'alon', address: 'tera' }],
    ['ssh://root@192.0.2.1:2222', { is: 'ssh', user: 'root', address: '192.0.2.1', port: 2222 }],
    ['"ssh://root@[2001:db8::1]:22"', { is: 'ssh', user: 'root', address: '2001:db8::1', port: 22 }],
    ['{ ssh: alon@big:2222 }', { is: 'ssh', user: 'alon', address: 'big', port: 2222 }],
    ['{ ssh: ssh://big }', { is: 'ssh', address: 'big' }],
  ])('%s', (value, form) => {
    expect(host(value)).toEqual({ form, underlay: [], acceptNewHostKey: false });
  });

  test('the other keys', () => {
    const keys = 'underlay: 192.0.2.9, sudo: false, docker_socket: /run/d.sock, accept_new_host_key: true';
    expect(host(`{ ssh: big, ${keys} }`)).toEqual({
      form: { is: 'ssh', address: 'big' },
      underlay: ['192.0.2.9'],
      sudo: false,
      dockerSocket: '/run/d.sock',
      acceptNewHostKey: true,
    });
  });

  test.each([
    'ssh://-oProxyCommand=x',
    'ssh://a@-b',
    'ssh://a b',
    '{ ssh: -tera }',
    'ssh://',
    'ssh://h/path',
  ])('%s is refused', value => {
    expect(read(`hosts: { h: "${value}" }`).diagnostics.map(d => d.code)).toEqual(['value.invalid']);
  });
});

describe('services', () => {
  test('an image is enough', () => {
    expect(service('')).toEqual({
      image: 'busybox',
      files: [],
      replicas: 1,
      environment: {},
      ports: [],
      labels: {},
      restart: { name: 'no' },
      volumes: [],
      pullPolicy: { is: 'missing' },
      dependsOn: {},
      postStart: [],
      limits: {},
      interfaces: [],
      waitForInterfaces: false,
      settings: {},
    });
  });

  test.each([
    ['sh -c "echo a b" c\\ d', ['sh', '-c', 'echo a b', 'c d']],
    ['[sh, -c, "a  b"]', ['sh', '-c', 'a  b']],
    ['[]', []],
    ['', undefined],
  ])('command: %s', (value, words) => {
    expect(service(`command: ${value}\nentrypoint: ${value}`)).toMatchObject(
      words ? { command: words, entrypoint: words } : {},
    );
    expect(Object.hasOwn(service(`command: ${value}`), 'command')).toBe(words !== undefined);
  });

  test.each(['{ A: 1, B: "x=y", C: true, D: , E: "" }', '[A=1, B=x=y, C=true, D, E=]'])(
    'environment: %s',
    value => {
      expect(service(`environment: ${value}`).environment).toEqual({
        A: '1',
        B: 'x=y',
        C: 'true',
        D: null,
        E: '',
      });
      expect(service(`labels: ${value}`).labels).toEqual({ A: '1', B: 'x=y', C: 'true', D: '', E: '' });
    },
  );

  test.each([
    ['80', [{ container: 80, protocol: 'tcp' }]],
    ['"80"', [{ container: 80, protocol: 'tcp' }]],
    ['"8080:80"', [{ container: 80, protocol: 'tcp', host: 8080 }]],
    ['8080:80', [{ container: 80, protocol: 'tcp', host: 8080 }]],
    ['"127.0.0.1:53:53/udp"', [{ container: 53, protocol: 'udp', hostIp: '127.0.0.1', host: 53 }]],
    ['"127.0.0.1::53"', [{ container: 53, protocol: 'tcp', hostIp: '127.0.0.1' }]],
    ['"[::1]:80:80"', [{ container: 80, protocol: 'tcp', hostIp: '::1', host: 80 }]],
    [
      '"90-91:80-81"',
      [
        { container: 80, protocol: 'tcp', host: 90 },
        { container: 81, protocol: 'tcp', host: 91 },
      ],
    ],
    [
      '"80-81"',
      [
        { container: 80, protocol: 'tcp' },
        { container: 81, protocol: 'tcp' },
      ],
    ],
    ['{ target: 80 }', [{ container: 80, protocol: 'tcp' }]],
    [
      '{ target: 80, published: "8080", host_ip: 127.0.0.1, protocol: sctp }',
      [{ container: 80, protocol: 'sctp', hostIp: '127.0.0.1', host: 8080 }],
    ],
  ])('ports: [%s]', (value, ports) => {
    expect(service(`ports: [${value}]`).ports).toEqual(ports);
  });

  test.each([
    ['data:/d', { type: 'volume', source: 'data', target: '/d', readOnly: false }],
    ['data:/d:ro', { type: 'volume', source: 'data', target: '/d', readOnly: true }],
    ['/d', { type: 'volume', target: '/d', readOnly: false }],
    ['/a:/d:rw', { type: 'bind', source: '/a', target: '/d', readOnly: false }],
    ['./a:/d', { type: 'bind', source: '/topology/a', target: '/d', readOnly: false }],
    ['../a:/d', { type: 'bind', source: '/a', target: '/d', readOnly: false }],
    ['~/a:/d', { type: 'bind', source: '/home/me/a', target: '/d', readOnly: false }],
    [
      '{ type: bind, source: ./a, target: /d, read_only: true }',
      { type: 'bind', source: '/topology/a', target: '/d', readOnly: true },
    ],
    [
      '{ type: volume, source: data, target: /d }',
      { type: 'volume', source: 'data', target: '/d', readOnly: false },
    ],
    ['{ type: tmpfs, target: /d }', { type: 'tmpfs', target: '/d', readOnly: false }],
    [
      '/a:/d/:ro,Z,rslave,cached',
      { type: 'bind', source: '/a', target: '/d/', readOnly: true, selinux: 'Z', propagation: 'rslave' },
    ],
    ['data:/d:nocopy', { type: 'volume', source: 'data', target: '/d', readOnly: false, noCopy: true }],
    [
      '{ type: bind, source: ~/a, target: /d, consistency: cached, bind: { create_host_path: false, propagation: shared, selinux: z, recursive: readonly } }',
      {
        ...{ type: 'bind', source: '/home/me/a', target: '/d', readOnly: false },
        ...{ mustExist: true, propagation: 'shared', selinux: 'z', recursive: 'readonly' },
      },
    ],
    [
      '{ type: volume, target: /d, volume: { nocopy: true, subpath: a/b, labels: [x=y] } }',
      { type: 'volume', target: '/d', readOnly: false, noCopy: true, subpath: 'a/b', labels: { x: 'y' } },
    ],
    [
      '{ type: tmpfs, target: /d, tmpfs: { size: 1m, mode: "0700" } }',
      { type: 'tmpfs', target: '/d', readOnly: false, size: 1024 ** 2, mode: 0o700 },
    ],
    [
      '{ type: image, source: nginx, target: /d, image: { subpath: etc } }',
      { type: 'image', source: 'nginx', target: '/d', readOnly: false, subpath: 'etc' },
    ],
  ])('volumes: [%s]', (value, mount) => {
    expect(
      service(`volumes: [${value.includes('{') ? value : `"${value}"`}]`, {
        environment: { HOME: '/home/me' },
      }).volumes,
    ).toEqual([mount]);
  });

  test.each([
    ['[front, back]', { front: { aliases: [] }, back: { aliases: [] } }],
    ['{ front: , back: { aliases: [b] } }', { front: { aliases: [] }, back: { aliases: ['b'] } }],
    ['[]', undefined],
    [
      '{ front: { mac_address: 02-00-00-00-00-0A, link_local_ips: [fe80::9], priority: 5, gw_priority: 1, interface_name: eth7, driver_opts: { a: 1 } } }',
      {
        front: {
          aliases: [],
          mac: '02:00:00:00:00:0a',
          linkLocal: ['fe80::9'],
          priority: 5,
          gatewayPriority: 1,
          options: { a: '1', 'com.docker.network.endpoint.ifname': 'eth7' },
        },
      },
    ],
  ])('networks: %s', (value, networks) => {
    expect(service(`networks: ${value}`).networks).toEqual(networks);
  });

  test.each([
    ['no', { name: 'no' }],
    ['"no"', { name: 'no' }],
    ['unless-stopped', { name: 'unless-stopped' }],
    ['on-failure', { name: 'on-failure' }],
    ['on-failure:3', { name: 'on-failure', retries: 3 }],
  ])('restart: %s', (value, restart) => {
    expect(service(`restart: ${value}`).restart).toEqual(restart);
  });

  test('what it has of others, and shows to them', () => {
    const { settings } = service(
      'links: []\nexternal_links: [other:o]\nvolumes_from: ["container:x:ro"]\nexpose: [80, "53/udp", 3000-3001]\nmac_address: 02-00-00-00-00-0A',
    );
    expect(settings).toEqual({
      links: [],
      externalLinks: ['other:o'],
      volumesFrom: ['container:x:ro'],
      expose: ['80/tcp', '53/udp', '3000/tcp', '3001/tcp'],
      macAddress: '02:00:00:00:00:0a',
    });
  });

  test('pull_policy and container_name', () => {
    const policy = (text: string): unknown => service(`pull_policy: ${text}`).pullPolicy;
    expect(policy('if_not_present')).toEqual({ is: 'missing' });
    expect(policy('build')).toEqual({ is: 'build' });
    expect(policy('always')).toEqual({ is: 'refresh', afterMs: 0 });
    expect(policy('daily')).toEqual({ is: 'refresh', afterMs: 86_400_000 });
    expect(policy('weekly')).toEqual({ is: 'refresh', afterMs: 604_800_000 });
    expect(policy('every_1d12h0.5s')).toEqual({ is: 'refresh', afterMs: 129_600_500 });
    expect(service('pull_policy: push\ncontainer_name: my_web')).toMatchObject({
      pullPolicy: { is: 'push' },
      containerName: 'my_web',
    });
  });
});

test('networks, in both forms', () => {
  const { topology } = read(`hosts: { h: local }
stacks:
  s:
    host: h
    networks:
      empty:
      short: { subnet: 172.30.0.0/16, fabric: overlay }
      long:
        ipam: { config: [{ subnet: 172.31.0.0/16, gateway: 172.31.0.9, ip_range: 172.31.1.0/24 }] }
        fabric: { switch: overlay, address: 10.1.1.2/24 }
        name: own
        internal: true
        labels: [a=b]
switches: { overlay: { kind: vxlan, subnet: [10.1.1.0/24], range: 10.1.1.128/25, vni: 7, port: 4790 } }`);
  expect(topology!.stacks['s']!.networks).toEqual({
    empty: { external: false, options: {}, internal: false, labels: {}, subnets: [] },
    short: {
      external: false,
      options: {},
      internal: false,
      labels: {},
      subnets: [{ subnet: '172.30.0.0/16' }],
      fabric: { switch: 'overlay', addresses: [] },
    },
    long: {
      name: 'own',
      external: false,
      options: {},
      ipam: {},
      internal: true,
      labels: { a: 'b' },
      subnets: [{ subnet: '172.31.0.0/16', gateway: '172.31.0.9', range: '172.31.1.0/24' }],
      fabric: { switch: 'overlay', addresses: ['10.1.1.2/24'] },
    },
  });
  expect(topology!.switches['overlay']).toEqual({
    kind: 'vxlan',
    vni: 7,
    port: 4790,
    subnets: ['10.1.1.0/24'],
    ranges: ['10.1.1.128/25'],
    hostAccess: false,
  });
});

test('networks and volumes of drivers, and external ones', () => {
  const { topology } = read(`hosts: { h: local }
stacks:
  s:
    host: h
    networks:
      lan:
        driver: macvlan
        driver_opts: { parent: eth0, n: 1 }
        attachable: true
        enable_ipv4: false
        enable_ipv6: true
        ipam: { driver: mine, options: { a: b }, config: [{ subnet: 10.9.0.0/24, aux_addresses: { router: 10.9.0.7 } }] }
      there: { external: true }
      older: { external: { name: old } }
    volumes:
      ram: { driver: local, driver_opts: { type: tmpfs, size: 5 }, labels: { a: b } }
      there: { external: true, name: own }`);
  const { networks, volumes } = topology!.stacks['s']!;
  const plain = { internal: false, labels: {}, subnets: [], options: {} };
  expect(networks).toEqual({
    lan: {
      ...plain,
      external: false,
      driver: 'macvlan',
      options: { parent: 'eth0', n: '1' },
      attachable: true,
      ipv4: false,
      ipv6: true,
      ipam: { driver: 'mine', options: { a: 'b' } },
      subnets: [{ subnet: '10.9.0.0/24', aux: { router: '10.9.0.7' } }],
    },
    there: { ...plain, external: true },
    older: { ...plain, external: true, name: 'old' },
  });
  expect(volumes).toEqual({
    ram: { external: false, driver: 'local', options: { type: 'tmpfs', size: '5' }, labels: { a: 'b' } },
    there: { external: true, name: 'own', options: {}, labels: {} },
  });
});

test('checks have their defaults', () => {
  const { topology } = read(`hosts: { h: local }
stacks: { s: { host: h, services: { a: { image: x }, b: { image: x } } } }
checks:
  - { from: s/a, ping: s/b }
  - { from: s/a#1, http: { to: s/b, port: 8080, path: /x, status: 404 }, expect: unreachable, retries: 0, timeout: 1m30s }
  - { from: s/a, http: { to: s/b }, timeout: 500ms }`);
  expect(topology!.checks).toEqual([
    {
      from: 's/a',
      test: { is: 'ping', to: 's/b' },
      expect: 'ok',
      retries: 10,
      timeout: 2000,
      path: ['checks', 0],
    },
    {
      from: 's/a#1',
      test: { is: 'http', to: 's/b', port: 8080, path: '/x', status: 404 },
      expect: 'unreachable',
      retries: 0,
      timeout: 90_000,
      path: ['checks', 1],
    },
    {
      from: 's/a',
      test: { is: 'http', to: 's/b', port: 80, path: '/', status: 200 },
      expect: 'ok',
      retries: 10,
      timeout: 500,
      path: ['checks', 2],
    },
  ]);
});

test('x- keys may stand in every map that has keys of its own', () => {
  const { topology, diagnostics } = read(`x-top: 1
hosts: { h: { local: true, x-a: 1 } }
stacks: { s: { host: h, x-b: 2, services: { web: { image: x, x-c: 3, labels: { x-d: kept } } } } }`);
  expect(diagnostics).toEqual([]);
  expect(topology!.stacks['s']!.services['web']!.labels).toEqual({ 'x-d': 'kept' });
});

test('names that every object has are names like others', () => {
  const { diagnostics } = read(
    'hosts: { h: local }\nstacks: { constructor: { host: tostring }, s: { host: h } }',
  );
  expect(diagnostics.map(d => d.summary)).toEqual(['there is no host "tostring"']);
  expect(read('hosts: { __proto__: local }').diagnostics.map(d => d.code)).toEqual(['name.invalid']);
});
