import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulatorMissing, startVpp } from '../fakes/vpp/emulator.js';
import { CARRIES_FRAMES, startTestVpp, type TestVpp } from '../fakes/vpp/test-vpp.js';
import { bareLab, IDLE, type BareLab } from '../support/bare-lab.js';
import { applied, inside, planned, topo } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('userspace');
let space: BareLab;
const vpps: AsyncDisposable[] = [];
let host: TestVpp;
let cnf: TestVpp;
let peer: TestVpp;

const service = (name: string, rest: string): string => `
      ${name}:
        image: topo/busybox
        command: [sleep, infinity]
        init: true
        volumes: ${JSON.stringify([...host.volumes, `/run/vpp-${name}:/run/vpp`])}
        ${rest}`;

const hosts = (): string => `hosts: { lab: { sandbox: true, vppctl: ${JSON.stringify(host.calledBy)} } }`;

const text = (address = '10.9.0.2'): string => `name: ${NAME}
${hosts()}
switches: { fast: { kind: vpp, host: lab, bvi: 10.9.0.1/24, subnet: 10.9.0.0/24, gateway: 10.9.0.1 } }
stacks:
  s:
    host: lab
    services:${service(
      'cnf',
      `userspace: { configure: vppctl }
        interfaces: [{ switch: fast, via: memif, ip: ${address} }]`,
    )}${service('peer', 'userspace: {}')}${service(
      'app',
      `userspace: { configure: userspace-cni }
        interfaces: [{ switch: fast, via: vhost-user, ip: 10.9.0.3 }]`,
    )}
links:
  - { ends: [{ at: 's/cnf:peer', ip: 10.8.0.1/30 }, { at: 's/peer:cnf', ip: 10.8.0.2/30 }] }
`;

/** A VPP of the sandbox host, or of one of its containers: those have its network here too, and sockets of their own. */
async function startIn(socket = '/run/vpp/cli.sock'): Promise<TestVpp> {
  const vpp = await startTestVpp({ enter: space.enter, socket });
  vpps.push(vpp);
  return vpp;
}

