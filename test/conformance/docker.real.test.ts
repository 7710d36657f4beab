import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { resourceId, shortMark, type EngineCall, type Resource } from '../../src/core/index.js';
import { container, type ContainerSpec } from '../../src/kinds/container.js';
import { image, type ImageSpec } from '../../src/kinds/image.js';
import { network, type NetworkSpec } from '../../src/kinds/network.js';
import { volume, type VolumeSpec } from '../../src/kinds/volume.js';
import { explainEngineError } from '../../src/tools/index.js';
import { engineMissing, pause, startEngine, type TestEngine } from '../support/engine.js';
import { engineWorld } from '../support/engine-world.js';
import { bring, changeFor, conform, differencesOf, performAll, type World } from './engine-runner.js';

const IMAGE = 'topo/busybox:latest';
const topology = 'lab';

describe.skipIf(engineMissing() !== undefined)('engine kinds on a real engine', () => {
  let engine: TestEngine;
  let world: World;

  beforeAll(async () => {
    engine = await startEngine(IMAGE, 'other/box:1');
    world = engineWorld(engine);
  });
  afterAll(() => engine?.stop());
  afterEach(() => wipe(engine));

  test('image', async () => {
    const want = resource<ImageSpec>('image', 'made/box:2', {
      reference: 'made/box:2',
      source: 'busybox',
    });
    const remove = async (): Promise<void> => void (await api(engine, 'DELETE', '/images/made%2Fbox:2'));
    await conform(world, { kind: image, topology, want, remove });
  });

  test('image that must be there and is not is told while planning', async () => {
    const want = resource<ImageSpec>('image', 'nope', { reference: 'nope', source: 'none' });
    await expect(changeFor(world, { kind: image, topology }, want)).rejects.toThrow('pull_policy is never');
  });

  test('volume', async () => {
    const want = resource<VolumeSpec>('volume', 'shop/data', {
      name: 'shop_data',
      labels: { a: 'b' },
      topology,
    });
    await conform(world, { kind: volume, topology, want });
  });

  test('network: its MTU replaces it', async () => {
    const changed = { want: networkOf({ mtu: 1400 }), verb: 'replace', fields: ['mtu'] } as const;
    await conform(world, { kind: network, topology, want: networkOf({}), changed });
  });

  test('network: everything else that can differ is named', async () => {
    await bring(world, { kind: network, topology }, networkOf({}));
    const differs = async (spec: Partial<NetworkSpec>): Promise<readonly string[]> =>
      differencesOf(await changeFor(world, { kind: network, topology }, networkOf(spec))).map(
        d => `${d.field} ${d.have} → ${d.want}`,
      );
    expect(await differs({ bridge: 'br-other' })).toEqual(['bridge br-shop → br-other']);
    expect(await differs({ internal: true })).toEqual(['internal false → true']);
    expect(await differs({ labels: { tier: 'x', 'com.docker.compose.project': 'other' } })).toEqual([
      'labels.tier (none) → x',
    ]);
    expect(await differs({ subnets: [{ subnet: '172.30.0.0/16', gateway: '172.30.0.9' }] })).toEqual([
      'gateway (none) → 172.30.0.9',
    ]);
    expect(await differs({ subnets: [{ subnet: '172.31.0.0/16' }] })).toEqual([
      'subnet 172.30.0.0/16 → 172.31.0.0/16',
    ]);
    expect(await differs({ subnets: [] })).toEqual(['subnet 172.30.0.0/16 → (none)']);
  });

  test('network: one whose subnet the engine chose is in sync', async () => {
    await bring(world, { kind: network, topology }, networkOf({ subnets: [] }));
  });

  test('network: replaced under running containers of ours, which connect again', async () => {
    await networks();
    const web = containerOf({});
    await bring(world, { kind: container, topology }, web);
    await bring(world, { kind: network, topology }, networkOf({ mtu: 1400 }));
    expect(await named(web)).toEqual(['network shop_front: disconnected → connected']);
    await bring(world, { kind: container, topology }, web);
  });

  test('network: one that a foreign container is on is neither replaced nor deleted', async () => {
    await bring(world, { kind: network, topology }, networkOf({}));
    await run(engine, 'theirs', { HostConfig: { NetworkMode: 'shop_front' } });
    const change = await changeFor(world, { kind: network, topology }, networkOf({ mtu: 1400 }));
    await expect(performAll(world, network.steps(change!))).rejects.toThrow(
      "network shop_front is in use by container theirs, which is not topo's",
    );
    expect(await changeFor(world, { kind: network, topology }, networkOf({}))).toBeUndefined();
  });

  test('network: taken addresses, bridge and name are foreign', async () => {
    await api(engine, 'POST', '/networks/create', poolOf('shop_front', '172.29.0.0/16'));
    await expect(changeFor(world, { kind: network, topology }, networkOf({}))).rejects.toThrow(
      'network shop_front (bridge, 172.29.0.0/16)',
    );
    await wipe(engine);
    await api(engine, 'POST', '/networks/create', poolOf('theirs', '172.30.4.0/24'));
    await expect(changeFor(world, { kind: network, topology }, networkOf({}))).rejects.toThrow(
      'network theirs (bridge, 172.30.4.0/24)',
    );
    const refused = await engine.call({
      via: 'docker',
      method: 'POST',
      path: '/networks/create',
      body: poolOf('x', '172.30.0.0/16'),
    });
    expect(explainEngineError(messageIn(refused.body), refused.status)).toContain('choose another `subnet`');
    await wipe(engine);
    engine.exec(['ip', 'link', 'add', 'br-shop', 'type', 'bridge']);
    await expect(changeFor(world, { kind: network, topology }, networkOf({}))).rejects.toThrow(
      'network device br-shop',
    );
    engine.exec(['ip', 'link', 'del', 'br-shop']);
  });

  describe('container', () => {
    test('on two networks, its environment replaces it', async () => {
      await networks();
      const changed = {
        want: containerOf({ redacted: { image: IMAGE, environment: { FOO: 'digest:0000000000000002' } } }),
        verb: 'replace',
        fields: ['environment.FOO'],
      } as const;
      await conform(world, { kind: container, topology, want: containerOf({}), changed });
    });

    test('renamed, with an address to be changed and a network less, it is changed in place', async () => {
      await networks();
      const spec = containerOf({}).spec;
      const want = containerOf({
        name: 'shop-web-1',
        networks: [{ ...spec.networks[0]!, ipv4: '172.30.0.77' }],
      });
      const fields = ['name', 'network shop_front address', 'network shop_back'];
      await conform(world, {
        kind: container,
        topology,
        want: containerOf({}),
        changed: { want, verb: 'update', fields },
      });
    });

    test('with no network at all', async () => {
      await conform(world, { kind: container, topology, want: containerOf({ networks: [] }) });
      await bring(world, { kind: container, topology }, containerOf({ networks: [] }));
      expect((await world.inventory()).containers[0]).toMatchObject({ networkMode: 'none' });
    });

    test('each drift by hand is named and repaired', async () => {
      await networks();
      const want = containerOf({});
      await bring(world, { kind: container, topology }, want);
      const id = (await world.inventory()).containers[0]!.id;
      const drift = async (
        method: EngineCall['method'],
        path: string,
        body: unknown,
        names: readonly string[],
      ): Promise<void> => {
        await api(engine, method, path, body);
        expect(await named(want)).toEqual(names);
        await bring(world, { kind: container, topology }, want);
        expect((await world.inventory()).containers[0]!.id, 'repaired, not made again').toBe(id);
      };
      const web = { Container: 'web', Force: true };
      await drift('POST', '/containers/web/stop', undefined, ['state: exited (137) → running']);
      await drift('POST', '/containers/web/pause', undefined, ['state: paused → running']);
      await drift('POST', '/containers/web/rename?name=elsewhere', undefined, ['name: elsewhere → web']);
      await drift('POST', '/networks/shop_back/disconnect', web, [
        'network shop_back: disconnected → connected',
      ]);
      await drift('POST', '/networks/shop_front/disconnect', web, [
        'network shop_front: disconnected → connected',
      ]);
      await drift('POST', '/containers/web/update', { RestartPolicy: { Name: 'always' } }, [
        'restart: always → no',
      ]);
      await api(engine, 'POST', '/networks/shop_back/disconnect', web);
      const odd = { Container: 'web', EndpointConfig: { Aliases: ['odd'], DriverOpts: { a: 'b' } } };
      await drift('POST', '/networks/shop_back/connect', odd, [
        'network shop_back aliases: ["odd"] → ["web","www"]',
        'network shop_back driver_opts: {"a":"b"} → {}',
      ]);
      await api(engine, 'POST', '/networks/create', {
        ...poolOf('shop_spare', '172.28.0.0/16'),
        Labels: { 'topo.name': topology, 'topo.id': 'h/network/spare' },
      });
      await drift('POST', '/networks/shop_spare/connect', web, [
        'network shop_spare: connected → disconnected',
      ]);
      await api(engine, 'DELETE', '/containers/web?force=1');
      expect(await changeFor(world, { kind: container, topology }, want)).toMatchObject({ verb: 'create' });
    });

    test('a network that came back under its name while the container was stopped is another network', async () => {
      await networks();
      const want = containerOf({});
      await bring(world, { kind: container, topology }, want);
      await api(engine, 'POST', '/containers/web/stop');
      await api(engine, 'DELETE', '/networks/shop_back');
      await networks();
      expect(await named(want)).toEqual([
        'network shop_back: disconnected → connected',
        'state: exited (137) → running',
      ]);
      await bring(world, { kind: container, topology }, want);
    });

    test('a network that somebody put it on by hand is left alone', async () => {
      await networks();
      await bring(world, { kind: container, topology }, containerOf({}));
      await api(engine, 'POST', '/networks/create', poolOf('theirs', '172.28.0.0/16'));
      await api(engine, 'POST', '/networks/theirs/connect', { Container: 'web' });
      expect(await named(containerOf({}))).toEqual([]);
    });

    test('one that ended with 0 is done, one that ends again and again is named', async () => {
      const once = containerOf({ networks: [], config: { Image: IMAGE, Cmd: ['true'] } });
      await performAll(world, container.steps({ verb: 'create', want: once }));
      await until(async () => (await named(once)).length === 0);
      const loop = resource<ContainerSpec>('container', 'shop/loop', {
        ...once.spec,
        name: 'loop',
        config: { Image: IMAGE, Cmd: ['false'], HostConfig: { RestartPolicy: { Name: 'always' } } },
      });
      await performAll(world, container.steps({ verb: 'create', want: loop }));
      await until(
        async () =>
          (await named(loop))[0] === 'state: restarting: it ends again and again (exit code 1) → running',
      );
    });

    test('its image made again under the same tag replaces it', async () => {
      const want = containerOf({ networks: [] });
      await bring(world, { kind: container, topology }, want);
      await api(engine, 'POST', '/images/other%2Fbox:1/tag?repo=topo/busybox&tag=latest');
      expect((await changeFor(world, { kind: container, topology }, want))?.verb).toBe('replace');
      await bring(world, { kind: container, topology }, want);
    });

    test('its name taken by another container is foreign', async () => {
      await run(engine, 'web', {});
      await expect(
        changeFor(world, { kind: container, topology }, containerOf({ networks: [] })),
      ).rejects.toThrow(`container web (image ${IMAGE}, running)`);
    });

    test('what the engine says of a failed start has a hint, and the half-made container is repaired later', async () => {
      await run(engine, 'theirs', published());
      const want = containerOf({
        networks: [],
        config: { Image: IMAGE, Cmd: ['sleep', '99'], ...published() },
      });
      const onBridge = {
        ...want,
        spec: {
          ...want.spec,
          config: { ...want.spec.config, HostConfig: { ...published().HostConfig, NetworkMode: 'bridge' } },
        },
      };
      const failed = await performAll(world, container.steps({ verb: 'create', want: onBridge })).catch(
        String,
      );
      expect(explainEngineError(String(failed))).toContain('something else on the host listens on that port');
      expect(await named(onBridge)).toEqual(['state: created → running']);
      await api(engine, 'DELETE', '/containers/theirs?force=1');
      await bring(world, { kind: container, topology }, onBridge);
    });
  });

  async function named(want: Resource<ContainerSpec>): Promise<readonly string[]> {
    const change = await changeFor(world, { kind: container, topology }, want);
    return differencesOf(change).map(d => `${d.field}: ${d.have} → ${d.want}`);
  }

  async function networks(): Promise<void> {
    await bring(world, { kind: network, topology }, networkOf({}));
    const back = { name: 'shop_back', bridge: 'br-back', subnets: [{ subnet: '172.27.0.0/16' }] };
    await bring(world, { kind: network, topology }, networkOf(back, 'shop/back'));
  }
});

