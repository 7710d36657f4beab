import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkGroup } from '../../src/tools/index.js';
import { inside, topo, workspace } from '../support/cli.js';
import { ownName, withoutRun } from '../support/own-name.js';
import { flooded, underlayAddress, underlayOf } from '../support/underlay.js';

/** What a routed VXLAN is on a host, to the letter, and what it lets through and what not. */

const NAME = ownName('fabric');
const WEB = `${NAME}-shop-web-1`;
const [LAB1, LAB2] = [`${NAME}-lab1`, `${NAME}-lab2`] as const;
/** What the kernel lists in no order of its own. */
const UNORDERED = new Set(['fdb', 'neighbours', 'routes']);
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace('quickstart.yaml', NAME);
  const up = await topo(['up'], space);
  expect(up, up.stderr).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

test.each([
  ['link', 'ip -d link show vxlan1000'],
  ['fdb', 'bridge fdb show dev vxlan1000 '],
  ['neighbours', 'ip neigh show dev vxlan1000 '],
  ['addresses', 'ip -o address show dev vxlan1000'],
  ['routes', 'ip route show proto 116'],
  ['accepts', 'iptables -S DOCKER-USER; iptables -t raw -S PREROUTING'],
  ['guard', 'nft -s list table inet $(nft list tables | sed -n "s/^table inet \\(topo_\\)/\\1/p")'],
])('%s on a host are those of the golden file', async (name, command) => {
  const said = await inside(LAB1, 'sh', '-c', command);
  expect(said, said.stderr).toMatchObject({ code: 0, stderr: '' });
  await expectGolden(name, nameAddresses(said.stdout, await addresses(), UNORDERED.has(name)));
});

test('a packet of exactly the MTU passes, one byte more does not', async () => {
  const ping = (bytes: number): Promise<{ code: number | null }> =>
    fromContainer(LAB1, WEB, 'ping', '-c1', '-W2', '-M', 'do', '-s', String(bytes - 28), '172.31.0.2');
  expect(await ping(1450)).toMatchObject({ code: 0 });
  expect(await ping(1451)).toMatchObject({ code: 1 });
});

test('the source address stays: nothing between stacks is masqueraded', async () => {
  const capture = inside(
    LAB2,
    'timeout',
    '5',
    'tcpdump',
    '-nn',
    '-c1',
    '-i',
    'vxlan1000',
    'icmp[icmptype] == icmp-echo',
  );
  await new Promise(done => setTimeout(done, 1_000));
  await fromContainer(LAB1, WEB, 'ping', '-c2', '-W2', '172.31.0.2');
  expect((await capture).stdout).toContain('172.30.0.2 > 172.31.0.2');
});

/** With a FORWARD policy of ACCEPT, which any host has where ip_forward was on before its engine started. */
test.each(['ACCEPT', 'DROP'])(
  'with a FORWARD policy of %s nothing undeclared gets in or out',
  async policy => {
    for (const lab of [LAB1, LAB2]) await inside(lab, 'iptables', '-P', 'FORWARD', policy);
    await inside(
      LAB1,
      'sh',
      '-c',
      'docker network create other --subnet 10.77.0.0/24; docker run -d --name other --network other topo/busybox sleep 600',
    );

    const reaches = async (container: string, to: string): Promise<boolean> =>
      (await fromContainer(LAB1, container, 'ping', '-c1', '-W1', to)).code === 0;
    const overlay = /inet (10\.1\.1\.\d+)/.exec(
      (await inside(LAB2, 'ip', 'address', 'show', 'vxlan1000')).stdout,
    )![1]!;
    expect({
      'declared to declared': await reaches(WEB, '172.31.0.2'),
      'another network to a remote stack': await reaches('other', '172.31.0.2'),
      'another network to a remote overlay address': await reaches('other', overlay),
      'declared to a remote overlay address': await reaches(WEB, overlay),
      'declared to a remote gateway': await reaches(WEB, '172.31.0.1'),
    }).toEqual({
      'declared to declared': true,
      'another network to a remote stack': false,
      'another network to a remote overlay address': false,
      'declared to a remote overlay address': false,
      'declared to a remote gateway': false,
    });
  },
);

