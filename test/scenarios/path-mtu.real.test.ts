import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside, planned, run, topo, type Ran } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { runDirectory, sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';
import { edit, pairWorkspace } from '../support/ssh-topology.js';

const NAME = ownName('path');

/** Two hosts whose interfaces take 1500 bytes, and between them a router that passes on 1400. */
describe.skipIf(sandboxesMissing() !== undefined)('a path that is narrower than its ends', () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let space: Awaited<ReturnType<typeof pairWorkspace>>;
  let one: string;
  let two: string;

  beforeAll(async () => {
    sandboxes = await startSandboxes(2);
    [one, two] = sandboxes.names as [string, string];
    await joinByRouter(one, two, 1400);
    hosts = await presentAsSsh(sandboxes);
    space = await pairWorkspace(NAME, hosts);
    await edit(space.cwd, {
      'hosts.one': { ssh: 'one', underlay: '10.91.1.1' },
      'hosts.two': { ssh: 'two', underlay: '10.91.2.1' },
    });
  });
  afterAll(async () => {
    if (space) await topo(['down', '-v'], space);
    await space?.[Symbol.asyncDispose]();
    await hosts?.[Symbol.asyncDispose]();
    await sandboxes?.[Symbol.asyncDispose]();
  });

  test('that answers no ping cannot be measured: a warning, and what the interfaces take', async () => {
    await must(inside(two, 'iptables', '-I', 'INPUT', '-i', 'wide0', '-p', 'icmp', '-j', 'DROP'));
    const { code, stdout, stderr } = await topo(['plan'], space);
    await must(inside(two, 'iptables', '-D', 'INPUT', '-i', 'wide0', '-p', 'icmp', '-j', 'DROP'));
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toContain('the path from one to two carries could not be measured');
    expect(stdout).toContain('Plan: ');
  });

  test('is found before anything is made, told in the plan, and what does not fit through it is refused', async () => {
    await edit(space.cwd, { 'switches.overlay.mtu': 1450 });
    const refused = await topo(['up'], space);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the path from one to two carries 1400 bytes');
    expect(refused.stderr).toContain('set `mtu` of switch overlay to 1350 or less');

    await edit(space.cwd, { 'switches.overlay.mtu': undefined });
    const { stdout } = await topo(['plan'], space);
    expect(stdout).toContain(
      'switch overlay has an MTU of 1350: the path from one to two carries 1400 bytes',
    );
    for (const sandbox of [one, two]) {
      const { stdout } = await must(inside(sandbox, 'sh', '-c', 'ls /var/lib/topo; ip link'));
      expect(stdout).not.toMatch(new RegExp(`${NAME}|vxlan`));
    }
  });

  test('is kept to: `up` proves itself with DF, the next plan is empty, and asks the hosts no more than any', async () => {
    const up = await topo(['up'], space);
    expect(up.code, up.stdout + up.stderr).toBe(0);
    const { stdout: key } = await must(
      inside(one, 'docker', 'inspect', '-f', '{{.NetworkSettings.SandboxKey}}', `${NAME}-shop-web-1`),
    );
    const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const { stdout: peer } = await must(
      inside(two, 'docker', 'inspect', '-f', address, `${NAME}-search-api-1`),
    );
    const ping = (bytes: number): Promise<Ran> => {
      const words = `ping -n -c 1 -W 2 -M do -s ${bytes - 28} ${peer.trim()}`.split(' ');
      return inside(one, 'nsenter', `--net=${key.trim()}`, ...words);
    };
    expect([(await ping(1350)).code, (await ping(1351)).code]).toEqual([0, 1]);

    expect(await planned(space)).toEqual([]);
    // Lock and reading: nothing is measured where nothing is to be done.
    expect(await tripsOfUp()).toEqual({ one: 2, two: 2 });
  });

  test('is measured again where the record of it is lost, or what it says does not do', async () => {
    await must(inside(one, 'rm', `/var/lib/topo/${NAME}/paths.json`));
    expect(await planned(space)).toEqual([]);
    expect(await tripsOfUp()).toEqual({ one: 4, two: 2 });
    expect(await tripsOfUp()).toEqual({ one: 2, two: 2 });

    await widen();
    expect(await planned(space)).toEqual([]);
    await edit(space.cwd, { 'switches.overlay.mtu': 1450 });
    expect((await planned(space)).map(a => `${a.verb} ${a.kind}`).sort()).toEqual(
      ['replace network', 'update container', 'update vxlan'].flatMap(what => [what, what]),
    );
  });

  /** Commands by host of an `up` that finds nothing to do. */
  async function tripsOfUp(): Promise<Record<string, number>> {
    const { stdout } = await topo(['up', '--json'], space);
    const report = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
      trips: Record<string, { exec: number }>;
    };
    return Object.fromEntries(Object.entries(report.trips).map(([host, { exec }]) => [host, exec]));
  }

  /** The router takes all again, and both hosts forget what it said: they would remember for ten minutes. */
  async function widen(): Promise<void> {
    await inRouter('ip route replace 10.91.1.0/24 dev r1; ip route replace 10.91.2.0/24 dev r2', one);
    for (const sandbox of [one, two]) await must(inside(sandbox, 'ip', 'route', 'flush', 'cache'));
  }
});

/**
 * A second way between two sandboxes, 10.91.1.1 and 10.91.2.1, through a router in a namespace inside the first one, gone with it. All
 * interfaces take 1500 bytes; the router's own routes take `bytes`.
 */
async function joinByRouter(one: string, two: string, bytes: number): Promise<void> {
  const [pid1, pid2] = await Promise.all([one, two].map(pidOf));
  await must(inside(one, 'ip', 'netns', 'add', 'router'));
  for (const [n, pid] of [pid1!, pid2!].entries()) {
    const [near, far] = [`r${n + 1}`, `topo${process.pid}w${n}`];
    await must(run(['ip', 'link', 'add', near, 'netns', pid1!, 'type', 'veth', 'peer', 'name', far]));
    await must(run(['ip', 'link', 'set', far, 'netns', pid, 'name', 'wide0']));
    await must(inside(one, 'ip', 'link', 'set', near, 'netns', 'router'));
    const net = `10.91.${n + 1}`;
    await must(
      inside(
        [one, two][n]!,
        'sh',
        '-ec',
        `ip address add ${net}.1/24 dev wide0; ip link set wide0 up; ip route add 10.91.0.0/16 via ${net}.254`,
      ),
    );
    await inRouter(
      `ip address add ${net}.254/24 dev ${near}; ip link set ${near} up
      ip route replace ${net}.0/24 dev ${near} mtu lock ${bytes}; sysctl -q -w net.ipv4.ip_forward=1`,
      one,
    );
  }
}

function inRouter(lines: string, sandbox: string): Promise<Ran> {
  return must(inside(sandbox, 'ip', 'netns', 'exec', 'router', 'sh', '-ec', lines));
}

async function pidOf(sandbox: string): Promise<string> {
  return (await readFile(`${runDirectory(sandbox)}/pid`, 'utf8')).trim();
}

async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.code !== 0) throw new Error(`${ran.code}: ${ran.stdout}${ran.stderr}`);
  return ran;
}
