import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planned, topo, type Ran } from '../support/cli.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';
import { pairWorkspace } from '../support/ssh-topology.js';
import { hide, UNHIDE, worldOf, type World } from '../support/worlds.js';

const NAME = 'worlds';

interface Case {
  /** Of its golden file. */
  readonly name: string;
  spoil(world: World): Promise<unknown>;
  /** Beside the operator's files, which are given back by themselves. */
  mend?(world: World): Promise<unknown>;
}

/** Nobody has this address of the sandboxes' bridge. */
const NOBODY = '198.18.255.254';
const PORT = 2222;

/** A program that holds a socket of the host as long as it is let. */
const hold = (socket: string): string => `python3 -c 'import socket,time
s=socket.socket(socket.AF_INET,socket.${socket}
time.sleep(100)' >/dev/null 2>&1 </dev/null & echo $! >/run/holder; sleep 0.3`;
const LET_GO = 'kill "$(cat /run/holder)"; rm /run/holder';

/** What can be known before anything is done. */
const foreseen: readonly Case[] = [
  { name: 'unreachable', spoil: w => w.file({ 'hosts.two': `ssh://root@${NOBODY}` }) },
  { name: 'refused', spoil: w => w.file({ 'hosts.two': `ssh://root@${w.address('two')}:2299` }) },
  { name: 'name-unknown', spoil: w => w.file({ 'hosts.two': 'ssh://root@two.invalid' }) },
  {
    name: 'host-key-changed',
    spoil: w => {
      let other = '';
      return w.knownHosts(line => {
        other ||= line.split(' ')[2]!;
        return line.includes(w.address('two')) ? line.replace(/\S+$/, other) : line;
      });
    },
  },
  {
    name: 'host-key-unknown',
    spoil: w => w.knownHosts(line => (line.includes(w.address('two')) ? undefined : line)),
  },
  { name: 'login-refused', spoil: w => w.strangeKey() },
  {
    name: 'same-machine-twice',
    spoil: w => w.file({ 'hosts.two': `ssh://root@${w.address('one')}:${PORT}` }),
  },
  {
    name: 'engine-stopped',
    spoil: w =>
      w.on('two', 'kill "$(cat /run/docker.pid)"; while [ -e /run/docker.pid ]; do sleep 0.1; done'),
    mend: w => w.engine('two'),
  },
  {
    name: 'port-taken-by-a-program',
    spoil: w => w.on('one', hold('SOCK_STREAM); s.bind(("0.0.0.0",8080)); s.listen()')),
    mend: w => w.on('one', LET_GO),
  },
  {
    name: 'container-name-taken',
    spoil: w => w.on('one', `docker create --name ${NAME}-shop-web-1 topo/busybox true`),
    mend: w => w.on('one', `docker rm ${NAME}-shop-web-1`),
  },
  {
    name: 'vxlan-name-taken',
    spoil: w => w.on('two', 'ip link add vxlan1000 type vxlan id 5 dstport 4790 dev eth0'),
    mend: w => w.on('two', 'ip link del vxlan1000'),
  },
  {
    name: 'vni-taken',
    spoil: w => w.on('two', 'ip link add tunnel0 type vxlan id 1000 dstport 4789 dev eth0'),
    mend: w => w.on('two', 'ip link del tunnel0'),
  },
  {
    name: 'subnet-taken-by-a-network',
    spoil: w => w.on('one', 'docker network create foreign --subnet 172.30.5.0/24'),
    mend: w => w.on('one', 'docker network rm foreign'),
  },
  {
    name: 'subnet-taken-by-a-route',
    spoil: w => w.on('one', 'ip route add 172.30.5.0/24 via 198.18.0.1'),
    mend: w => w.on('one', 'ip route del 172.30.5.0/24'),
  },
  {
    name: 'remote-subnet-taken-by-a-route',
    spoil: w => w.on('one', 'ip route add 172.31.5.0/24 via 198.18.0.1'),
    mend: w => w.on('one', 'ip route del 172.31.5.0/24'),
  },
  {
    name: 'udp-port-taken',
    spoil: w => w.on('two', hold('SOCK_DGRAM); s.bind(("0.0.0.0",4789))')),
    mend: w => w.on('two', LET_GO),
  },
  { name: 'nft-missing', spoil: w => w.on('two', hide('nft')), mend: w => w.on('two', UNHIDE) },
  {
    name: 'image-never-pulled',
    spoil: w =>
      w.file({
        'stacks.search.services.api.image': 'nobody/has:1',
        'stacks.search.services.api.pull_policy': 'never',
      }),
  },
  {
    name: 'port-taken-by-a-container',
    spoil: w => w.on('one', 'docker run -d --name foreign -p 8080:80 topo/busybox sleep 1000'),
    mend: w => w.on('one', 'docker rm -f foreign'),
  },
];

