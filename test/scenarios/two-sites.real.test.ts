import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import type { Ran } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';
import { flooded, underlayAddress, underlayOf } from '../support/underlay.js';

/** A Docker network that is one over two hosts, and a segment beside it: nothing but what is meant for somebody crosses. */

const NAME = ownName('two-sites');
const SITES = [`${NAME}-here`, `${NAME}-there`] as const;
let space: Awaited<ReturnType<typeof workspace>>;
let before: string;

beforeAll(async () => {
  before = await snapshot();
  space = await workspace('two-sites.yaml', NAME);
  const up = await topo(['up'], space);
  expect(up, up.stderr).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

test('every check is as the file says, and nothing is left to do', async () => {
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
  expect(await planned(space)).toEqual([]);
});

test('no address and no MAC is there twice, and the gateway is the same on both hosts', async () => {
  const ends = (await Promise.all(SITES.map(endsOn))).flat();
  expect(ends).toHaveLength(7);
  for (const key of ['ipv4', 'ipv6', 'mac'] as const)
    expect(new Set(ends.map(end => end[key])).size).toBe(ends.length);
  const gateways = await Promise.all(
    SITES.map(site => inside(site, 'sh', '-ec', `cat /sys/class/net/$(${BRIDGE})/address`)),
  );
  expect(gateways[0]!.stdout).toMatch(/^02:|^.[26ae]:/);
  expect(gateways[1]!.stdout).toBe(gateways[0]!.stdout);
});

test('each container is let out by its own host, to ports that the other publishes', async () => {
  const [here, there] = await Promise.all(SITES.map(underlayAddress));
  for (const [from, to] of [
    ['shop/web', `${there}:8081`],
    ['store/db#2', `${here}:8082`],
    ['store/fixed', '[fd00:60::1]:8081'],
  ] as const) {
    const page = await exec(from, 'wget', '-qO-', `http://${to}/`);
    expect(page, `${from} to ${to}: ${page.stderr}`).toMatchObject({ code: 0 });
  }
});

test('no broadcast, no ARP and no neighbour discovery crosses, whoever is asked for', async () => {
  const probe = await exec('store/probe', 'ip', '-4', '-o', 'addr', 'show', 'eth1');
  const frames = await underlayOf(SITES, () =>
    Promise.all([
      ...(
        [
          ['shop/web', '10.60.128.1'],
          ['store/fixed', '10.60.0.2'],
          ['store/fixed', 'fd00:60::2'],
          ['shop/probe', /inet ([\d.]+)/.exec(probe.stdout)![1]!],
          // Nobody has these: who asks gets no answer, and his question stays on his host.
          ['shop/web#2', '10.60.77.77'],
          ['shop/probe', '10.0.3.254'],
          ['store/db', 'fd00:60::77:77'],
        ] as const
      ).map(([from, to]) => exec(from, 'ping', '-c', '2', '-W', '1', to)),
      // Announces itself.
      exec('shop/web#3', 'arping', '-c', '1', '-A', '-I', 'eth0', '10.60.0.4'),
    ]),
  );
  expect(frames.filter(f => f.content.includes('ICMP')).length).toBeGreaterThanOrEqual(16);
  expect(flooded(frames)).toEqual([]);
});

test('20 MB over TCP arrive whole, by packets of the full MTU', async () => {
  const address = (await endsOn(SITES[1])).find(end => end.name.endsWith('db-3'))!.ipv4;
  const ping = await exec('shop/web', 'ping', '-c', '1', '-W', '2', '-s', `${1450 - 28}`, address);
  expect(ping, ping.stdout).toMatchObject({ code: 0 });
  const serve = 'yes topo | head -c 20000000 >/tmp/file; md5sum </tmp/file';
  const served = await exec('store/db#3', 'sh', '-c', serve);
  const fetched = await exec('shop/web', 'sh', '-c', `wget -qO- http://${address}/file | md5sum`);
  expect(fetched, fetched.stderr).toMatchObject({ code: 0, stdout: served.stdout });
});

test('containers that get other addresses at a restart: the plan names what follows, and up repairs it', async () => {
  const restart = `docker stop -t 0 ${NAME}-store-db-1 ${NAME}-store-db-2
docker start ${NAME}-store-db-2 ${NAME}-store-db-1`;
  const hand = await inside(SITES[1], 'sh', '-ec', restart);
  expect(hand, hand.stderr).toMatchObject({ code: 0 });
  const { planned: actions, remaining } = await applied(space);
  const kinds = new Set(actions.map(a => `${a.verb} ${a.kind}`));
  expect(
    [...kinds].filter(k => !/^(update container_(fdb|neighbour)|(create|update) names)$/.test(k)),
  ).toEqual([]);
  expect(remaining).toEqual([]);
  expect(await topo(['check'], space)).toMatchObject({ code: 0 });
});

test('what comes and moves to the other host costs the others no packet', async () => {
  const counted = exec('shop/web#2', 'ping', '-c', '40', '-i', '0.5', '-W', '1', '10.60.200.9');
  const reaches = (from: string): Promise<Ran> => exec(from, 'ping', '-c', '1', '-W', '2', '10.0.3.9');
  await edit('  store:\n', `${GUEST}  store:\n`);
  expect((await applied(space)).remaining).toEqual([]);
  expect(await reaches('store/probe')).toMatchObject({ code: 0 });
  await edit(`${GUEST}  store:\n`, '  store:\n');
  await edit('\nchecks:', `${GUEST}\nchecks:`);
  expect((await applied(space)).remaining).toEqual([]);
  expect(await reaches('shop/probe')).toMatchObject({ code: 0 });
  expect((await counted).stdout).toMatch(/40 packets transmitted, 40 (packets )?received/);
});

test('what goes, a network that is made anew, and flooding that is turned on and off again', async () => {
  await edit(`${GUEST}\nchecks:`, '\nchecks:');
  await edit(
    'stretch: wide }\n    services:\n      db',
    'stretch: wide, labels: { tier: data } }\n    services:\n      db',
  );
  await edit('wide: { kind: vxlan, mode: l2, flood: false }', 'wide: { kind: vxlan, mode: l2 }');
  const { planned: actions, remaining } = await applied(space);
  expect(actions.map(a => `${a.host}: ${a.verb} ${a.kind} ${a.name}`)).toEqual(
    expect.arrayContaining(['there: replace network store/shared', 'there: create gateway wide']),
  );
  expect(actions.filter(a => a.host === 'here' && /^(container|network)$/.test(a.kind))).toEqual([]);
  expect(remaining).toEqual([]);
  await edit('wide: { kind: vxlan, mode: l2 }', 'wide: { kind: vxlan, mode: l2, flood: false }');
  expect((await applied(space)).remaining).toEqual([]);
  expect(await topo(['check'], space)).toMatchObject({ code: 0 });
});

test('down leaves nothing', async () => {
  const down = await topo(['down', '-v'], space);
  expect(down, down.stderr).toMatchObject({ code: 0 });
  expect(await snapshot()).toBe(before);
});

/** A service that is added, as it stands in the file. */
const GUEST = `      guest:
        image: topo/busybox
        command: [sleep, infinity]
        interfaces: [{ switch: lab, ip: 10.0.3.9, mac: '02:00:00:00:00:09' }]
`;

/** Gives the name of the bridge of the stretched network, for `sh` on a host. */
const BRIDGE = `docker network inspect -f '{{index .Options "com.docker.network.bridge.name"}}' $(docker network ls -q --filter label=topo.stack)`;

interface End {
  readonly name: string;
  readonly mac: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/** What an engine says of the containers on its part of the stretched network. */
async function endsOn(site: string): Promise<readonly End[]> {
  const format =
    '{{range .Containers}}{{.Name}} {{.MacAddress}} {{.IPv4Address}} {{.IPv6Address}}{{"\\n"}}{{end}}';
  const said = await inside(
    site,
    'sh',
    '-ec',
    `docker network inspect -f '${format}' $(docker network ls -q --filter label=topo.stack)`,
  );
  return said.stdout
    .trim()
    .split('\n')
    .map(line => {
      const [name = '', mac = '', ipv4 = '', ipv6 = ''] = line.split(' ');
      return { name, mac, ipv4: ipv4.split('/')[0]!, ipv6: ipv6.split('/')[0]! };
    });
}

function exec(service: string, ...argv: readonly string[]): Promise<Ran> {
  return topo(['exec', service, '--', ...argv], space);
}

async function edit(from: string, to: string): Promise<void> {
  const path = join(space.cwd, 'topo.yaml');
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}
