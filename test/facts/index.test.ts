import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  emptyInventory,
  type EngineCall,
  type ExecResult,
  type Host,
  type HostView,
  type Inventory,
} from '../../src/core/index.js';
import { computedView, readHost } from '../../src/facts/index.js';
import { parseApplied } from '../../src/facts/applied.js';

const data = (file: string): string =>
  readFileSync(new URL(`../tools/data/${file}`, import.meta.url), 'utf8');

const ABOUT = 'lab1 6.18.0 x86_64\n0a-boot-id\nnet:[4026532177]\n198.18.0.1 40000 198.18.0.2 22\n';

/** A host that answers with these parts: text, or an exit code with what it said on stderr. */
function hostOf(
  parts: Readonly<Record<string, string | [number, string]>>,
  engine?: Host['engine'],
): Host & { asked: string[] } {
  const asked: string[] = [];
  const none = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const answers = Object.entries(parts).map(([name, part]) => {
    const [text, code, said] = typeof part === 'string' ? [part, 0, ''] : ['', ...part];
    return { stdout: `\n#topo# ${name}\n${text}\n#topo# = ${code}\n`, stderr: `\n#topo# ${name}\n${said}` };
  });
  const result: ExecResult = {
    code: 0,
    stdout: answers.map(a => a.stdout).join(''),
    stderr: answers.map(a => a.stderr).join(''),
  };
  return {
    asked,
    name: 'lab1',
    described: 'ssh root@lab1',
    exec: argv => (asked.push(argv[0]!), Promise.resolve(result)),
    engine: engine ?? (call => (asked.push(call.path), Promise.resolve({ status: 200, body: [] }))),
    start: none,
    engineStream: none,
    engineUpgrade: none,
    copy: none,
    build: none,
    registryDigest: none,
    stream: none,
    trips: { exec: 0, engine: 0 },
    closed: new AbortController().signal,
    close: () => Promise.resolve(),
  };
}

const whole = {
  about: ABOUT,
  tools: 'ip=/usr/sbin/ip\nnft=/usr/sbin/nft\n',
  links: data('ip-address.json'),
  routes4: data('ip-route-4.json'),
  routes6: data('ip-route-6.json'),
  namespaces: '',
  fdb: data('bridge-fdb.json'),
  vlans: '[]',
  neighbours: data('ip-neigh.json'),
  iptables4: data('iptables-save.txt'),
  iptables6: '',
  nft: data('nft.txt'),
  listeners: data('ss.txt'),
  sysctls: 'net.ipv4.ip_forward = 1\n',
  runs: `/d/containers/${'a'.repeat(64)}/config.v2.json:"StartedAt":"2026-01-01T00:00:00Z"\n`,
  vde: '',
  topologies: 'lab\nother\n',
  hosts: '{"format":1,"topology":"lab","key":"00ff","hosts":{"lab1":{"address":"198.18.0.2"}}}',
  adopted: '',
  applied: '{"format":1,"specs":{"lab1/vxlan/vxlan1000":"abc"},"bootId":"0a-boot-id"}',
  paths: '{"format":1,"paths":[{"from":"198.18.0.2","to":"198.18.0.3","most":1500,"carries":1400}]}',
  end: '',
};

function settingsOf(id: string): string {
  return `/d/containers/${id}/hostconfig.json:"RestartPolicy":{"Name":"no"}
/d/containers/${id}/config.v2.json:"Networks":{},"Service":
`;
}

