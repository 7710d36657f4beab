import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, planned, topo, workspace, type Ran } from '../support/cli.js';
import { netemMissing } from '../support/netem.js';
import { oneWay, type Arrived, type Enter } from '../support/one-way.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

const NAME = ownName('impair');
/** What any kernel has is tried here: a rate alone. The rest is for the guest. */
const TOPOLOGY = `name: ${NAME}
hosts: { left: sandbox, right: sandbox }
switches: { lan: { kind: bridge, host: left, subnet: 10.0.1.0/24 } }
x-pc: &pc { image: topo/busybox, command: [sleep, infinity], stop_signal: SIGKILL }
stacks:
  a:
    host: left
    services:
      x: { <<: *pc, interfaces: [{ switch: lan, ip: 10.0.1.1, impair: { rate: 6mbit } }] }
      y: *pc
  b: { host: right, services: { z: *pc } }
links:
  - { ends: [lan, { at: a/y, ip: 10.0.1.2, impair: { rate: 3mbit } }], impair: { rate: 9mbit } }
  - { ends: [{ at: 'a/y:wan', ip: 10.0.0.1/30 }, { at: 'b/z:wan', ip: 10.0.0.2/30, impair: { rate: 8mbit } }], impair: { rate: 4mbit } }
`;

let space: Awaited<ReturnType<typeof workspace>>;
let before: string;

beforeAll(async () => {
  before = await snapshot();
  space = await workspace();
  await writeFile(join(space.cwd, 'topo.yaml'), TOPOLOGY);
  expect((await applied(space)).remaining).toEqual([]);
});
afterAll(() => space?.[Symbol.asyncDispose]());

const [x, y, z] = [room('left', 'a-x'), room('left', 'a-y'), room('right', 'b-z')];

test('each end sends at its own rate, whoever makes the device: a container, a switch, a tunnel', async () => {
  const rates = await Promise.all([
    // By a/x's own end, and not by the port of lan, which has 9 Mbit/s.
    flood(x, y, '10.0.1.2', 6),
    flood(y, x, '10.0.1.1', 3),
    flood(y, z, '10.0.0.2', 4),
    flood(z, y, '10.0.0.1', 8),
  ]);
  rates.forEach(({ rate }, n) => expectNear(rate / 1e6, [6, 3, 4, 8][n]!));
});

test('a rate is changed in place, and no packet of a stream below it is lost', async () => {
  const stream = oneWay({ from: y, to: z, address: '10.0.0.2', packets: 3000, perSecond: 600, bytes: 200 });
  await edit([['impair: { rate: 4mbit } }\n', 'impair: { rate: 20mbit } }\n']]);
  const done = await applied(space);
  expect(done.planned.flatMap(a => a.differences)).toEqual([
    { field: 'wan rate', have: '4mbit', want: '20mbit' },
  ]);
  expect(await stream).toMatchObject({ lost: 0, twice: 0, late: 0 });
});

test('what is set at run time is drift, is shown, and is taken back', async () => {
  const set = await topo(['link', 'set', 'lan:a/y:eth1', 'rate', '2mbit'], space);
  expect(set, set.stderr).toMatchObject({ code: 0 });
  expect(set.stdout).toMatch(/a\/y:eth1 on left: port of t\w+ rate 9mbit → 2mbit\n/);
  expectNear((await flood(x, y, '10.0.1.2', 2)).rate / 1e6, 2);
  expect((await topo(['link', 'set', 'b/z', 'down'], space)).code).toBe(0);
  expect(
    (await planned(space)).map(a => [
      a.name,
      a.drift,
      ...a.differences.map(d => d.field.replace(/t\w{10}/, 'lan')),
    ]),
  ).toEqual([
    ['a/y:eth1', true, 'port of lan rate'],
    ['a/y:wan--b/z:wan', true, 'wan state'],
  ]);
  const shown = JSON.parse((await topo(['link', 'show', '--json'], space)).stdout) as {
    ends: { end: string; state: string; impair: unknown; declared: unknown }[];
  };
  expect(shown.ends.find(e => e.end === 'lan:a/y:eth1')).toMatchObject({
    impair: { rate: '2mbit' },
    declared: { state: 'up', impair: { rate: '9mbit' } },
  });
  expect(shown.ends.find(e => e.end === 'b/z:wan')).toMatchObject({ state: 'down' });
  expect((await topo(['link', 'reset', 'b/z'], space)).stdout).toBe(
    'a/y:wan--b/z:wan on right: wan state down → up\n',
  );
  expect((await topo(['link', 'reset'], space)).code).toBe(0);
  expect(await planned(space)).toEqual([]);
});