describe.skipIf(emulatorMissing())('containers with a VPP of their own', () => {
  beforeAll(async () => {
    space = await bareLab(NAME);
    [host, cnf, peer] = [
      await startIn(),
      await startIn('/run/vpp-cnf/cli.sock'),
      await startIn('/run/vpp-peer/cli.sock'),
    ];
    await startIn('/run/vpp-app/cli.sock');
    await space.write(text());
  }, 600_000);

  afterAll(async () => {
    await space[Symbol.asyncDispose]();
    for (const vpp of vpps) await vpp[Symbol.asyncDispose]();
  });

  const say = async (vpp: TestVpp, command: string): Promise<string> => (await vpp.ask(command)).stdout;

  /** A slave looks for its master every few seconds. */
  const showsMemif = (vpp: TestVpp, what: RegExp): Promise<void> =>
    expect.poll(() => say(vpp, 'show memif'), { timeout: 15_000 }).toMatch(what);

  /** The interface that has an address. */
  const memifOf = async (vpp: TestVpp, address: string): Promise<string> => {
    const blocks = (await say(vpp, 'show interface addr')).split(/^(?=\S)/m);
    return blocks.find(block => block.includes(address))!.split(' ')[0]!;
  };

  test('come up, are left alone, and meet the VPPs that they lead to', async () => {
    const { remaining, proofs } = await applied(space);
    expect(remaining).toEqual([]);
    expect(proofs.map(({ from, to, ok }) => `${from} ${to} ${ok}`)).toEqual([
      's/cnf:eth1 fast true',
      's/cnf:peer s/peer:cnf true',
    ]);
    expect(await planned(space)).toEqual([]);
    await showsMemif(host, /flags admin-up connected/);
    await showsMemif(
      cnf,
      /slave connected[^]*flags admin-up connected|flags admin-up connected[^]*slave connected/,
    );
    await showsMemif(peer, /slave connected/);
    expect(await say(cnf, 'show interface addr')).toMatch(
      /L3 10\.8\.0\.1\/30[^]*L3 10\.9\.0\.2\/24|L3 10\.9\.0\.2\/24[^]*L3 10\.8\.0\.1\/30/,
    );
    const told = (await cnf.emulator?.report())?.commands ?? ['ip route add'];
    expect(told.filter(command => command.startsWith('ip route add'))).toHaveLength(1);
  });

  // The first packet is lost while VPP asks for the neighbour (seen).
  test.each(CARRIES_FRAMES ? ['10.9.0.1', '10.8.0.2'] : [])('speak with %s', async address => {
    expect(await say(cnf, `ping ${address} repeat 5 interval 0.2`)).toMatch(/[45] received/);
  });

  test('of the Userspace CNI find what it has for them', async () => {
    const { stdout } = await inside(
      space.sandbox,
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
    await inside(space.sandbox, 'docker', 'restart', '-t', '0', `${NAME}-s-cnf-1`);
    expect((await planned(space)).map(a => `${a.verb} ${a.kind} ${a.name}`)).toContain(
      'run post_start s/cnf',
    );
    await host.restart();
    expect((await applied(space)).remaining).toEqual([]);
    await showsMemif(host, /flags admin-up connected/);
    expect(await say(cnf, 'show interface addr')).toContain('L3 10.9.0.2/24');
  });

  test('are told of what they lost while they ran on, and of nothing else', async () => {
    await peer.restart();
    const lost = [{ field: 'cnf in its VPP', have: 'gone', want: 'there' }];
    const { planned: found, remaining } = await applied(space);
    expect(found).toMatchObject([{ verb: 'run', name: 's/peer', drift: true, differences: lost }]);
    expect(remaining).toEqual([]);
    expect(await say(peer, 'show interface addr')).toContain('L3 10.8.0.2/30');
    const from = await memifOf(cnf, '10.9.0.2/24');
    await cnf.ask('set', 'interface', 'ip', 'address', 'del', from, '10.9.0.2/24');
    expect((await planned(space)).map(a => a.differences.map(d => d.field))).toEqual([
      ['eth1 in its VPP: address 10.9.0.2/24'],
    ]);
    expect((await applied(space)).remaining).toEqual([]);
  });

  // A route that outlived its interface is there, and is never resolved again (seen).
  const unseen = CARRIES_FRAMES ? '' : ' (an emulated VPP resolves no routes)';
  test.skipIf(!CARRIES_FRAMES)(`have a way to their gateway again${unseen}`, async () => {
    await expect
      .poll(() => say(cnf, 'show ip fib 0.0.0.0/0'))
      .toMatch(/attached-nexthop: {2}oper-flags:resolved,\s+10\.9\.0\.1 memif/);
  });

  test.skipIf(CARRIES_FRAMES)('of another version are refused with both', async () => {
    await cnf.kill();
    const old = await startVpp({
      enter: space.enter,
      socket: '/run/vpp-cnf/cli.sock',
      version: '24.06-release',
    });
    vpps.push(old);
    await space.write(text('10.9.0.9'));
    const { code, stdout, stderr } = await topo(['up', '--yes'], space);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(
      "the VPP in the container is 24.06-release, and the host's is 25.10-release",
    );
    await space.write(
      text('10.9.0.9').replace('configure: vppctl', 'configure: vppctl, allow_version_mismatch: true'),
    );
    expect((await applied(space)).remaining).toEqual([]);
    expect((await old.ask('show interface addr')).stdout).toContain('L3 10.9.0.9/24');
  });

  test('leave nothing in the VPP of the host when they go', async () => {
    await space.write(`name: ${NAME}\n${hosts()}\n${IDLE}`);
    expect((await applied(space)).remaining).toEqual([]);
    expect(await say(host, 'show interface addr')).toBe('local0 (dn):\r\n');
    expect(await say(host, 'show bridge-domain')).toBe('no bridge-domains in use\r\n');
    expect((await say(host, 'show memif')).match(/\.sock/g)).toHaveLength(1);
    const { stdout } = await inside(space.sandbox, 'find', '/var/run/vpp/cni/', '-mindepth', '1');
    expect(stdout).toBe('/var/run/vpp/cni/shared\n');
  });
});