describe('reading a host', () => {
  test("tells which mark an engine's own table lets through", async () => {
    const nft = [
      'table ip docker-bridges',
      'accepts ip docker-bridges 0x00000010 0x000000f0',
      'table ip6 docker-bridges',
    ];
    const { inventory } = await readHost(hostOf({ ...whole, nft: nft.join('\n') }), { topology: 'lab' });
    expect(inventory.nft).toEqual([
      { family: 'ip', name: 'docker-bridges', accepts: '0x10/0xf0' },
      { family: 'ip6', name: 'docker-bridges' },
    ]);
  });

  test('takes one command and one call for each list, and gives all of it', async () => {
    const host = hostOf(whole);
    const { facts, inventory } = await readHost(host, { topology: 'lab' });
    expect(host.asked.sort()).toEqual([
      '/containers/json?all=1',
      '/images/json',
      '/info',
      '/networks',
      '/version',
      '/volumes',
      'sh',
    ]);
    expect(facts).toMatchObject({
      hostname: 'lab1',
      kernel: '6.18.0',
      arch: 'x86_64',
      bootId: '0a-boot-id',
      netns: '4026532177',
      tools: { ip: '/usr/sbin/ip', nft: '/usr/sbin/nft' },
      reachedAt: '198.18.0.2',
      reachedFrom: '198.18.0.1',
    });
    expect(inventory.unread).toEqual({});
    expect(inventory.nft.map(t => [t.family, t.name, t.chains !== undefined])).toContainEqual([
      'inet',
      'topo_x_abc',
      true,
    ]);
    expect(inventory.nft).toContainEqual({ family: 'ip', name: 'filter' });
    expect(inventory.topologies).toEqual(['lab', 'other']);
    expect(inventory.applied).toMatchObject({
      key: '00ff',
      specs: { 'lab1/vxlan/vxlan1000': 'abc' },
      bootId: '0a-boot-id',
    });
    expect(inventory.paths).toEqual([{ from: '198.18.0.2', to: '198.18.0.3', most: 1500, carries: 1400 }]);
    expect(inventory.routes.filter(r => r.protocol === 116)).toHaveLength(3);
    expect(inventory.udp.find(u => u.port === 4789)).toEqual({ address: '0.0.0.0', port: 4789, process: '' });
  });

  test("what containers are set to is read off the engine's files, or asked for where they are elsewhere", async () => {
    const [known, other, gone] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];
    const asked: string[] = [];
    const list = [known, other, gone].map(Id => ({ Id, Names: ['/x'], Labels: { 'topo.name': 'lab' } }));
    const answer = (path: string): { status: number; body: unknown } => {
      if (path.startsWith('/containers/json'))
        return { status: 200, body: [...list, { Id: 'd', Names: ['/y'], Labels: { 'topo.name': 'else' } }] };
      if (path.includes(gone)) return { status: 404, body: '' };
      return { status: 200, body: { HostConfig: { Memory: 5, RestartPolicy: { Name: 'always' } } } };
    };
    const host = hostOf({ ...whole, runs: settingsOf(known) }, ({ path }) => {
      asked.push(path);
      return Promise.resolve(answer(path));
    });
    const { inventory } = await readHost(host, { topology: 'lab' });
    expect(inventory.containers.map(c => c.settings?.restart.name)).toEqual([
      'no',
      'always',
      undefined,
      undefined,
    ]);
    expect(asked.filter(path => path.endsWith('/json')).sort()).toEqual([
      '/containers/' + other + '/json',
      '/containers/' + gone + '/json',
      '/images/json',
    ]);
    const only = { ...host, engineOnly: true as const };
    expect((await readHost(only, { topology: 'lab' })).inventory.containers[0]!.settings?.limits).toEqual({
      Memory: 5,
    });
    const failing = hostOf(whole, ({ path }) =>
      Promise.resolve(path.endsWith(`${other}/json`) ? { status: 500, body: '' } : answer(path)),
    );
    const { unread } = (await readHost(failing, { topology: 'lab' })).inventory;
    expect(unread.containers).toContain('was answered with 500');
  });

  describe('where docker compose made something', () => {
    const labels = { 'com.docker.compose.project': 'shop' };
    const engine: Host['engine'] = ({ path }: EngineCall) => {
      const body = {
        '/containers/json?all=1': [{ Id: 'c1', Names: ['/web'], ImageID: 'i1', Labels: labels }],
        '/networks': [{ Id: 'n1', Name: 'front', Labels: labels }],
      }[path];
      return Promise.resolve({ status: 200, body: body ?? { said: path } });
    };
    const read = async (adopted: string, adopt: readonly string[] = []): Promise<Inventory> =>
      (await readHost(hostOf({ ...whole, adopted }, engine), { topology: 'lab', adopt })).inventory;

    test('what was adopted bears the labels that the record of it holds, whatever its topology', async () => {
      const inventory = await read('other/adopted/container-c1:{"labels":{"topo.name":"other"}}\n');
      const marks = { 'topo.name': 'other', 'topo.adopted': 'before' };
      expect(inventory.containers[0]!.labels).toEqual({ ...labels, ...marks });
      const broken = await read('lab/adopted/container-c1:{');
      expect(Object.keys(broken.unread).sort()).toEqual(['containers', 'networks', 'volumes']);
    });

    test('what may be adopted is asked for one by one, of the given projects and of no topology yet', async () => {
      const { containers, networks } = await read('lab/adopted/network-n1:{"labels":{"topo.name":"lab"}}', [
        'shop',
      ]);
      expect(containers[0]!.inspected).toEqual({
        container: { said: '/containers/c1/json' },
        image: { said: '/images/i1/json' },
      });
      expect(networks[0]!.inspected).toBeUndefined();
      expect((await read('', ['other'])).containers[0]!.inspected).toBeUndefined();
    });
  });

  test('a part that cannot be read spoils nothing else, and its reason is kept', async () => {
    const parts = {
      ...whole,
      fdb: [127, 'sh: 1: bridge: not found\n'],
      nft: 'x',
      links: '{broken',
      iptables6: [1, ''],
    } as const;
    const { inventory } = await readHost(
      hostOf({ ...parts, fdb: [...parts.fdb], iptables6: [...parts.iptables6] }),
      { topology: 'lab' },
    );
    expect(inventory.unread.fdb).toBe('sh: 1: bridge: not found');
    expect(inventory.unread.links).toContain('JSON');
    expect(Object.keys(inventory.unread).sort()).toEqual(['fdb', 'links']);
    expect(inventory.iptables[6]).toBeUndefined();
    expect(inventory.neighbours).not.toEqual([]);
  });

  test('an answer that was cut off is no answer', async () => {
    const { end, ...cut } = whole;
    expect(end).toBe('');
    await expect(readHost(hostOf(cut), { topology: 'lab' })).rejects.toMatchObject({
      code: 'host.read',
      who: 'host',
      host: 'lab1',
    });
  });

  test('an engine that cannot be reached is a fact, and its lists are unread, not empty', async () => {
    const refused = (): Promise<never> => Promise.reject(new Error('connect ENOENT /var/run/docker.sock'));
    const { facts, inventory } = await readHost(hostOf(whole, refused), { topology: 'lab' });
    expect(facts.engine).toMatchObject({ is: 'missing', why: 'connect ENOENT /var/run/docker.sock' });
    expect(Object.keys(inventory.unread).sort()).toEqual(['containers', 'images', 'networks', 'volumes']);
  });

  test('a list that the engine refuses is unread, the others are not', async () => {
    const engine = ({ path }: EngineCall): ReturnType<Host['engine']> =>
      Promise.resolve(
        path === '/networks' ? { status: 500, body: { message: 'boom' } } : { status: 200, body: [] },
      );
    const { inventory } = await readHost(hostOf(whole, engine), { topology: 'lab' });
    expect(inventory.unread).toEqual({ networks: 'GET /networks was answered with 500: {"message":"boom"}' });
  });
});

