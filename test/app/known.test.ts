import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetKnown, readKnown, writeKnown } from '../../src/app/known.js';
import { leavingTargets, needsOperator, parseTarget, targetsOf } from '../../src/app/targets.js';
import { resolved } from '../fakes/scene.js';

let cwd: string;
beforeEach(async () => void (cwd = await mkdtemp(join(tmpdir(), 'topo-known-'))));
afterEach(() => rm(cwd, { recursive: true, force: true }));

const context = (): { file: string } => ({ file: join(cwd, 'topo.yaml') });
const ssh = { name: 'a', form: { is: 'ssh', address: 'a.example' }, acceptNewHostKey: false } as const;
const box = { name: 'b', form: { is: 'sandbox' }, acceptNewHostKey: false, sandbox: 'lab-b' } as const;

test('what was written is read again, per topology', async () => {
  await writeKnown(context(), 'lab', { a: ssh });
  expect(await readKnown(context(), 'lab')).toEqual({ a: ssh });
  expect(await readKnown(context(), 'other')).toEqual({});
});

test('a memory that is lost or spoilt is none, and stops nothing', async () => {
  expect(await readKnown(context(), 'lab')).toEqual({});
  await writeKnown(context(), 'lab', { a: ssh });
  await writeFile(join(cwd, '.topo/lab.json'), '{"hosts": ');
  expect(await readKnown(context(), 'lab')).toEqual({});
});

test('the last topology that is forgotten takes the directory along, another one does not', async () => {
  await writeKnown(context(), 'lab', { a: ssh });
  await writeKnown(context(), 'other', { a: ssh });
  await forgetKnown(context(), 'lab');
  expect(await readdir(join(cwd, '.topo'))).toEqual(['other.json']);
  await forgetKnown(context(), 'other');
  expect(await readdir(cwd)).toEqual([]);
});

test('without a file there is nothing to remember', async () => {
  await writeKnown({}, 'lab', { a: ssh });
  await forgetKnown({}, 'lab');
  expect(await readKnown({}, 'lab')).toEqual({});
});

test('it names hosts and how they were reached, and nothing else', async () => {
  const topology = resolved(
    'name: lab\nhosts: { a: { ssh: "me@a.example:2222", sudo: false }, b: sandbox }\n',
  );
  await writeKnown(context(), 'lab', Object.fromEntries(targetsOf(topology).map(t => [t.name, t])));
  expect(JSON.parse(await readFile(join(cwd, '.topo/lab.json'), 'utf8'))).toEqual({
    format: 1,
    hosts: {
      a: {
        name: 'a',
        form: { is: 'ssh', user: 'me', address: 'a.example', port: 2222 },
        acceptNewHostKey: false,
        sudo: false,
      },
      b: { name: 'b', form: { is: 'sandbox' }, acceptNewHostKey: false, sandbox: 'lab-b' },
    },
  });
});

test('hosts that left the file are gone to still; sandboxes are told by this machine instead', () => {
  expect(leavingTargets({ a: ssh, b: box }, [])).toEqual([ssh]);
  expect(leavingTargets({ a: ssh }, [{ ...ssh, form: { is: 'local' } }])).toEqual([]);
});

test('this machine matters where a sandbox is or was', () => {
  expect(needsOperator([ssh], {})).toBe(false);
  expect(needsOperator([ssh, box], {})).toBe(true);
  expect(needsOperator([ssh], { b: box })).toBe(true);
});

test.each([
  ['local', { name: 'local', form: { is: 'local' } }],
  [
    'ssh://me@a.example:2222',
    { name: 'a.example', form: { is: 'ssh', user: 'me', address: 'a.example', port: 2222 } },
  ],
])('a host may be given as %s', (text, expected) => {
  expect(parseTarget(text)).toMatchObject(expected);
});

test('another form is refused with the forms there are', () => {
  expect(() => parseTarget('a.example')).toThrowError(
    expect.objectContaining({
      code: 'host.form',
      hint: 'write local, ssh://[user@]host[:port], or context:NAME',
    }),
  );
});