/** Stacks, where they are, and what the engine gave their one container. */
const ENDS = [
  { lab: LAB1, container: WEB, address: '172.30.0.2' },
  { lab: LAB2, container: `${NAME}-search-api-1`, address: '172.31.0.2' },
  { lab: `${NAME}-lab3`, container: `${NAME}-archive-store-1`, address: '172.22.0.2' },
];
const PAIRS = ENDS.flatMap(from => ENDS.filter(to => to !== from).map(to => ({ from, to })));

test('on the underlay nothing is flooded: every packet goes to the one host that has its destination', async () => {
  const rounds = 3;
  const seen = await underlayOf(
    ENDS.map(end => end.lab),
    async () => {
      for (let i = 0; i < rounds; i++) {
        await Promise.all(ENDS.map(({ lab, container }) => forget(lab, container)));
        const pings = PAIRS.map(({ from, to }) =>
          fromContainer(from.lab, from.container, 'ping', '-c1', to.address),
        );
        expect((await Promise.all(pings)).map(ping => ping.code)).toEqual(PAIRS.map(() => 0));
      }
    },
  );
  expect(flooded(seen)).toEqual([]);
  const hosts = new Map<string | undefined, string>();
  for (const { address, lab } of ENDS) hosts.set(address, await underlayAddress(lab));
  const count = new Map<string, number>();
  for (const { from, to, content } of seen) {
    const [, source = '', target = ''] = /^(\S+) > (\S+): ICMP echo/.exec(content) ?? [];
    expect({ content, from, to }).toEqual({ content, from: hosts.get(source), to: hosts.get(target) });
    count.set(`${source} > ${target}`, (count.get(`${source} > ${target}`) ?? 0) + 1);
  }
  // A question and an answer each way and round, each seen where it leaves and where it arrives.
  expect(Object.fromEntries(count)).toEqual(
    Object.fromEntries(PAIRS.map(({ from, to }) => [`${from.address} > ${to.address}`, rounds * 4])),
  );
});

/** All that a host and a container know of their neighbours, but for what is there for good. */
async function forget(lab: string, container: string): Promise<void> {
  await inside(lab, 'ip', 'neigh', 'flush', 'all');
  await fromContainer(lab, container, 'ip', 'neigh', 'flush', 'all');
}

/** Runs a program of the host inside a container's network namespace: images need not have it. */
async function fromContainer(
  lab: string,
  container: string,
  ...argv: readonly string[]
): Promise<{ code: number | null }> {
  const key = (
    await inside(lab, 'docker', 'inspect', '-f', '{{.NetworkSettings.SandboxKey}}', container)
  ).stdout.trim();
  return inside(lab, 'nsenter', `--net=${key}`, ...argv);
}

/** The hosts' management addresses differ between machines: they are named instead. */
async function addresses(): Promise<readonly (readonly [string, string])[]> {
  const labs = ['lab1', 'lab2', 'lab3'];
  return Promise.all(
    labs.map(
      async lab =>
        [(await readFile(`/run/topo/sandbox/${NAME}-${lab}/address`, 'utf8')).trim(), lab] as const,
    ),
  );
}

function nameAddresses(text: string, names: readonly (readonly [string, string])[], sorted: boolean): string {
  const named = names.reduce(
    (all, [address, name]) => all.replaceAll(address, `<${name}>`),
    withoutRun(text),
  );
  const settled = named
    .replace(/^\d+: vxlan/gm, 'N: vxlan')
    .replace(` group ${linkGroup(NAME)} `, ' group <group> ')
    .replaceAll(/"tb[a-z2-7]{10}"/g, '"<bridge>"')
    .replaceAll(/(topo:fabric:\w{12}) [0-9a-f]{8}/g, '$1 <fingerprint>')
    .replace(/ numtxqueues .*/g, '');
  const lines = settled
    .trimEnd()
    .split('\n')
    .map(line => line.trimEnd());
  return `${(sorted ? lines.sort() : lines).join('\n')}\n`;
}

async function expectGolden(name: string, text: string): Promise<void> {
  const path = new URL(`../golden/fabric/${name}.txt`, import.meta.url).pathname;
  if (process.env['UPDATE_GOLDEN']) await writeFile(path, text);
  expect(text).toBe(await readFile(path, 'utf8'));
}
