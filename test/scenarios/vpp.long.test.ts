import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildEmulator } from '../fakes/vpp/build.js';
import { emulatorMissing, startVpp, type Emulator } from '../fakes/vpp/emulator.js';
import { bareLab, IDLE, type BareLab } from '../support/bare-lab.js';
import { applied, run, topo } from '../support/cli.js';
import { costPer, inWords, nothingToDo, type Cost } from '../support/cost.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('vpp-many');
const PORTS = 500;
/** Milliseconds that a VPP takes to answer. */
const DELAY = 2;

const devices = Array.from({ length: PORTS }, (_, n) => `p${n}`);
const portOf = (device: string): string => `  - { ends: [fast, 'lab:${device}'] }\n`;
let space: BareLab;
let program: string;
let vpp: Emulator;

const text = (links: string): string => `name: ${NAME}
hosts: { lab: { sandbox: true, vppctl: ['${program}'] } }
${links && 'switches: { fast: { kind: vpp, host: lab } }'}
${IDLE}${links}`;

describe.skipIf(emulatorMissing())('500 ports on one VPP', () => {
  beforeAll(async () => {
    program = (await buildEmulator()).vppctl;
    space = await bareLab(NAME);
    await space.write(text(''));
    const { enter } = space;
    const stdin = devices
      .map(device => `link add ${device} type veth peer name far-${device}\nlink set far-${device} up\n`)
      .join('');
    expect(await run([...enter, 'ip', '-batch', '-'], { stdin })).toMatchObject({ code: 0 });
    vpp = await startVpp({ enter });
  }, 600_000);

  afterAll(async () => {
    try {
      await vpp[Symbol.asyncDispose]();
    } finally {
      await space[Symbol.asyncDispose]();
    }
  });

  const plan = (): Promise<Cost> =>
    costPer(1, async () => {
      expect(await topo(['plan'], space)).toMatchObject({ code: 0 });
    });

  test('are read in one round trip of a few calls, however many they are', async () => {
    await plan(); // Of the first one much is reading files.
    const without = await plan();
    await space.write(text(`links:\n${devices.map(portOf).join('')}`));
    const { planned, remaining } = await applied(space);
    expect(planned.filter(a => a.kind === 'vpp_host_interface')).toHaveLength(PORTS);
    expect(remaining).toEqual([]);
    await vpp.turn({ delay: DELAY });
    const before = (await vpp.report()).commands.length;
    const cost = await plan();
    const asked = (await vpp.report()).commands.slice(before);
    process.stdout.write(
      `500 ports: ${asked.length} calls, plan in ${inWords(cost)}; without them ${inWords(without)}\n`,
    );
    expect(asked.filter(command => command.startsWith('show interface tag'))).toHaveLength(6);
    expect(asked.length).toBeLessThan(20);
    // 0.9 s of CPU more where a device of 500 looked at all routes of its host for itself.
    expect(cost.cpu).toBeLessThan(2.7 * without.cpu);
    expect(nothingToDo(await topo(['up', '--json', '--yes'], space))).toMatchObject({ lab: { exec: 1 } });
  });
});