test('a record of a later format is refused, no record is none, one that was just begun has no specs', () => {
  expect(parseApplied('lab', '', '')).toBeUndefined();
  expect(parseApplied('lab', '{"format":1,"key":"00","hosts":{}}', '')).toMatchObject({
    specs: {},
    bootId: '',
    key: '00',
  });
  expect(() => parseApplied('lab', '', '{"format":2}')).toThrow('format 2: a newer topo wrote it');
});

test('a host to come is empty, has an address, and is nobody else', () => {
  const inventory = { ...emptyInventory(), containers: [] };
  const engine = { is: 'missing', why: 'x', hint: 'y' } as const;
  const from: HostView = {
    host: '@operator',
    facts: {
      hostname: 'me',
      kernel: '6.18',
      arch: 'x86_64',
      bootId: 'b',
      netns: '1',
      tools: { ip: '/ip' },
      engine,
    },
    inventory,
  };
  const [a, b] = [
    computedView('a', from, { address: '198.18.7.9' }),
    computedView('b', from, { address: '198.18.7.10' }),
  ];
  expect(a.facts).toMatchObject({
    computed: true,
    reachedAt: '198.18.7.9',
    tools: { ip: '/ip' },
    engine: { is: 'running' },
  });
  expect(a.inventory.links.map(l => [l.name, l.addresses])).toEqual([['eth0', ['198.18.7.9/16']]]);
  expect(a.inventory.routes).toMatchObject([{ dst: '198.18.0.0/16', dev: 'eth0', source: '198.18.7.9' }]);
  expect(new Set([a.facts.netns, b.facts.netns, from.facts.netns]).size).toBe(3);
});