/** What shows only when it is done. */
const unforeseen: readonly Case[] = [
  {
    name: 'image-in-no-registry',
    spoil: w => w.file({ 'stacks.search.services.api.image': 'registry.invalid/nobody/has:1' }),
  },
  {
    name: 'program-not-in-image',
    spoil: w => w.file({ 'stacks.search.services.api.command': ['nginx', '-g', 'daemon off;'] }),
  },
  {
    name: 'disk-full',
    async spoil(w) {
      const stop = 'kill "$(cat /run/docker.pid)"; while [ -e /run/docker.pid ]; do sleep 0.1; done';
      await w.on('two', `${stop}; mount -n -t tmpfs -o size=1500k tmpfs /run/engine`);
      await w.engine('two');
    },
    mend: w => w.on('two', 'mount -n -o remount,size=100m /run/engine'),
  },
];

describe.skipIf(sandboxesMissing() !== undefined)('wrong worlds', () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let world: World;

  beforeAll(async () => {
    sandboxes = await startSandboxes(2);
    hosts = await presentAsSsh(sandboxes, { port: PORT });
    world = await worldOf(sandboxes, hosts, await pairWorkspace(NAME, hosts));
    expect(await topo(['up'], world.space)).toMatchObject({ code: 0 });
    expect(await topo(['down', '-v'], world.space)).toMatchObject({ code: 0 });
  });
  beforeEach(() => world.restore());
  afterAll(async () => {
    await hosts?.[Symbol.asyncDispose]();
    await sandboxes?.[Symbol.asyncDispose]();
  });

  test.each(foreseen)('$name: one clear error, and nothing is changed', async ({ name, spoil, mend }) => {
    await spoil(world);
    try {
      const before = await world.look();
      const up = await topo(['up'], world.space);
      expectGolden(name, up);
      expect(up.code).toBe(1);
      expect(await world.look()).toBe(before);
    } finally {
      await mend?.(world);
    }
  });

  test('a host without ping is only not proven', async () => {
    await world.on('two', hide('ping'));
    const up = await topo(['up'], world.space);
    await world.on('two', UNHIDE);
    expectGolden('ping-missing', up);
    expect(up.code).toBe(0);
    expect(await topo(['down', '-v'], world.space)).toMatchObject({ code: 0 });
  });

  test.each(unforeseen)(
    '$name: what could be done is done, the rest is told, and once the world is mended one more up converges',
    async ({ name, spoil, mend }) => {
      await spoil(world);
      const up = await topo(['up'], world.space);
      expectGolden(name, up);
      expect(up.code).toBe(4);

      await mend?.(world);
      await world.restore();
      const again = await topo(['up'], world.space);
      expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
      expect(await planned(world.space)).toEqual([]);
      expect(await topo(['down', '-v'], world.space)).toMatchObject({ code: 0 });
    },
  );

  test('a user whom sudo asks for a password: one clear error, and nothing is changed', async () => {
    await using operator = await presentAsSsh(sandboxes, { port: PORT, user: 'operator' });
    for (const host of ['one', 'two'] as const) await world.on(host, 'rm /etc/sudoers.d/sandy');
    const before = await world.look();
    const up = await topo(['up'], { ...world.space, env: { HOME: operator.home } });
    expectGolden('sudo-missing', up);
    expect(up.code).toBe(1);
    expect(await world.look()).toBe(before);
  });

  /** What a case prints stands in a file with what differs from run to run blotted out; UPDATE_GOLDEN=1 writes it. */
  function expectGolden(name: string, { code, stdout, stderr }: Ran): void {
    const said = `exit ${code}\n--- stdout\n${steady(stdout)}--- stderr\n${steady(stderr)}`;
    const file = new URL(`../golden/worlds/${name}.txt`, import.meta.url);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, said);
    expect(said).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
    expect(said).not.toMatch(/^ +at .*:\d+/m);
  }

  function steady(text: string): string {
    const lines = text.split('\n').filter(line => !PROGRESS.test(line));
    return lines
      .join('\n')
      .replaceAll(world.address('one'), '<one>')
      .replaceAll(world.address('two'), '<two>')
      .replaceAll(`${world.space.cwd}/`, '')
      .replaceAll(/[\w/]+\/topo-home-\w+/g, '~')
      .replaceAll(/\(pid \d+\)/g, '(pid <n>)')
      .replaceAll(/SHA256:\S+?(?=[,. ]|$)/g, 'SHA256:<…>')
      .replaceAll(/\b[0-9a-f]{64}\b/g, '<id>')
      .replaceAll(/ in [\d.]+ s\b/g, ' in <n> s')
      .replaceAll(/(could not pull \S+: ).*/g, '$1<what the engine says>')
      .replaceAll(/sudo: unable to resolve host .*\n/g, '');
  }
});

/** Comes in the order in which things happened to end. */
const PROGRESS =
  /^(one|two)(: (connecting|reading)| +\d+\/\d+ )|^reading the hosts again$|^sending \d+ pings/;