function resource<Spec>(kind: string, name: string, spec: Spec): Resource<Spec> {
  const id = resourceId('h', kind, name);
  return {
    id,
    kind,
    host: 'h',
    name,
    group: { is: 'stack', name: 'shop' },
    mark: shortMark(topology, id),
    spec,
  };
}

function networkOf(spec: Partial<NetworkSpec>, name = 'shop/front'): Resource<NetworkSpec> {
  return resource('network', name, {
    name: 'shop_front',
    bridge: 'br-shop',
    mtu: 1450,
    subnets: [{ subnet: '172.30.0.0/16' }],
    internal: false,
    ipv6: false,
    options: {},
    labels: {},
    topology,
    ...spec,
  });
}

function containerOf(spec: Partial<ContainerSpec>): Resource<ContainerSpec> {
  return resource('container', 'shop/web', {
    name: 'web',
    config: { Image: IMAGE, Cmd: ['sleep', '1000'], Env: ['FOO=bar'], StopTimeout: 0 },
    networks: [
      { id: 'h/network/shop/front', name: 'shop_front', aliases: ['web'], ipv4: '172.30.0.7' },
      { id: 'h/network/shop/back', name: 'shop_back', aliases: ['web', 'www'] },
    ],
    image: 'h/image/topo/busybox',
    needs: [],
    shares: [],
    restartsWith: [],
    redacted: { image: IMAGE, environment: { FOO: 'digest:0000000000000001' } },
    topology,
    ...spec,
  });
}

