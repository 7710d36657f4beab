import { describe, expect, test } from 'vitest';
import {
  emptyInventory,
  specDigest,
  type EngineContainer,
  type Found,
  type Inventory,
} from '../../src/core/index.js';
import { container, type ContainerSpec, type ContainerState } from '../../src/kinds/container.js';
import { keyedDigest } from '../../src/kinds/index.js';
import {
  blind,
  bodyOf,
  containerOf,
  listedContainer,
  listedNetwork,
  networkOf,
  topology,
} from './engine-samples.js';

const front = listedNetwork({
  Name: 'front',
  Labels: { 'topo.name': topology, 'topo.id': networkOf().id },
  Options: {},
  IPAM: { Config: [] },
});

function create(spec: Partial<ContainerSpec> = {}): unknown {
  return bodyOf(container.steps({ verb: 'create', want: containerOf(spec) }));
}

function listed(over: Partial<EngineContainer> = {}): EngineContainer {
  return listedContainer(create(), over);
}

function read(
  item: EngineContainer,
  spec: Partial<ContainerSpec> = {},
  over: Partial<Inventory> = {},
): readonly Found<ContainerState>[] {
  const inventory = { ...emptyInventory(), containers: [item], networks: [front], ...over };
  return container.read(inventory, { topology, host: 'h', wanted: [containerOf(spec)] });
}

function stateOf(found: readonly Found<ContainerState>[]): ContainerState {
  const [first] = found;
  if (first?.is !== 'ours') throw new Error('not ours');
  return first.state;
}

function differences(
  item: EngineContainer,
  spec: Partial<ContainerSpec> = {},
  over: Partial<Inventory> = {},
): readonly string[] {
  const found = container.diff(containerOf(spec).spec, stateOf(read(item, spec, over)));
  return found.map(d => `${d.field}: ${d.have} → ${d.want}${d.replace ? ' !' : ''}`);
}

