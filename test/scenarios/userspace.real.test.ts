import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildEmulator } from '../fakes/vpp/build.js';
import { emulatorMissing, startVpp, type Emulator } from '../fakes/vpp/emulator.js';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

// Emulated VPPs: that frames pass is not seen here.
const NAME = ownName('userspace');
const LAB = `${NAME}-lab`;
let space: Awaited<ReturnType<typeof workspace>>;
const vpps: Emulator[] = [];

const service = (vppctl: string, name: string, rest: string): string => `
      ${name}:
        image: topo/busybox
        command: [sleep, infinity]
        init: true
        volumes: ['${vppctl}:/bin/vppctl:ro', '/run/vpp-${name}:/run/vpp']
        ${rest}`;

const text = (vppctl: string, address = '10.9.0.2'): string => `name: ${NAME}
hosts: { lab: { sandbox: true, vppctl: ['${vppctl}'] } }
switches: { fast: { kind: vpp, host: lab, bvi: 10.9.0.1/24, subnet: 10.9.0.0/24, gateway: 10.9.0.1 } }
stacks:
  s:
    host: lab
    services:${service(
      vppctl,
      'cnf',
      `userspace: { configure: vppctl }
        interfaces: [{ switch: fast, via: memif, ip: ${address} }]`,
    )}${service(vppctl, 'peer', 'userspace: {}')}${service(
      vppctl,
      'app',
      `userspace: { configure: userspace-cni }
        interfaces: [{ switch: fast, via: vhost-user, ip: 10.9.0.3 }]`,
    )}
links:
  - { ends: [{ at: 's/cnf:peer', ip: 10.8.0.1/30 }, { at: 's/peer:cnf', ip: 10.8.0.2/30 }], via: memif }
`;

const IDLE = `stacks:
  s: { host: lab, services: { idle: { image: topo/busybox, command: [sleep, infinity], init: true } } }
`;

const write = (content: string): Promise<void> => writeFile(join(space.cwd, 'topo.yaml'), content);

/** An emulated VPP of the sandbox host, or of one of its containers: those have its network here too, and sockets of their own. */
async function startIn(socket?: string, version?: string): Promise<Emulator> {
  const pid = readFileSync(`/run/topo/sandbox/${LAB}/pid`, 'utf8').trim();
  const enter = ['nsenter', '-t', pid, '-n', '-m', '-p', '-u', '--'];
  const vpp = await startVpp({ enter, ...(socket && { socket }), ...(version && { version }) });
  vpps.push(vpp);
  return vpp;
}

describe.skipIf(emulatorMissing())('containers with a VPP of their own', () => {
  let vppctl: string;
  let host: Emulator;
  let cnf: Emulator;
  let peer: Emulator;

  beforeAll(async () => {
    ({ vppctl } = await buildEmulator());
    space = await workspace();
    await mkdir(space.cwd, { recursive: true });
    // The host is there before what runs on it is.
    await write(`name: ${NAME}\nhosts: { lab: sandbox }\n${IDLE}`);
    expect(await topo(['up', '--yes'], space)).toMatchObject({ code: 0 });
    [host, cnf, peer] = [
      await startIn(),
      await startIn('/run/vpp-cnf/cli.sock'),
      await startIn('/run/vpp-peer/cli.sock'),
    ];
    await startIn('/run/vpp-app/cli.sock');
    await write(text(vppctl));
  }, 600_000);

  afterAll(async () => {
    await topo(['down', '-v'], space);
    await space[Symbol.asyncDispose]();
    for (const vpp of vpps) await vpp[Symbol.asyncDispose]();
  });

  const say = async (vpp: Emulator, command: string): Promise<string> => (await vpp.ask(command)).stdout;

  test('come up, are left alone, and meet the VPPs that they lead to', async () => {
    const { remaining } = await applied(space);
    expect(remaining).toEqual([]);
    expect(await planned(space)).toEqual([]);
    const inHost = await say(host, 'show memif');
    expect(inHost).toMatch(/flags admin-up connected/);
    expect(await say(cnf, 'show memif')).toMatch(
      /slave connected[^]*flags admin-up connected|flags admin-up connected[^]*slave connected/,
    );
    expect(await say(peer, 'show memif')).toMatch(/slave connected/);
    expect(await say(cnf, 'show interface addr')).toMatch(
      /L3 10\.8\.0\.1\/30[^]*L3 10\.9\.0\.2\/24|L3 10\.9\.0\.2\/24[^]*L3 10\.8\.0\.1\/30/,
    );
    expect((await cnf.report()).commands.filter(command => command.startsWith('ip route'))).toHaveLength(1);
  });

  test('of the Userspace CNI find what it has for them', async () => {
    const { stdout } = await inside(
      LAB,
      'sh',
      '-c',
      `docker exec ${NAME}-s-app-1 sh -c 'cat /var/run/vpp/cni/data/configData-*'`,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      ifName: 'eth1',
      config: { engine: 'vpp', iftype: 'vhostuser', vhost: { mode: 'client' } },
      ipResult: { ips: [{ address: '10.9.0.3/24', interface: 0 }] },
    });
    expect(await say(host, 'show vhost-user')).toContain('type server');
  });

  test('are told again when they are started anew, and the host when its VPP was', async () => {
    await cnf.restart();
    await inside(LAB, 'docker', 'restart', '-t', '0', `${NAME}-s-cnf-1`);
    expect((await planned(space)).map(a => `${a.verb} ${a.kind} ${a.name}`)).toContain(
      'run post_start s/cnf',
    );
    await host.restart();
    expect((await applied(space)).remaining).toEqual([]);
    await expect.poll(() => say(host, 'show memif')).toMatch(/flags admin-up connected/);
    expect(await say(cnf, 'show interface addr')).toContain('L3 10.9.0.2/24');
  });

  test('of another version are refused with both', async () => {
    await cnf.kill();
    cnf = await startIn('/run/vpp-cnf/cli.sock', '24.06-release');
    await write(text(vppctl, '10.9.0.9'));
    const { code, stdout, stderr } = await topo(['up', '--yes'], space);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(
      "the VPP in the container is 24.06-release, and the host's is 25.10-release",
    );
    await write(
      text(vppctl, '10.9.0.9').replace(
        'configure: vppctl',
        'configure: vppctl, allow_version_mismatch: true',
      ),
    );
    expect((await applied(space)).remaining).toEqual([]);
    expect(await say(cnf, 'show interface addr')).toContain('L3 10.9.0.9/24');
  });

  test('leave nothing in the VPP of the host when they go', async () => {
    await write(`name: ${NAME}\nhosts: { lab: { sandbox: true, vppctl: ['${vppctl}'] } }\n${IDLE}`);
    expect((await applied(space)).remaining).toEqual([]);
    expect(await say(host, 'show interface addr')).toBe('local0 (dn):\r\n');
    expect(await say(host, 'show bridge-domain')).toBe('no bridge-domains in use\r\n');
    expect((await say(host, 'show memif')).match(/\.sock/g)).toHaveLength(1);
  });
});