test('what was done by hand is drift, where the file impairs and where it does not', async () => {
  await y('tc', 'qdisc', 'del', 'dev', 'wan', 'root');
  await x('tc', 'qdisc', 'replace', 'dev', 'eth1', 'root', 'handle', '7:', 'htb', 'default', '1');
  await edit([
    [', impair: { rate: 3mbit }', ''],
    ['impair: { rate: 9mbit }', 'up: true'],
  ]);
  await y(
    'tc',
    'qdisc',
    'replace',
    'dev',
    'eth1',
    'root',
    'tbf',
    'rate',
    '1mbit',
    'burst',
    '2000',
    'limit',
    '9000',
  );
  const done = await applied(space);
  expect(
    done.planned
      .flatMap(a => a.differences.map(d => `${d.field.replace(/t\w{10}/, 'lan')}: ${d.have} → ${d.want}`))
      .sort(),
  ).toEqual([
    'eth1 rate: 1mbit → none',
    'eth1 rate: none → 6mbit',
    'port of lan rate: 9mbit → none',
    'wan rate: none → 20mbit',
  ]);
  expect(done.remaining).toEqual([]);
  expect((await y('tc', 'qdisc', 'show', 'dev', 'eth1')).stdout).toMatch(/^qdisc noqueue/);
});

test('a container that was restarted has it again', async () => {
  await inside(`${NAME}-left`, 'docker', 'restart', '-t', '0', `${NAME}-a-y-1`);
  expect((await applied(space)).remaining).toEqual([]);
  expect((await y('tc', 'qdisc', 'show', 'dev', 'wan')).stdout).toContain('rate 20Mbit');
});

test.skipIf(netemMissing() === undefined)(
  'where the kernel has no netem, the plan and link set say so',
  async () => {
    const set = await topo(['link', 'set', 'a/x', 'delay', '20ms'], space);
    expect(set).toMatchObject({ code: 1, stderr: expect.stringContaining('has no netem') as string });
    await edit([['impair: { rate: 6mbit }', 'impair: { delay: 20ms }']]);
    const up = await topo(['up'], space);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/the kernel of host left .* has no netem, by which delay would be done/);
    expect(up.stderr).toContain('a rate alone goes without it');
  },
);

test('down leaves nothing', async () => {
  const down = await topo(['down'], space);
  expect(down, down.stderr).toMatchObject({ code: 0 });
  expect(await snapshot()).toEqual(before);
});

/** Within 10 percent. */
function expectNear(measured: number, declared: number): void {
  expect(measured).toBeGreaterThan(declared * 0.9);
  expect(measured).toBeLessThan(declared * 1.1);
}

/** Sends twice as much as the rate, for two seconds' worth of it, in frames of 1,000 bytes. */
function flood(from: Enter, to: Enter, address: string, mbit: number): Promise<Arrived> {
  const perSecond = (mbit * 1e6) / 8 / 1000;
  return oneWay({ from, to, address, packets: 2 * perSecond, perSecond: 2 * perSecond, bytes: 1000 });
}

/** The network namespace of a container. */
function room(host: string, service: string): Enter {
  const enter = `exec nsenter --net="$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${NAME}-${service}-1)" "$@"`;
  return (...argv): Promise<Ran> => inside(`${NAME}-${host}`, 'sh', '-c', enter, 'sh', ...argv);
}

async function edit(changes: readonly (readonly [string, string])[]): Promise<void> {
  const file = join(space.cwd, 'topo.yaml');
  let text = await readFile(file, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the topology has no ${from}`);
    text = text.replace(from, to);
  }
  await writeFile(file, text);
}