describe('the hosts files of containers', () => {
  const running = [{ Id: 'c1', Names: ['/web'], State: 'running', Labels: { 'topo.name': 'lab' } }];
  const engine =
    (dataRoot: string, containers: unknown = running): Host['engine'] =>
    ({ path }: EngineCall) => {
      const body =
        path === '/info' ? { DockerRootDir: dataRoot } : path.startsWith('/containers') ? containers : [];
      return Promise.resolve({ status: 200, body });
    };
  const names =
    'root /var/lib/docker\nblock 1\n|10.0.0.2 a.b\nin topo:lab:x 1 /var/lib/docker/containers/c1/hosts\n';
  const look = async (
    text: string | [number, string],
    api: Host['engine'],
  ): Promise<[string[], HostView]> => {
    const host = hostOf({ ...whole, names: text }, api);
    return [host.asked, await readHost(host, { topology: 'lab' })];
  };

  test('are read along with all the rest', async () => {
    const [asked, { facts, inventory }] = await look(names, engine('/var/lib/docker'));
    expect(asked).toEqual(['sh']);
    expect(facts.engine).toMatchObject({ is: 'running', dataRoot: '/var/lib/docker' });
    expect(inventory.nameBlocks).toMatchObject([
      { container: 'c1', mark: 'topo:lab:x', lines: '10.0.0.2 a.b\n' },
    ]);
    expect(inventory.unread).toEqual({});
  });

  test('are asked for once more where the engine keeps them in an unusual place, and containers of the topology run', async () => {
    expect((await look(names, engine('/data')))[0]).toEqual(['sh', 'sh']);
    expect((await look(names, engine('/data', [])))[0]).toEqual(['sh']);
  });

  test('that could not be read are not taken for empty', async () => {
    const [, { inventory }] = await look([127, 'awk: not found'], engine('/var/lib/docker'));
    expect(inventory.unread.nameBlocks).toBe('hosts files of containers: awk: not found');
    const [, mute] = await look(names, engine(''));
    expect(mute.inventory.unread.nameBlocks).toContain('did not say where it keeps its containers');
  });
});

describe('a host of which only the engine is reached', () => {
  const far = (engine: Host['engine']): Host => {
    const host = hostOf(whole, engine);
    const exec = (): never => expect.unreachable();
    return { ...host, described: 'tcp://far:2375', engineOnly: true, exec };
  };

  test('is what its engine tells, and nothing else is asked', async () => {
    const answers: Readonly<Record<string, unknown>> = {
      '/version': { Version: '28.5', KernelVersion: '6.8', Arch: 'arm64' },
      '/info': { ID: 'E1' },
      '/containers/json?all=1': [
        { Id: 'c1', Names: ['/web'], State: 'running', Labels: { 'topo.name': 'lab' } },
      ],
    };
    const { facts, inventory } = await readHost(
      far(async ({ path }) => ({ status: 200, body: answers[path] ?? [] })),
      { topology: 'lab' },
    );
    expect(facts).toMatchObject({
      engineOnly: true,
      hostname: 'tcp://far:2375',
      kernel: '6.8',
      arch: 'arm64',
      tools: {},
    });
    expect(inventory.containers.map(c => c.name)).toEqual(['web']);
    expect(inventory.unread).toEqual({});
  });

  test('throws where a list could not be read: nothing else would tell that something is there', async () => {
    const engine: Host['engine'] = async ({ path }) => ({
      status: path === '/volumes' ? 500 : 200,
      body: [],
    });
    await expect(readHost(far(engine), { topology: 'lab' })).rejects.toMatchObject({
      code: 'host.read',
      host: 'lab1',
    });
  });
});
