import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

/** Things that stay exchange what only one of them can have: one `up` is enough, and `plan` has nothing to say after it. */

const NAME = ownName('swap');
let space: Awaited<ReturnType<typeof workspace>>;

interface Stack {
  readonly subnet: number;
  readonly port: number;
  /** The name of the container, and the last number of its address. */
  readonly name: string;
  readonly last: number;
}

const left: Stack = { subnet: 60, port: 8061, name: 'left', last: 10 };
const right: Stack = { subnet: 61, port: 8062, name: 'right', last: 20 };
const far: Stack = { subnet: 62, port: 8063, name: 'far', last: 30 };

const stack = (host: string, { subnet, port, name, last }: Stack, other = last + 1): string => `
    host: ${host}
    networks: { internal: { subnet: 172.${subnet}.0.0/16, fabric: overlay } }
    services:
      web: { <<: *web, container_name: ${name}, ports: ['${port}:80'], networks: { internal: { ipv4_address: 172.${subnet}.0.${last} } } }
      more: { <<: *web, networks: { internal: { ipv4_address: 172.${subnet}.0.${other} } } }`;

const file = (a: Stack, b: Stack, c: Stack, otherOfA?: number): string => `name: ${NAME}
hosts: { lab1: sandbox, lab2: sandbox }
switches: { overlay: { kind: vxlan, vni: 1061, subnet: 10.61.0.0/24 } }
x-web: &web { image: topo/busybox, command: [sh, -c, 'trap exit TERM; sleep 9999 & wait'] }
stacks:
  a: ${stack('lab1', a, otherOfA)}
  b: ${stack('lab1', b)}
  c: ${stack('lab2', c)}
checks: [{ from: a/web, ping: c/web }, { from: c/web, ping: b/web }]
`;

beforeAll(async () => {
  space = await workspace();
  await writeFile(join(space.cwd, 'topo.yaml'), file(left, right, far));
  await expectUp();
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

test.each([
  ['ports', { ...left, port: right.port }, { ...right, port: left.port }, far],
  ['subnets', { ...left, subnet: right.subnet }, { ...right, subnet: left.subnet }, far],
  ['subnets over two hosts', { ...left, subnet: far.subnet }, right, { ...far, subnet: left.subnet }],
  ['names of containers', { ...left, name: right.name }, { ...right, name: left.name }, far],
] as const)('%s are exchanged by one up, and back', async (_, a, b, c) => {
  await expectExchange(file(a, b, c));
  await expectExchange(file(left, right, far));
});

test('two containers exchange their addresses and go on running', async () => {
  const before = await containers();
  await expectExchange(file({ ...left, last: 11 }, right, far, 10));
  expect(await containers()).toEqual(before);
  const { stdout } = await inside(`${NAME}-lab1`, 'docker', 'exec', 'left', 'ip', 'address');
  expect(stdout).toContain('172.60.0.11/16');
});

async function expectExchange(text: string): Promise<void> {
  await writeFile(join(space.cwd, 'topo.yaml'), text);
  expect(await planned(space)).not.toEqual([]);
  await expectUp();
  expect(await planned(space)).toEqual([]);
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
}

async function expectUp(): Promise<void> {
  const up = await topo(['up', '--yes'], space);
  expect(up, `${up.stdout}\n${up.stderr}`).toMatchObject({ code: 0 });
}

/** The engine's ids: the same for as long as nothing is made again. */
async function containers(): Promise<readonly string[]> {
  const { stdout } = await inside(`${NAME}-lab1`, 'docker', 'ps', '-q', '--no-trunc');
  return stdout.trim().split('\n').sort();
}