describe('container', () => {
  test('bears where its topology stands, as a project of docker compose does; elsewhere it is the same container', () => {
    const want = containerOf({});
    const made = { ...want, files: ['/labs/topo.yaml', '/labs/site.yaml'] };
    const item = listedContainer(bodyOf(container.steps({ verb: 'create', want: made })));
    expect(item.labels).toMatchObject({
      'com.docker.compose.project.config_files': '/labs/topo.yaml,/labs/site.yaml',
      'com.docker.compose.project.working_dir': '/labs',
    });
    expect(specDigest(made)).toBe(specDigest(want));
    expect(differences(item)).toEqual([]);
  });
  test('files are copied before the start, and again before that of one that never ran', () => {
    const copies = [
      { directory: '/', files: [{ path: '/a', uid: 0, gid: 0, mode: 0o444, content: 'eA==' }] },
    ];
    const want = containerOf({ copies });
    const labels = container.steps({ verb: 'create', want }).map(step => step.label);
    expect(labels).toEqual(['create container web', 'copy /a into web', 'start container web']);
    const repaired = (state: string): readonly string[] => {
      const have = stateOf(read(listed({ state, status: '' }), { copies }));
      return container.steps({ verb: 'update', want, have, differences: [] }).map(step => step.label);
    };
    expect(repaired('created')).toEqual(['copy /a into web', 'start container web']);
    expect(repaired('exited')).toEqual(['start container web']);
  });

  test('the calls that make it: one network from the start, the others before it runs', () => {
    const networks = [
      { id: 'h/network/a', name: 'a', aliases: ['web'], ipv4: '10.0.0.9' },
      { id: 'h/network/b', name: 'b', aliases: ['web', 'www'] },
    ];
    const steps = container.steps({ verb: 'create', want: containerOf({ networks }) });
    expect(steps.map(s => s.label)).toEqual([
      'create container web',
      'connect web to network b',
      'start container web',
    ]);
    expect(bodyOf(steps)).toMatchObject({
      Image: 'nginx',
      HostConfig: { NetworkMode: 'a', RestartPolicy: { Name: 'no' } },
      NetworkingConfig: {
        EndpointsConfig: { a: { Aliases: ['web'], IPAMConfig: { IPv4Address: '10.0.0.9' } } },
      },
    });
    expect(create({ networks: [] })).toMatchObject({ HostConfig: { NetworkMode: 'none' } });
    expect(create({ networks: [], config: { HostConfig: { NetworkMode: 'host' } } })).toMatchObject({
      HostConfig: { NetworkMode: 'host' },
    });
  });

  test('a fixed IPv6 address is asked for, and compared however it is spelt', () => {
    const networks = [
      { id: 'h/network/front', name: 'front', aliases: [], ipv4: '172.30.0.2', ipv6: 'fd00:30:0::0a' },
    ];
    const body = create({ networks });
    expect(body).toMatchObject({
      NetworkingConfig: {
        EndpointsConfig: {
          front: { IPAMConfig: { IPv4Address: '172.30.0.2', IPv6Address: 'fd00:30:0::0a' } },
        },
      },
    });
    const has = (ipv6: string): readonly string[] => {
      const front = { networkId: 'n1', ipv4: '172.30.0.2', ipv6, mac: '' };
      return differences(listedContainer(body, { networks: { front } }), { networks });
    };
    expect(has('fd00:30::a')).toEqual([]);
    expect(has('fd00:30::b')).toEqual(['network front address: fd00:30::b → fd00:30:0::0a']);
    expect(has('')).toEqual(['network front address: (none) → fd00:30:0::0a']);
  });

  test('no value of the environment stands in a label', () => {
    const redacted = { environment: { PASSWORD: keyedDigest('key', 'hunter2') } };
    const body = create({ redacted, config: { Image: 'nginx', Env: ['PASSWORD=hunter2'] } }) as {
      Labels: object;
    };
    expect(JSON.stringify(body.Labels)).not.toContain('hunter2');
    expect(body.Labels).toHaveProperty(['topo.spec'], expect.stringContaining('digest:'));
  });

  test('in sync', () => expect(differences(listed())).toEqual([]));

  test('what changed in the file is named field by field, secrets without their value', () => {
    const redacted = {
      image: 'nginx',
      environment: { FOO: 'digest:0000000000000002', BAR: 'digest:0000000000000003' },
      command: ['a', 'b'],
    };
    expect(differences(listed(), { redacted })).toEqual([
      'command: (none) → ["a","b"] !',
      'environment.BAR: (none) → (set) !',
      'environment.FOO: (set) → (changed) !',
    ]);
  });

  test('a label that can not be read any more is a difference all the same', () => {
    const item = listed();
    const labels = { ...item.labels, 'topo.hash': 'beef', 'topo.spec': '{' };
    expect(differences({ ...item, labels })).not.toEqual([]);
  });

  test.each([
    ['created', 'Created', 'no', ['state: created → running']],
    ['exited', 'Exited (0) 2 hours ago', 'no', []],
    ['exited', 'Exited (0) 2 hours ago', 'on-failure', []],
    ['exited', 'Exited (0) 2 hours ago', 'always', ['state: exited (0) → running']],
    ['exited', 'Exited (1) 2 hours ago', 'no', ['state: exited (1) → running']],
    ['dead', 'Dead', 'no', ['state: dead → running !']],
    [
      'restarting',
      'Restarting (2) 1 second ago',
      'always',
      ['state: restarting: it ends again and again (exit code 2) → running'],
    ],
  ])('%s, %s, restart %s', (state, status, policy, expected) => {
    const config = { Image: 'nginx', HostConfig: { RestartPolicy: { Name: policy } } };
    expect(differences(listed({ state, status }), { config })).toEqual(expected);
  });

  test('an image that its tag no longer means, unless nobody knows', () => {
    expect(differences(listed(), {}, { images: { 'nginx:latest': 'sha256:bb' } })).toEqual([
      'image: aa → bb !',
    ]);
    expect(differences(listed(), {}, { images: { 'nginx:latest': 'sha256:aa' } })).toEqual([]);
    expect(differences(listed(), {}, { images: {} })).toEqual([]);
  });

  test('networks that are replaced take its connections along', () => {
    const have = stateOf(read(listed()));
    const want = containerOf();
    const remains = container.without!(have, want, new Set(['h/network/shop/front']))!;
    expect(container.diff(want.spec, remains).map(d => d.field)).toEqual(['network front']);
    expect(container.without!(have, want, new Set(['h/network/other']))).toEqual(have);
  });

  test('removing goes by id, and waits only for what runs', () => {
    const labels = (over: Partial<EngineContainer>): readonly string[] =>
      container
        .steps({ verb: 'delete', id: 'x', have: stateOf(read(listed(over))) })
        .map(s => `${s.label} ${'path' in s ? s.path : ''}`);
    expect(labels({})).toEqual([
      'stop container web /containers/c1/stop',
      'remove container web /containers/c1?v=1&force=1',
    ]);
    expect(labels({ state: 'exited', status: 'Exited (0)' })).toHaveLength(1);
    const patient = listedContainer(create({ redacted: { stop_grace_period: 600_000 } }));
    expect(container.steps({ verb: 'delete', id: 'x', have: stateOf(read(patient)) })[0]).toMatchObject({
      label: 'stop container web',
      takes: 600_000,
    });
  });

  test('found by its mark wherever it was renamed to; strays know their stack', () => {
    expect(differences(listed({ name: 'elsewhere' }))).toEqual(['name: elsewhere → web']);
    const scope = { topology, host: 'h', wanted: [] };
    const inventory = { ...emptyInventory(), containers: [listed()] };
    expect(container.read(inventory, scope)).toMatchObject([
      { is: 'ours', id: 'h/container/shop/web', group: { name: 'shop' } },
    ]);
    expect(container.read(inventory, { ...scope, topology: 'other' })).toEqual([]);
  });

  test('made for another id, it is made again', () => {
    const item = listed();
    const labels = { ...item.labels, 'topo.id': 'h/container/old/web' };
    expect(differences({ ...item, labels })).toEqual([
      'topo.id: h/container/old/web → h/container/shop/web !',
    ]);
  });

  test('its name held by another is foreign, and says by what', () => {
    expect(read(listed({ labels: {} }))).toEqual([
      { is: 'foreign', id: 'h/container/shop/web', holder: 'container web (image nginx, running)' },
    ]);
  });

  test('what it has to itself, wanted and found; a port that the engine lists once per family is one', () => {
    const spec = {
      config: {
        Image: 'nginx',
        HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] } },
      },
      networks: [{ id: 'h/network/shop/front', name: 'front', aliases: ['web'], ipv4: '172.30.0.9' }],
    };
    expect(container.claims!(containerOf(spec))).toEqual([
      'container name web',
      'port 8080/tcp',
      'address 172.30.0.9 on network front',
      'network namespace of shop/web',
    ]);
    const port = { host: 8081, container: 80, protocol: 'tcp' };
    const closed = { ...port, host: 0, container: 443, ip: '' };
    const ports = [{ ...port, ip: '0.0.0.0' }, { ...port, ip: '::' }, closed];
    expect(container.holds!(stateOf(read(listed({ name: 'old', ports }), spec)))).toEqual([
      'container name old',
      'port 8081/tcp',
      'address 172.30.0.2 on network front',
    ]);
  });

  test('lets go of its name and of an address in place, and goes on from there', () => {
    const networks = [{ id: 'h/network/shop/front', name: 'front', aliases: ['web'], ipv4: '172.30.0.9' }];
    const want = containerOf({ networks });
    const have = stateOf(read(listed({ name: 'old' }), { networks }));
    const { steps, left } = container.letGo!(want, have);
    expect(steps.map(s => s.label)).toEqual([
      'rename container old to c1_web',
      'disconnect web from network front',
    ]);
    const differences = container.diff(want.spec, left);
    expect(container.steps({ verb: 'update', want, have: left, differences }).map(s => s.label)).toEqual([
      'rename container c1_web to web',
      'connect web to network front',
    ]);
    expect(container.letGo!(containerOf(), stateOf(read(listed()))).steps).toEqual([]);
  });

  test('what it waits for', () => {
    const needs = [{ on: 'h/volume/shop/data', because: 'it mounts the volume' }];
    expect(container.dependsOn(containerOf({ needs })).map(d => d.on)).toEqual([
      'h/image/nginx',
      'h/network/shop/front',
      'h/volume/shop/data',
    ]);
  });

  test('unread is unknown', () => {
    const scope = { topology, host: 'h', wanted: [containerOf()] };
    expect(container.read(blind('containers'), scope)).toMatchObject([{ is: 'unknown' }]);
  });
});
