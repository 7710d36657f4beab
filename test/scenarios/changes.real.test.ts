import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, topo, workspace, type Applied } from '../support/cli.js';
import { ownName, withoutRun } from '../support/own-name.js';

/**
 * One line of the file is changed: the plan has exactly the actions of the golden file, `up` carries them out and leaves
 * nothing to do, and stacks that the change does not touch lose no packet meanwhile.
 */

const GOLDEN = new URL('../golden/changes/', import.meta.url).pathname;
const NAME = ownName('changes');
let base: string;
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  const example = await readFile(join(GOLDEN, 'base.yaml'), 'utf8');
  base = example.replace(/^name: .*$/m, `name: ${NAME}`);
  space = await workspace();
  await upTo(base);
  for (const lab of ['lab1', 'lab2', 'lab3'])
    await inside(`${NAME}-${lab}`, 'docker', 'tag', 'topo/busybox', 'other:1');
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

interface Change {
  readonly what: string;
  readonly from: string | RegExp;
  readonly to: string;
  /** Whether tera and nas, between which packets are counted, are among those that the change touches. */
  readonly touches?: true;
}

const STACK = 'services: { web: *web } }';
const of = (stack: string, from: string): RegExp =>
  new RegExp(`(?<=^  ${stack}: .*)${from.replaceAll(/[{}*]/g, '\\$&')}`, 'm');
const web = (keys: string): string => `services: { web: { <<: *web, ${keys} } } }`;

const changes: readonly Change[] = [
  { what: 'nothing but a comment', from: 'hosts:', to: '# a comment\nhosts:' },
  { what: 'MTU', from: 'vni: 1000', to: 'vni: 1000, mtu: 1400', touches: true },
  { what: 'VNI', from: 'vni: 1000', to: 'vni: 1001', touches: true },
  { what: 'UDP port', from: 'vni: 1000', to: 'vni: 1000, port: 4790', touches: true },
  { what: 'host access', from: 'vni: 1000', to: 'vni: 1000, host_access: true' },
  {
    what: 'stack added',
    from: 'stacks:',
    to: `stacks:\n  new: { host: lab1, networks: { internal: { subnet: 172.26.0.0/16, fabric: overlay } }, ${STACK}`,
  },
  { what: 'stack removed', from: /^ {2}pi: .*\n/m, to: '' },
  { what: 'stack moved', from: of('pi', 'lab2'), to: 'lab3' },
  { what: 'stack renamed', from: /^ {2}pi:/m, to: '  raspberry:' },
  { what: 'host removed with its stack', from: /, lab3: sandbox([^]*) {2}rog: .*\n/, to: '$1' },
  { what: 'service renamed', from: of('pi', 'web: '), to: 'site: ' },
  { what: 'service added', from: of('pi', 'web: '), to: 'site: *web, web: ' },
  { what: 'subnet of a stack', from: '172.25.0.0/16', to: '172.27.0.0/16' },
  {
    what: 'overlay address of a stack',
    from: of('pi', 'fabric: overlay'),
    to: 'fabric: { switch: overlay, address: 10.1.1.77 }',
  },
  { what: 'stack taken off the switch', from: of('pi', ', fabric: overlay'), to: '' },
  { what: 'image', from: of('pi', STACK), to: web('image: other:1, pull_policy: never') },
  { what: 'same image, spelt otherwise', from: of('pi', STACK), to: web('image: topo/busybox:latest') },
  { what: 'environment', from: of('pi', STACK), to: web('environment: { SECRET: hush }') },
  {
    what: 'command',
    from: of('pi', STACK),
    to: web("command: [sh, -c, 'trap exit TERM; sleep 9999 & wait']"),
  },
  { what: 'published port', from: of('pi', STACK), to: web("ports: ['8081:80']") },
  { what: 'volume', from: of('pi', STACK), to: `volumes: { data: }, ${web("volumes: ['data:/data']")}` },
  { what: 'alias', from: of('pi', STACK), to: web('networks: { internal: { aliases: [raspberry] } }') },
];

test.each(changes)('$what', async ({ what, from, to, touches }) => {
  const changed = base.replace(from, to);
  expect(changed).not.toBe(base);
  const { result, lost } = await countLost(() => upTo(changed));
  await expectGolden(
    what,
    result.planned.map(a => `${a.verb} ${a.kind} ${a.name} @ ${a.host}: ${a.cause}`).sort(),
  );
  expect(result.remaining).toEqual([]);
  if (!touches) expect(lost).toBe(0);
  await upTo(base);
});

async function upTo(text: string): Promise<Applied> {
  await writeFile(join(space.cwd, 'topo.yaml'), text);
  return applied(space);
}

/** Fifty packets a second from tera to nas while something is done. */
async function countLost<T>(meanwhile: () => Promise<T>): Promise<{ result: T; lost: number }> {
  const script = `rm -f /run/stop
    key=$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${NAME}-tera-web-1)
    nsenter --net=$key ping -n -q -i 0.02 172.22.0.2 & ping=$!
    until [ -e /run/stop ]; do sleep 0.05; done
    kill -INT $ping; wait $ping; exit 0`;
  const counting = inside(`${NAME}-lab1`, 'sh', '-c', script);
  await new Promise(done => setTimeout(done, 300));
  const result = await meanwhile();
  await inside(`${NAME}-lab1`, 'touch', '/run/stop');
  const { stdout } = await counting;
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(stdout) ?? [];
  expect(Number(sent), stdout).toBeGreaterThan(20);
  return { result, lost: Number(sent) - Number(received) };
}

async function expectGolden(what: string, actions: readonly string[]): Promise<void> {
  const path = join(GOLDEN, `${what.replaceAll(/[^a-z0-9]+/gi, '-')}.txt`);
  const lines = actions.map(action => withoutRun(action).replaceAll(/198\.18\.\d+\.\d+/g, '<address>'));
  const text = lines.length === 0 ? 'nothing\n' : `${lines.join('\n')}\n`;
  if (process.env['UPDATE_GOLDEN']) await writeFile(path, text);
  expect(text).toBe(await readFile(path, 'utf8'));
}
