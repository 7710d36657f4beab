import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import type { Facts } from '../../src/core/index.js';
import { freshWorld, resolved } from '../fakes/scene.js';

const FABRIC = `name: lab
hosts: { a: ssh://a, b: { context: b } }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 } }
stacks:
  shop: { host: a, networks: { net: { subnet: 172.30.0.0/16, fabric: overlay } }, services: { web: { image: i, networks: [net] } } }
  db: { host: b, networks: { net: { subnet: 172.31.0.0/16, fabric: overlay } }, services: { pg: { image: i, networks: [net] } } }
`;

const PLAIN = `name: lab
hosts: { b: { context: b } }
stacks:
  db: { host: b, networks: { net: { subnet: [172.31.0.0/16, fd00:1::/64] } }, services: { pg: { image: i, networks: [net], ports: ['80:80'] } } }
`;

const ENGINE = { is: 'running', version: '28.5', apiVersion: '1.51', arch: 'amd64', id: 'b' } as const;
const ENGINE_ONLY: Partial<Facts> = {
  engineOnly: true,
  hostname: 'tcp://b:2376',
  bootId: '',
  netns: '',
  tools: {},
};
const ROOTLESS: Partial<Facts> = { engine: { ...ENGINE, rootless: true } };

function compiled(text: string, facts: Partial<Facts>): ReturnType<typeof compile> {
  const topology = resolved(text);
  return compile(
    topology,
    freshWorld(topology, { b: { facts, inventory: { sysctls: {}, links: [], routes: [] } } }).views,
    value => value,
  );
}

test.each([
  ['engine-only', ENGINE_ONLY, 'host.engine-only', 'give b as `ssh:`'],
  ['rootless', ROOTLESS, 'engine.rootless', 'docker_socket: /var/run/docker.sock'],
])('a network on a switch is refused on an %s host, once and with its place', (_, facts, code, hint) => {
  const { diagnostics, resources } = compiled(FABRIC, facts);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({ severity: 'error', code, host: 'b', place: { line: 6 } });
  expect(diagnostics[0]!.hint).toContain(hint);
  expect(resources).toEqual([]);
});

const LINKED = `name: lab
hosts: { a: ssh://a, b: { context: b } }
stacks:
  s: { host: a, services: { x: { image: i } } }
  t: { host: b, services: { y: { image: i } } }
links: [[s/x, t/y]]
`;

test.each([
  ['engine-only', ENGINE_ONLY, 'host.engine-only'],
  ['rootless', ROOTLESS, 'engine.rootless'],
])('a link that ends on an %s host is refused, once and with its place', (_, facts, code) => {
  const { diagnostics, resources } = compiled(LINKED, facts);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({ severity: 'error', code, host: 'b', place: { line: 6 } });
  expect(diagnostics[0]!.summary).toMatch(/^link s\/x:eth1--t\/y:eth1 ends on b/);
  expect(resources).toEqual([]);
});

test.each(['post_start: [{ command: ls }]', 'userspace: {}'])(
  'what is done in a container after its start needs a record on its host, where only the engine is reached: %s',
  declared => {
    const service = `{ image: i, ${declared} }`;
    const { diagnostics } = compiled(
      `name: lab\nhosts: { b: { context: b } }\nstacks: { t: { host: b, services: { y: ${service} } } }\n`,
      ENGINE_ONLY,
    );
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: 'error', code: 'host.engine-only', place: { line: 3 } });
    expect(diagnostics[0]!.summary).toContain(`service t/y has ${declared.split(':')[0]}, of which`);
    expect(diagnostics[0]!.hint).toContain('give b as `ssh:`');
  },
);

test.each([
  ['engine-only', ENGINE_ONLY],
  ['rootless', ROOTLESS],
])(
  'plain stacks are served on an %s host, IPv6 and all: its forwarding is the affair of the engine',
  (_, facts) => {
    const { diagnostics, resources } = compiled(PLAIN, facts);
    expect(diagnostics).toEqual([]);
    expect(resources.map(r => r.kind)).toEqual(['image', 'network', 'container']);
  },
);

test('an engine that is reached on TCP and by another host too is the same machine; copies of an id alone are not', () => {
  const topology = resolved('name: lab\nhosts: { a: ssh://a, b: { context: b } }\nstacks: {}\n');
  const with_ = (facts: Partial<Facts>): readonly string[] =>
    compile(
      topology,
      freshWorld(topology, { a: { facts: { engine: ENGINE } }, b: { facts: { engine: ENGINE, ...facts } } })
        .views,
      value => value,
    ).diagnostics.map(d => d.code);
  expect(with_(ENGINE_ONLY)).toEqual(['host.twice']);
  expect(with_({})).toEqual([]);
});
