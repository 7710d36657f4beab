import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bridgeDevice } from '../../src/core/index.js';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import type { Ran } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

const NAME = ownName('links');
const LEFT = `${NAME}-left`;
const RIGHT = `${NAME}-right`;
let space: Awaited<ReturnType<typeof workspace>>;
let before: string;

beforeAll(async () => {
  before = await snapshot();
  space = await workspace('links.yaml', NAME);
  const up = await topo(['up'], space);
  expect(up, up.stderr).toMatchObject({ code: 0 });
});

afterAll(() => space[Symbol.asyncDispose]());

test('every pair that the file speaks of is reached', async () => {
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
});

test('ps shows the addresses inside containers, and the bridges', async () => {
  const { stdout } = await topo(['ps'], space);
  expect(stdout).toMatch(/west\/router .* 10\.0\.0\.1, 10\.0\.1\.1/);
  expect(stdout).toMatch(/lan +bridge +t[a-z2-7]{10} +up +1450/);
});

/** What the kernel refuses to fragment must go through a wire at its full MTU; 20 MB arrive whole. */
test.each([
  { from: 'west/pc', device: 'eth1', to: 'west/pc#2', address: '', mtu: 1450 },
  { from: 'west/router', device: 'wan', to: 'east/router', address: '10.0.0.2', mtu: 1450 },
  { from: 'east/guest', device: 'eth1', to: 'west/router', address: '10.0.1.1', mtu: 1450 },
  { from: 'west/near', device: 'eth1', to: 'east/away', address: '', mtu: 1450 },
])('$from to $to carries packets of its MTU and 20 MB', async ({ from, device, to, address, mtu }) => {
  const target = address === '' ? await addressOf(to, 'eth1') : address;
  expect((await exec(from, 'cat', `/sys/class/net/${device}/mtu`)).stdout.trim()).toBe(`${mtu}`);
  const ping = await exec(from, 'ping', '-c', '1', '-W', '2', '-s', `${mtu - 28}`, target);
  expect(ping, ping.stdout).toMatchObject({ code: 0 });

  const serve = 'yes topo | head -c 20000000 >/tmp/file; httpd -p 7000 -h /tmp; md5sum </tmp/file';
  const served = await exec(to, 'sh', '-c', serve);
  const fetched = await exec(from, 'sh', '-c', `wget -qO- http://${target}:7000/file | md5sum`);
  expect(fetched, fetched.stderr).toMatchObject({ code: 0, stdout: served.stdout });
});

test('what is changed in the file is changed in place, and what is not keeps its device', async () => {
  const index = async (service: string, device: string): Promise<string> =>
    (await exec(service, 'cat', `/sys/class/net/${device}/ifindex`)).stdout;
  const same = [await index('west/router', 'wan'), await index('west/pc', 'eth1')];
  await edit([
    [
      '{ switch: lan, ip: 10.0.1.1 }',
      "{ switch: lan, ip: [10.0.1.1, 10.0.1.77], mtu: 1400, mac: '02:00:00:00:00:99' }",
    ],
    ['to: 10.0.2.0/24, via', 'to: 10.0.2.0/25, via'],
  ]);
  const { result, lost } = await countLost(() => applied(space));
  const { planned: actions, remaining } = result;
  expect(lost).toBe(0);
  expect(actions.map(a => `${a.verb} ${a.kind} ${a.name}`).sort()).toEqual([
    'update tunnel west/router:wan--east/router:wan',
    'update veth west/router:eth1',
  ]);
  expect(remaining).toEqual([]);
  const shown = await exec('west/router', 'ip', 'addr', 'show', 'eth1');
  expect(shown.stdout).toMatch(/mtu 1400[\s\S]*02:00:00:00:00:99[\s\S]*10\.0\.1\.77/);
  expect([await index('west/router', 'wan'), await index('west/pc', 'eth1')]).toEqual(same);
  await edit([
    [
      "{ switch: lan, ip: [10.0.1.1, 10.0.1.77], mtu: 1400, mac: '02:00:00:00:00:99' }",
      '{ switch: lan, ip: 10.0.1.1 }',
    ],
    ['to: 10.0.2.0/25, via', 'to: 10.0.2.0/24, via'],
  ]);
  expect((await applied(space)).remaining).toEqual([]);
});

/** Link layer groups that bridges keep to themselves (IEEE 802.1D, table 7-10), and types that no bridge or router knows. */
const OTHERS = {
  '01:80:c2:00:00:00': '0x88b5',
  '01:80:c2:00:00:02': '0x8809',
  '01:80:c2:00:00:0e': '0x88cc',
};

