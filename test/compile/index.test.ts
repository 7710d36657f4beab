import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, type Compiled } from '../../src/compile/index.js';
import type { HostView, Resolved } from '../../src/core/index.js';
import type { ContainerSpec, ImageSpec, NetworkSpec, VxlanSpec } from '../../src/kinds/index.js';
import { fabrics, textOf } from '../fakes/fabrics.js';
import { freshWorld, resolved } from '../fakes/scene.js';
import type { HostOptions } from '../fakes/hosts.js';

const hidden = (value: string): string => `hidden(${value.length})`;

function compiled(topology: Resolved, hosts: Readonly<Record<string, HostOptions>> = {}): Compiled {
  return compile(topology, freshWorld(topology, hosts).views, hidden);
}

function specs<Spec>({ resources }: Compiled, kind: string): readonly Spec[] {
  return resources.filter(r => r.kind === kind).map(r => r.spec as Spec);
}

const TWO = `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 } }
stacks:
  shop: { host: a, networks: { net: { subnet: 172.30.0.0/16, fabric: overlay }, own: {} }, services: { web: { image: i, networks: [net, own] } } }
  db: { host: b, networks: { net: { subnet: 172.31.0.0/16, fabric: overlay } }, services: { pg: { image: i, networks: [net] } } }
`;

describe('the MTU of a switch', () => {
  const mtus = (result: Compiled): unknown => ({
    switch: result.mtuOf.get('overlay'),
    devices: specs<VxlanSpec>(result, 'vxlan').map(s => s.mtu),
    networks: specs<NetworkSpec>(result, 'network').map(s => s.mtu),
  });

  test.each([
    ['of Ethernet', {}, 1450],
    ['of jumbo frames', { a: { mtu: 9000 }, b: { mtu: 9000 } }, 8950],
    ['of the smallest underlay', { a: { mtu: 9000 }, b: { mtu: 1400 } }, 1350],
    ['of an IPv6 underlay', { a: { address: 'fd00::1/64' }, b: { address: 'fd00::2/64' } }, 1430],
  ])("is what is left %s; a network of its own keeps the engine's", (_, hosts, mtu) => {
    expect(mtus(compiled(resolved(TWO), hosts))).toEqual({
      switch: mtu,
      devices: [mtu, mtu],
      networks: [mtu, 1500, mtu],
    });
  });

  test('is the declared one where the file says so', () => {
    const text = TWO.replace('10.1.1.0/24 }', '10.1.1.0/24, mtu: 1300 }');
    expect(compiled(resolved(text), { a: { mtu: 9000 } }).mtuOf.get('overlay')).toBe(1300);
  });
});

describe('a service', () => {
  const one = (service: string): Compiled =>
    compiled(
      resolved(`name: lab\nhosts: { a: ssh://a }\nstacks: { s: { host: a, services: { v: ${service} } } }\n`),
    );

  test('with a secret has it in what is sent to the engine and nowhere else', () => {
    const result = one('{ image: i, environment: { TOKEN: s3cret } }');
    const [container] = specs<ContainerSpec>(result, 'container');
    expect(container!.config['Env']).toEqual(['TOKEN=s3cret']);
    expect(JSON.stringify({ ...container, config: undefined })).not.toContain('s3cret');
    expect(container!.redacted).toMatchObject({ environment: { TOKEN: 'hidden(6)' } });
  });

  test('with options of a log driver has them in what is sent to the engine and nowhere else', () => {
    const result = one(
      '{ image: i, init: true, logging: { driver: splunk, options: { splunk-token: s3cret } } }',
    );
    const [container] = specs<ContainerSpec>(result, 'container');
    expect(container!.config['HostConfig']).toMatchObject({
      Init: true,
      LogConfig: { Type: 'splunk', Config: { 'splunk-token': 's3cret' } },
    });
    expect(JSON.stringify({ ...container, config: undefined })).not.toContain('s3cret');
    const logging = { driver: 'splunk', options: { 'splunk-token': 'hidden(6)' } };
    expect(container!.redacted).toMatchObject({ init: true, logging });
  });

  test.each([
    ['pull', 'nginx'],
    ['busybox', 'topo/busybox'],
    ['busybox', 'topo/busybox:latest'],
    ['pull', 'topo/busybox:other'],
    ['none', 'nginx, pull_policy: never'],
    ['none', 'topo/busybox, pull_policy: never'],
    ['push', 'nginx, pull_policy: push'],
  ])('gets its image by %s: %s', (source, image) => {
    expect(specs<ImageSpec>(one(`{ image: ${image} }`), 'image').map(s => s.source)).toEqual([source]);
  });

  test('of several containers has each by its number, and the first is called as if it were alone', () => {
    const result = one('{ image: i, scale: 2, ports: ["8000-8001:80"], cpus: 0.5, mem_limit: 1k }');
    const containers = result.resources.filter(r => r.kind === 'container');
    expect(containers.map(c => c.name)).toEqual(['s/v', 's/v#2']);
    const bodies = containers.map(c => c.spec as ContainerSpec);
    expect(bodies.map(b => b.name)).toEqual(['lab-s-v-1', 'lab-s-v-2']);
    expect(bodies[1]!.config).toMatchObject({
      Labels: { 'com.docker.compose.container-number': '2' },
      HostConfig: {
        NanoCpus: 5e8,
        Memory: 1024,
        PortBindings: { '80/tcp': [{ HostPort: '8000-8001' }] },
      },
    });
    expect(specs<ContainerSpec>(one('{ image: i, scale: 0 }'), 'container')).toEqual([]);
  });

  test('waits for the whole of its switch on its host, and for nothing on another one', () => {
    const result = compiled(resolved(TWO));
    const web = result.resources.find(r => r.id === 'a/container/shop/web')!.spec as ContainerSpec;
    const kinds = web.needs.map(n => n.on.split('/').slice(0, 2).join('/')).sort();
    expect(kinds).toEqual(
      ['accept', 'address', 'fdb', 'guard', 'neighbour', 'route', 'sysctl', 'vxlan'].map(k => `a/${k}`),
    );
  });
});