function poolOf(name: string, subnet: string): object {
  return { Name: name, IPAM: { Config: [{ Subnet: subnet }] } };
}

function published(): { ExposedPorts: object; HostConfig: object } {
  return {
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '8080' }] } },
  };
}

/** What somebody else runs: without a mark. */
async function run(engine: TestEngine, name: string, body: object): Promise<void> {
  await api(engine, 'POST', `/containers/create?name=${name}`, {
    Image: IMAGE,
    Cmd: ['sleep', '1000'],
    StopTimeout: 0,
    ...body,
  });
  await api(engine, 'POST', `/containers/${name}/start`);
}

async function api(
  engine: TestEngine,
  method: EngineCall['method'],
  path: string,
  body?: unknown,
): Promise<unknown> {
  const reply = await engine.call({ via: 'docker', method, path, ...(body !== undefined && { body }) });
  if (reply.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`);
  return reply.body;
}

function messageIn(body: unknown): string {
  return (body as { message: string }).message;
}

async function wipe(engine: TestEngine): Promise<void> {
  const { containers, networks, volumes } = await engineWorld(engine).inventory();
  for (const c of containers) await api(engine, 'DELETE', `/containers/${c.id}?force=1&v=1`);
  const own = networks.filter(n => !['bridge', 'host', 'none'].includes(n.name));
  for (const n of own) await api(engine, 'DELETE', `/networks/${n.id}`);
  for (const v of volumes) await api(engine, 'DELETE', `/volumes/${v.name}`);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error('it never came to that');
}