test('a wire between hosts carries the frames of LACP and LLDP, to any group and of any type', async () => {
  const enter = (container: string): string =>
    `netns=$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${container}); inside() { nsenter --net="$netns" "$@"; }`;
  const listen = `${enter(`${NAME}-east-router-1`)}
    nsenter --net="$netns" timeout 20 tcpdump -nn -e -i wan --immediate-mode -c 3 'ether[0:4] = 0x0180c200' 2>/run/others.log >/run/others.txt &
    until grep -q listening /run/others.log; do sleep 0.05; done`;
  await script(RIGHT, listen);
  const frames = Object.entries(OTHERS);
  const typed = frames.map(([mac, type]) => `ether daddr ${mac} ether type set ${type}`).join('\n');
  const sent = frames.map(
    ([mac], n) => `inside ip neigh replace 10.0.0.${n + 4} lladdr ${mac} dev wan nud permanent
      inside ip route replace 10.0.0.${n + 4} dev wan; inside ping -c 1 -W 1 10.0.0.${n + 4} >/dev/null || :
      inside ip route del 10.0.0.${n + 4}; inside ip neigh del 10.0.0.${n + 4} dev wan`,
  );
  await script(
    LEFT,
    `${enter(`${NAME}-west-router-1`)}
    inside nft 'table netdev others { chain out { type filter hook egress device "wan" priority 0; ${typed}
    }
    }'
    ${sent.join('\n')}
    inside nft delete table netdev others`,
  );
  const heard =
    'tries=0; until [ "$(wc -l </run/others.txt)" -ge 3 ] || [ $tries -gt 40 ]; do tries=$((tries + 1)); sleep 0.1; done; cat /run/others.txt';
  const { stdout } = await script(RIGHT, heard);
  const seen = [...stdout.matchAll(/> ([\da-f:]{17}), ethertype .*?\(?(0x[\da-f]{4})/g)].map(m => m.slice(1));
  expect(Object.fromEntries(seen)).toEqual(OTHERS);
});

async function script(host: string, text: string): Promise<Ran> {
  const ran = await inside(host, 'sh', '-ec', text);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return ran;
}

interface Meddling {
  readonly what: string;
  /** For `sh` on the left host. */
  readonly by: string;
  readonly named: readonly string[];
}

const PC = `${NAME}-west-pc-1`;
const IN_PC = `nsenter --net="$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${PC})"`;

const meddlings: readonly Meddling[] = [
  { what: 'a container restarted', by: `docker restart -t 0 ${PC}`, named: ['create veth west/pc:eth1'] },
  {
    what: 'a container killed',
    by: `docker kill ${PC}`,
    named: ['create veth west/pc:eth1', 'update container west/pc'],
  },
  {
    what: 'a container restarted by its policy',
    by: `docker update --restart always ${PC}; kill -9 $(docker inspect -f '{{.State.Pid}}' ${PC})
      until [ "$(docker inspect -f '{{.RestartCount}} {{.State.Running}}' ${PC})" = '1 true' ]; do sleep 0.1; done`,
    named: ['create veth west/pc:eth1', 'update container west/pc'],
  },
  { what: 'an interface deleted', by: `${IN_PC} ip link del eth1`, named: ['create veth west/pc:eth1'] },
  {
    what: 'an interface set down',
    by: `${IN_PC} ip link set eth1 down`,
    named: ['update veth west/pc:eth1'],
  },
  {
    what: 'a bridge deleted',
    by: `ip link del ${bridgeDevice('left', 'lan')}`,
    named: [
      'create address lan',
      'create bridge lan',
      'update tunnel east/guest:eth1',
      'update veth west/pc#2:eth1',
      'update veth west/pc:eth1',
      'update veth west/router:eth1',
    ],
  },
];

/** What the container's device is, and how many there are on the host. */
const LOOK = `${IN_PC} ip -o address show eth1 scope global | sed -E 's/^[0-9]+: //; s/@if[0-9]+//'
${IN_PC} ip -o link show eth1 | sed -E 's/.*(link.ether [^ ]+).*/\\1/'; ip -o link | wc -l`;

test.each(meddlings)('$what: the plan names exactly that, and up repairs it', async ({ by, named }) => {
  const was = await inside(LEFT, 'sh', '-ec', LOOK);
  const hand = await inside(LEFT, 'sh', '-ec', by);
  expect(hand, hand.stderr).toMatchObject({ code: 0 });
  const { planned: actions, remaining } = await applied(space);
  expect(actions.map(a => `${a.verb} ${a.kind} ${a.name}`).sort()).toEqual(named);
  expect(remaining).toEqual([]);
  expect((await inside(LEFT, 'sh', '-ec', LOOK)).stdout).toBe(was.stdout);
});

test('a link that carries nothing, or not as much as it should, fails up with its name and the reason', async () => {
  const large = 'INPUT -p udp --dport 4789 -m length --length 1451: -j DROP';
  const broken = `ip link add ext9 type veth peer name out9; iptables -I ${large}`;
  await inside(LEFT, 'sh', '-ec', broken);
  await edit([
    [
      '  - [east/guest, lan]',
      "  - [east/guest, lan]\n  - [lan, 'left:ext9']\n  - ends: [{ at: west/near, ip: 10.9.9.1/30 }, { at: east/away, ip: 10.9.9.2/30 }]",
    ],
  ]);
  const up = await topo(['up'], space);
  expect(up.code, up.stderr).toBe(4);
  expect(up.stdout.split('\n').filter(line => line.startsWith('Not proven'))).toEqual([
    expect.stringMatching(
      /^Not proven: east\/away:eth2 → west\/near:eth2, ping of 1450 bytes with DF: .*100% packet loss/,
    ),
    'Not proven: lan → left:ext9, carrier and ports (no two addresses to ping): left:ext9 has no carrier: nothing is at its other end, or that is down',
  ]);
  await edit([[/\n {2}- \[lan, 'left:ext9'\]\n.*10\.9\.9.*/, '']]);
  expect((await applied(space)).remaining).toEqual([]);
  await inside(LEFT, 'sh', '-ec', `ip link del ext9; iptables -D ${large}`);
});

test("a device of the host's own becomes a port, or bears a macvlan, and is itself again afterwards", async () => {
  const outside =
    'ip netns add out; for n in 5 6; do ip link add ext$n type veth peer name out$n netns out; done; ip link set ext6 up';
  const address = 'ip -n out addr add 10.0.1.200/24 dev out5; ip -n out addr add 10.9.0.1/24 dev out6';
  await inside(
    LEFT,
    'sh',
    '-ec',
    `${outside}; ${address}; ip -n out link set out5 up; ip -n out link set out6 up`,
  );
  await edit([
    [
      '  - [east/guest, lan]',
      "  - [east/guest, lan]\n  - [lan, 'left:ext5']\n  - [{ at: west/router, ip: 10.9.0.2/24 }, 'left:ext6']",
    ],
  ]);
  const { planned: actions, remaining } = await applied(space);
  expect(actions.map(a => `${a.verb} ${a.kind} ${a.name}`).sort()).toEqual([
    'create enslave ext5',
    'create macvlan west/router:eth2--left:ext6',
  ]);
  expect(remaining).toEqual([]);
  for (const target of ['10.0.1.200', '10.9.0.1']) {
    const ping = await exec('west/router', 'ping', '-c', '1', '-W', '2', target);
    expect(ping, ping.stdout).toMatchObject({ code: 0 });
  }
  // A port that is let go is down again if it was; the other one becomes a port, and is let go to bear a macvlan again.
  const macvlan = "  - [{ at: west/router, ip: 10.9.0.2/24 }, 'left:ext6']";
  await edit([
    ["  - [lan, 'left:ext5']\n", ''],
    [macvlan, "  - [lan, 'left:ext6']"],
  ]);
  expect((await applied(space)).remaining).toEqual([]);
  expect(await isUp('ext5')).toBe(false);
  await edit([["  - [lan, 'left:ext6']", macvlan]]);
  expect((await applied(space)).remaining).toEqual([]);
  expect(await isUp('ext6')).toBe(true);
  await edit([[`\n${macvlan}`, '']]);
  expect((await applied(space)).remaining).toEqual([]);
  const { stdout } = await inside(LEFT, 'sh', '-c', 'ip -o link show ext5; ip -o link show ext6');
  expect(stdout).not.toContain('master');
});

test('down leaves nothing', async () => {
  expect(await planned(space)).toEqual([]);
  const down = await topo(['down', '-v'], space);
  expect(down, down.stderr).toMatchObject({ code: 0 });
  expect(await snapshot()).toBe(before);
});

function exec(service: string, ...argv: readonly string[]): Promise<Ran> {
  return topo(['exec', service, '--', ...argv], space);
}

/** Fifty packets a second over a bridge whose other ports are changed, between two that are not. */
async function countLost<T>(meanwhile: () => Promise<T>): Promise<{ result: T; lost: number }> {
  const to = await addressOf('west/pc#2', 'eth1');
  const script = `rm -f /run/stop; ${IN_PC} ping -n -q -i 0.02 ${to} & ping=$!
    until [ -e /run/stop ]; do sleep 0.05; done
    kill -INT $ping; wait $ping; exit 0`;
  const counting = inside(LEFT, 'sh', '-c', script);
  const result = await meanwhile();
  await inside(LEFT, 'touch', '/run/stop');
  const { stdout } = await counting;
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(stdout) ?? [];
  expect(Number(sent), stdout).toBeGreaterThan(20);
  return { result, lost: Number(sent) - Number(received) };
}

async function isUp(device: string): Promise<boolean> {
  const { stdout } = await inside(LEFT, 'ip', '-o', 'link', 'show', 'dev', device);
  return /[<,]UP[,>]/.test(stdout);
}

async function addressOf(service: string, device: string): Promise<string> {
  const { stdout } = await exec(service, 'ip', '-4', '-o', 'addr', 'show', device);
  return /inet ([\d.]+)/.exec(stdout)?.[1] ?? '';
}

async function edit(changes: readonly (readonly [string | RegExp, string])[]): Promise<void> {
  const path = join(space.cwd, 'topo.yaml');
  let text = await readFile(path, 'utf8');
  for (const [from, to] of changes) {
    expect(typeof from === 'string' ? text.includes(from) : from.test(text)).toBe(true);
    text = text.replace(from, to);
  }
  await writeFile(path, text);
}
