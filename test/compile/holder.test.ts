import { expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import type { EngineContainer, Resolved } from '../../src/core/index.js';
import { planLines } from '../fakes/run.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';

const text = (more = '', wait = true): string => `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches: { lan: { kind: bridge, host: a, subnet: 10.0.0.0/24 } }
stacks:
  s:
    host: a
    networks: { n: {} }
    services:
      x:
        image: i
        interfaces: [{ switch: lan }]
        wait_for_interfaces: ${wait}
        networks: { n: { aliases: [front] } }
        ports: ['80:8080']
        expose: [9000]
        hostname: h
        dns: 1.1.1.1
        extra_hosts: ['y:1.2.3.4']
        sysctls: { net.ipv4.ip_forward: 1, kernel.msgmax: 9 }
        depends_on: [db]${more}
      db: { image: i }
      beside: { image: i, network_mode: 'service:x' }
  t: { host: b, services: { z: { image: i } } }
links: [[s/x, t/z]]
`;

const HOLDER = 'lab-s-x-1-holder';

test("what is of the network is the holder's, and the rest the service's", () => {
  const topology = resolved(text());
  const { plan } = decided(topology, freshWorld(topology));
  const bodyOf = (kind: string, name: string): unknown => {
    const step = plan!.actions.find(a => a.kind === kind && a.name === name)!.steps[0]!;
    return step.via === 'docker' ? step.body : undefined;
  };
  const holder = bodyOf('holder', 's/x') as { Labels: object };
  expect(holder).toMatchObject({
    Image: 'topo/holder:1',
    Hostname: 'h',
    ExposedPorts: { '8080/tcp': {}, '9000/tcp': {} },
    HostConfig: {
      NetworkMode: 'lab-s_n',
      PortBindings: { '8080/tcp': [{ HostPort: '80' }] },
      Dns: ['1.1.1.1'],
      ExtraHosts: ['y:1.2.3.4'],
      Sysctls: { 'net.ipv4.ip_forward': '1' },
      RestartPolicy: { Name: 'no' },
    },
    NetworkingConfig: { EndpointsConfig: { 'lab-s_n': { Aliases: ['x', 'front', 'lab-s-x-1'] } } },
  });
  // By these docker compose takes a container for one of a service.
  expect(Object.keys(holder.Labels).filter(l => l.includes('service') || l.includes('number'))).toEqual([]);
  const service = bodyOf('container', 's/x') as { HostConfig: object };
  expect(service).toMatchObject({
    Image: 'i',
    ExposedPorts: {},
    HostConfig: {
      NetworkMode: `container:${HOLDER}`,
      PortBindings: {},
      Sysctls: { 'kernel.msgmax': '9' },
    },
    Labels: { 'com.docker.compose.service': 'x' },
  });
  for (const key of ['Hostname', 'NetworkingConfig', 'MacAddress']) expect(service).not.toHaveProperty(key);
  for (const key of ['Dns', 'ExtraHosts', 'Links']) expect(service.HostConfig).not.toHaveProperty(key);
  expect(bodyOf('container', 's/beside')).toMatchObject({
    HostConfig: { NetworkMode: `container:${HOLDER}` },
  });
});

test('holder, interfaces, service: in that order, and read back as wanted', () => {
  const topology = resolved(text());
  const plan = lines(topology, freshWorld(topology));
  const at = (what: string): number => plan.findIndex(line => line.includes(what));
  const places = ['holder/s/x', 'veth/s/x:net1', 'container/s/x,'].map(at);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(plan.find(line => line.includes('container/s/x,'))).toMatch(/after .*/);
  expect(lines(topology, applied())).toEqual([]);
});

test.each<[string, (world: World) => World, readonly string[]]>([
  ['the service is started again', world => world, []],
  ['the service is gone', world => containers(world, { 'lab-s-x-1': undefined }), ['create container s/x']],
  [
    'the holder ended, and the service has what was in its namespace',
    world =>
      spaces(containers(world, { [HOLDER]: { state: 'exited', status: 'Exited (143) 1 second ago' } }), []),
    [
      'update container s/beside',
      'update container s/x',
      'update holder s/x',
      'replace veth s/x:net1',
      'create tunnel s/x:net2--t/z:eth1',
      'update container s/x',
      'update container s/beside',
    ],
  ],
  [
    'the holder was started again',
    world => spaces(world, [`id-${HOLDER}`]),
    [
      'update container s/beside',
      'update container s/x',
      'replace veth s/x:net1',
      'create tunnel s/x:net2--t/z:eth1',
      'update container s/x',
      'update container s/beside',
    ],
  ],
  [
    'the host was, and its engine has started all, without interfaces',
    world => spaces(world, [`id-${HOLDER}`, 'id-lab-s-x-1', 'id-lab-s-beside-1']),
    [
      'replace veth s/x:net1',
      'create tunnel s/x:net2--t/z:eth1',
      'update container s/x',
      'update container s/beside',
    ],
  ],
  [
    'the holder is gone',
    world => spaces(containers(world, { [HOLDER]: undefined }), []),
    [
      'delete container s/beside',
      'delete container s/x',
      'create holder s/x',
      'replace veth s/x:net1',
      'create tunnel s/x:net2--t/z:eth1',
      'create container s/x',
      'create container s/beside',
    ],
  ],
])('%s', (_, meddle, expected) => {
  const { plan, diagnostics } = decided(resolved(text()), meddle(applied()));
  expect(diagnostics).toEqual([]);
  const done = plan!.actions.filter(a => a.host === 'a').map(a => `${a.verb} ${a.kind} ${a.name}`);
  expect([...done].sort()).toEqual([...expected].sort());
  const first = (what: string): number => done.findIndex(line => line.endsWith(what));
  const last = (what: string): number => done.findLastIndex(line => line.endsWith(what));
  // What is left of the old namespace ends before anything is put into the next one, and what runs there starts last.
  if (first('holder s/x') >= 0 || done.length > 5)
    expect(first('container s/x')).toBeLessThan(first('tunnel s/x:net2--t/z:eth1'));
  if (expected.length > 1) expect(last('container s/x')).toBeGreaterThan(last('veth s/x:net1'));
});

test('to wait or not to wait makes the container anew, with its port, in the order that lets go of it first', () => {
  const plain = resolved(text('', false));
  const done = (from: Resolved, to: Resolved): readonly string[] =>
    decided(to, appliedWorld(from, freshWorld(from)))
      .plan!.actions.filter(a => a.host === 'a' && /s\/x$|s\/x:/.test(a.name))
      .map(a => `${a.verb} ${a.kind} ${a.name}`);
  expect(done(plain, resolved(text()))).toEqual([
    'delete container s/x',
    'create holder s/x',
    'create tunnel s/x:net2--t/z:eth1',
    'replace veth s/x:net1',
    'create container s/x',
  ]);
  expect(done(resolved(text()), plain)).toEqual([
    'delete holder s/x',
    'replace container s/x',
    'create tunnel s/x:net2--t/z:eth1',
    'create veth s/x:net1',
  ]);
});

test('another image replaces the service alone: its interfaces stay', () => {
  const topology = resolved(text().replace('image: i\n        interfaces', 'image: j\n        interfaces'));
  const plan = decided(topology, applied()).plan!.actions;
  expect(plan.map(a => `${a.verb} ${a.kind} ${a.name}`)).toEqual([
    'create image j:latest',
    'replace container s/x',
    // As docker compose does with what shares a namespace of what is made anew.
    'update container s/beside',
  ]);
});

test('processors that no holder runs on are told', () => {
  const topology = resolved(text());
  const other = changed(freshWorld(topology), view => {
    const { engine } = view.facts;
    if (engine.is !== 'running') return view;
    return { ...view, facts: { ...view.facts, engine: { ...engine, arch: 'riscv64' } } };
  });
  expect(decided(topology, other).diagnostics).toMatchObject([{ code: 'holder.arch', host: 'a' }]);
});

function applied(): World {
  const topology = resolved(text());
  return appliedWorld(topology, freshWorld(topology));
}

function lines(topology: Resolved, world: World): readonly string[] {
  return planLines(decided(topology, world).plan!);
}

/** The world with some containers otherwise, or gone, by name. */
function containers(
  world: World,
  over: Readonly<Record<string, Partial<EngineContainer> | undefined>>,
): World {
  return changed(world, view => ({
    ...view,
    inventory: {
      ...view.inventory,
      containers: view.inventory.containers.flatMap(c =>
        c.name in over ? (over[c.name] ? [{ ...c, ...over[c.name] }] : []) : [c],
      ),
    },
  }));
}

/** The world with nothing in the namespace of the holder on a, and only these containers. */
function spaces(world: World, there: readonly string[]): World {
  return changed(world, view => {
    if (view.host !== 'a') return view;
    const own = { path: '/ns/new', containers: there, links: [], routes: [] };
    return { ...view, inventory: { ...view.inventory, namespaces: there.length > 0 ? [own] : [] } };
  });
}
