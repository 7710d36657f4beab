import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulatorMissing } from '../fakes/vpp/emulator.js';
import { CARRIES_FRAMES, startTestVpp, type TestVpp } from '../fakes/vpp/test-vpp.js';
import { bareLab, type BareLab } from '../support/bare-lab.js';
import { applied, inside, planned, topo, type PlannedAction } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('vpp');
let space: BareLab;
let vpp: TestVpp;

const SWITCHES = `switches:
  fast: { kind: vpp, host: lab, subnet: 10.9.0.0/24, bvi: 10.9.0.1/24 }
  wire: { kind: vpp, host: lab, uplink: up0, learn: false }
`;

/** The service `tool` has a vppctl to VPP's socket, and is on no switch. */
const text = (vppctl = vpp.calledBy, on = true): string => `name: ${NAME}
hosts: { lab: { sandbox: true, vppctl: ${JSON.stringify(vppctl)} } }
${on ? SWITCHES : ''}stacks:
  s:
    host: lab
    services:
      tool: { image: topo/busybox, command: [sleep, infinity], init: true, volumes: ${JSON.stringify([...vpp.volumes, '/run/vpp:/run/vpp'])} }
      one: { image: topo/busybox, command: [sleep, infinity], init: true${on ? ', interfaces: [{ switch: fast }, { switch: wire }]' : ''} }
`;

const write = (...how: Parameters<typeof text>): Promise<void> => space.write(text(...how));

const say = async (command: string): Promise<string> => (await vpp.ask(command)).stdout;

/** What somebody else has there. */
async function prepare(): Promise<void> {
  const theirs = [
    'create bridge-domain 77 bd-tag theirs',
    'create loopback interface instance 5',
    'set interface l2 bridge loop5 77',
    'create host-interface name ul0',
    'set interface state host-ul0 up',
    'set interface ip address host-ul0 10.99.0.1/24',
  ];
  for (const command of theirs) await say(command);
}

/** All that is in VPP, without the numbers that it counts up. */
async function shown(): Promise<string> {
  const asked = ['show interface addr', 'show mode', 'show bridge-domain', 'show l2fib all'];
  return (await Promise.all(asked.map(say))).join('\n');
}

/** Whether a device of the host is up, gives on all frames, and so on. */
async function flagsOf(device: string): Promise<readonly string[]> {
  const { stdout } = await inside(space.sandbox, 'ip', 'link', 'show', device);
  return /<(.*)>/.exec(stdout)![1]!.split(',').toSorted();
}

const briefly = (actions: readonly PlannedAction[]): readonly string[] =>
  actions.map(a => `${a.verb} ${a.kind} ${a.name}`).toSorted();

/** The resources of VPP only: a container that is started again has its own ones. */
const ofVpp = (actions: readonly PlannedAction[]): readonly string[] =>
  briefly(actions.filter(a => a.kind.startsWith('vpp_')));

const ALL = [
  'create vpp_domain fast',
  'create vpp_domain wire',
  'create vpp_fib wire',
  'create vpp_host_interface s/one:eth1',
  'create vpp_host_interface s/one:eth2',
  'create vpp_host_interface up0',
  'create vpp_loopback fast',
];

/** How often VPP is asked while `what` runs. */
async function calls(what: () => Promise<unknown>): Promise<number> {
  const before = (await vpp.emulator!.report()).commands.length;
  await what();
  return (await vpp.emulator!.report()).commands.length - before;
}

/** What no real VPP does when it is told to. */
const emulated = test.skipIf(CARRIES_FRAMES);