test('an image or sysctl that several need is one resource', () => {
  const ids = compiled(resolved(TWO.replace('host: b', 'host: a'))).resources.map(r => r.id);
  expect(ids.filter(id => id === 'a/image/i:latest')).toHaveLength(1);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a host without an engine is told, and nothing is wanted then', () => {
  const result = compiled(resolved(TWO), {
    a: { facts: { engine: { is: 'missing', why: 'no socket', hint: 'install it' } } },
  });
  expect(result).toMatchObject({
    resources: [],
    diagnostics: [
      {
        code: 'engine.missing',
        host: 'a',
        summary: expect.stringContaining('no socket'),
        hint: 'install it',
      },
    ],
  });
});

test('a host without stacks may lack an engine', () => {
  const text = TWO.replace('hosts: {', 'hosts: { c: ssh://c,');
  const engine = { is: 'missing', why: 'no socket', hint: '' } as const;
  expect(compiled(resolved(text), { c: { facts: { engine } } }).diagnostics).toEqual([]);
});

describe('whatever the topology', () => {
  const many = (check: (topology: Resolved, views: readonly HostView[]) => void): void =>
    fc.assert(
      fc.property(fabrics, fabric => {
        const topology = resolved(textOf(fabric));
        check(topology, [...freshWorld(topology).views.values()]);
      }),
      { numRuns: 60 },
    );
  const bytes = (topology: Resolved, views: readonly HostView[]): string =>
    JSON.stringify(compile(topology, new Map(views.map(v => [v.host, v])), hidden).resources);

  test('the same input gives the same bytes, in whatever order the hosts were read', () => {
    many((topology, views) => expect(bytes(topology, [...views].reverse())).toBe(bytes(topology, views)));
  });

  test('what a resource depends on is wanted as well, on the same host', () => {
    many((topology, views) => {
      const { resources } = compile(topology, new Map(views.map(v => [v.host, v])), hidden);
      const ids = new Set(resources.map(r => r.id));
      for (const { host, kind, spec } of resources) {
        if (kind !== 'container') continue;
        const { needs, image, networks } = spec as ContainerSpec;
        for (const id of [...needs.map(n => n.on), image, ...networks.map(n => n.id)]) {
          expect(ids).toContain(id);
          expect(id.startsWith(`${host}/`)).toBe(true);
        }
      }
    });
  });

  test('every peer knows the MAC, the underlay and the overlay address of every other', () => {
    many((topology, views) => {
      const { resources } = compile(topology, new Map(views.map(v => [v.host, v])), hidden);
      const devices = resources.filter(r => r.kind === 'vxlan');
      for (const here of devices) {
        const { entries } = resources.find(r => r.id === here.id.replace('/vxlan/', '/fdb/'))!.spec as {
          entries: readonly { mac: string; dst: string }[];
        };
        const peers = devices
          .filter(d => d.name === here.name && d.host !== here.host)
          .map(d => d.spec as VxlanSpec);
        const expected = peers.flatMap(p => [`00:00:00:00:00:00 ${p.local}`, `${p.mac} ${p.local}`]);
        expect(entries.map(e => `${e.mac} ${e.dst}`).sort()).toEqual(expected.sort());
      }
    });
  });
});