describe.skipIf(emulatorMissing())('VPP switches', () => {
  let before: string;
  let flags: readonly string[];

  beforeAll(async () => {
    space = await bareLab(NAME);
    for (const [device, far] of [
      ['ul0', 'ul1'],
      ['up0', 'up1'],
    ] as const)
      await inside(space.sandbox, 'ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', far);
    vpp = await startTestVpp({ enter: space.enter });
    await prepare();
    before = await shown();
    flags = await flagsOf('up0');
    await write();
  }, 600_000);

  afterAll(async () => {
    try {
      // Before the host goes with it: what it was asked is judged here.
      await vpp[Symbol.asyncDispose]();
    } finally {
      await space[Symbol.asyncDispose]();
    }
  });

  test('come up, are left alone, and come back when VPP was started again', async () => {
    const first = await applied(space);
    expect(ofVpp(first.planned)).toEqual(ALL);
    expect(first.remaining).toEqual([]);
    const wanted = await shown();
    expect(await planned(space)).toEqual([]);
    await vpp.restart();
    await prepare();
    // What is not wanted any more is only to be given back; nothing of it is left in VPP.
    await write(vpp.calledBy, false);
    expect(briefly(await planned(space))).toContain('delete enslave up0');
    await write();
    expect(briefly(await planned(space))).toEqual(ALL);
    expect((await applied(space)).remaining).toEqual([]);
    expect(wanted.length).toBeGreaterThan(before.length);
    expect(await shown()).toHaveLength(wanted.length);
  });

  emulated('VPP dies in the middle of what it is told: it is said, and the next up ends it', async () => {
    await vpp.restart();
    await prepare();
    const asked = await calls(() => planned(space));
    await vpp.emulator!.turn({ die: { at: asked + 5, done: true } });
    const { code, stdout } = await topo(['up', '--yes'], space);
    expect(code).toBe(4);
    expect(stdout.match(/^Failed: /gm)).toHaveLength(1);
    expect(stdout).toMatch(/^ +\| VPP: .*\n +\| VPP has ended meanwhile: what.*\n\nSkipped, because of #/m);
    expect(stdout).toContain('Partly applied: ');
    await vpp.restart();
    await prepare();
    expect((await applied(space)).remaining).toEqual([]);
  });

  test('drift is named, and repaired by no more than it takes', async () => {
    const interfaces = await say('show interface addr');
    const [one, two] = [...interfaces.matchAll(/^host-(\S+) .*\r\n +L2 bridge bd-id (\d+)/gm)]
      .filter(([, device]) => device !== 'up0')
      .map(([, device]) => device!);
    await say(`clear interface tag host-${one!}`);
    await vpp.emulator?.turn({ block: { device: 'up0', frames: 3 } });
    // The same pair again, made by hand: of the old one VPP holds a socket that leads nowhere.
    await inside(space.sandbox, 'ip', 'link', 'del', two!);
    const { planned: repairs, remaining } = await applied(space);
    expect(
      repairs.map(
        a => `${a.verb} ${a.kind} ${a.name}: ${a.differences.map(d => `${d.field} ${d.have}`).join()}`,
      ),
    ).toEqual([
      'create veth s/one:eth1: ',
      'replace vpp_host_interface s/one:eth1: device one that is gone',
      'update vpp_host_interface s/one:eth2: tag none',
      ...(vpp.emulator ? ['replace vpp_host_interface up0: transmit queue blocked, 3 frames stuck'] : []),
    ]);
    expect(remaining).toEqual([]);
  });

  emulated('a VPP that gives no answer is told as what it is', async () => {
    const said = async (): Promise<string> => {
      const { code, stderr } = await topo(['plan'], space);
      expect(code).toBe(1);
      return /^error: lab: (.*), and switch fast is to be there$/m.exec(stderr)?.[1] ?? stderr;
    };
    await vpp.emulator!.turn({ hang: true });
    expect(await said()).toBe("VPP does not answer: 'show version verbose' took longer than 5 s");
    await vpp.emulator!.turn({ hang: false });
    await write(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...vpp.calledBy]);
    expect(await said()).toBe('the socket of VPP is not open to whom topo calls vppctl as');
    await write();
    await vpp.emulator!.turn({ die: { at: 4, done: true } });
    expect(await said()).toBe('VPP ended, was started again, or lost interfaces, while it was read');
    expect(await said()).toBe('VPP has ended: its socket is there, and nobody listens');
    await vpp.restart();
    await prepare();
    expect((await applied(space)).remaining).toEqual([]);
  });

  test('are the same ones where vppctl is called in a container', async () => {
    await write(['docker', 'exec', `${NAME}-s-tool-1`, 'vppctl']);
    expect(await planned(space)).toEqual([]);
    await say(`set bridge-domain learn ${/^ *(\d+) .*/m.exec(await say('show bridge-domain'))![1]!}`);
    expect((await applied(space)).remaining).toEqual([]);
  });

  test('leave VPP as it was when they go', async () => {
    await write(vpp.calledBy, false);
    expect((await applied(space)).remaining).toEqual([]);
    expect(await shown()).toBe(before);
    expect(await flagsOf('up0')).toEqual(flags);
  });
});
