import { expect, test } from 'vitest';
import { type EngineCall, OPERATOR } from '../../src/core/index.js';
import { base, box, part, set } from './arbitrary.js';
import { CELLS } from './run.js';
import { interpretScript, statements } from './shell.js';
import { type Thing, World } from './world.js';

const scriptFor = (...commands: readonly string[]): string =>
  ['main() {', 'token=T', ...commands.flatMap((line, i) => [`act ${i + 1}`, line]), '}', '{ main; }'].join(
    '\n',
  );
const thing = ({ id, mark, spec }: ReturnType<typeof base>): Thing => ({
  id,
  mark,
  fields: spec as Thing['fields'],
});
const put = ({ id, kind, mark, spec }: ReturnType<typeof base>): string =>
  `feed 1 '${JSON.stringify({ mark, fields: spec })}' world put ${kind} ${id}`;
const engine = (path: string, body: unknown): EngineCall => ({
  via: 'docker',
  method: 'POST',
  path: `/box/${path}`,
  body,
});

test('what is put is there, with its mark, in the view and in the history', async () => {
  const world = new World();
  const b = base('a', 'b0', { subnet: 1, tune: 2 });
  const result = await world.host('a').exec(['sh', '-s'], { stdin: scriptFor(put(b)) });
  expect(result).toEqual({ code: 0, stdout: 'T 1 1 0\n', stderr: 'T 1 1\n' });
  expect(world.view('a').inventory.links).toMatchObject([
    { kind: 'base', name: 'b0', alias: `${b.mark} a/base/b0`, data: b.spec },
  ]);
  expect(world.view('b').inventory.links).toEqual([]);
  expect(world.history).toEqual([{ host: 'a', id: 'a/base/b0', what: 'put' }]);
});

test('it refuses what a kernel would refuse', async () => {
  const world = new World();
  const run = async (r: ReturnType<typeof base>): Promise<string> =>
    (await world.host('a').exec([], { stdin: scriptFor(put(r)) })).stderr;
  expect(await run(part('a', 'p0', { base: 'b0', shape: 1, value: 1 }))).toContain('a/part/p0 has no base');
  world.place(thing(base('a', 'b0', { subnet: 1, tune: 2 })));
  expect(await run(base('a', 'b1', { subnet: 1, tune: 2 }))).toContain('the subnet of b1 is taken');
  expect(await run(base('a', 'b0', { subnet: 2, tune: 2 }))).toContain(
    "subnet of a/base/b0 can't be changed",
  );
  expect(await run(set('a', 's0', { members: { p9: 1 } }))).toContain('has no p9');
  world.place({ id: 'a/base/theirs', fields: {} });
  expect(await run(base('a', 'theirs', { subnet: 4, tune: 1 }))).toContain('is foreign');
});

test('a base takes its parts along and lets go of boxes; a part leaves its sets; a cell takes all', () => {
  const world = new World(CELLS);
  world.place(thing(base('c', 'b0', { subnet: 1, tune: 0 })));
  world.place(thing(part('c', 'p0', { base: 'b0', shape: 1, value: 1 })));
  world.place(thing(box('c', 'x0', { image: 1, limit: 1, bases: ['b0', 'b1'] })));
  world.place(thing(set('c', 's0', { members: { p0: 1, p1: 1 } })));
  world.place({ id: `${OPERATOR}/cell/c`, fields: {} });
  world.remove('c/base/b0');
  expect([...world.things.keys()]).toEqual(['@operator/cell/c', 'c/box/x0', 'c/set/s0']);
  expect(world.things.get('c/box/x0')!.fields.bases).toEqual(['b1']);
  expect(world.things.get('c/set/s0')!.fields.members).toEqual({ p1: 1 });
  world.remove(`${OPERATOR}/cell/c`);
  expect(world.things.size).toBe(0);
});

test('a host in a cell is there while the cell is', async () => {
  const world = new World(CELLS);
  await expect(world.host('c').exec([], {})).rejects.toThrow("c can't be reached");
  world.place({ id: `${OPERATOR}/cell/c`, fields: {} });
  expect((await world.host('c').exec([], { stdin: scriptFor('run 1 world del base c/base/b0') })).code).toBe(
    0,
  );
});

test('boxes are made by several calls, and their bases must be there', async () => {
  const world = new World();
  const host = world.host('a');
  expect(await host.engine(engine('a%2Fbox%2Fx0/create', { mark: 'm', image: 1 }))).toMatchObject({
    status: 204,
  });
  expect(await host.engine(engine('a%2Fbox%2Fx0/create', { mark: 'm', image: 1 }))).toMatchObject({
    status: 500,
  });
  expect(await host.engine(engine('a%2Fbox%2Fx0/connect', { base: 'b0' }))).toEqual({
    status: 500,
    body: { message: 'no base b0' },
  });
  expect(await host.engine(engine('a%2Fbox%2Fnone/limit', { limit: 1 }))).toMatchObject({ status: 404 });
  expect(world.things.get('a/box/x0')).toEqual({
    id: 'a/box/x0',
    mark: 'm',
    fields: { image: 1, limit: 0, bases: [], port: null },
  });
});

test('a planned failure does nothing; after a crash nothing is done any more', async () => {
  const script = (n: number): string => scriptFor(put(base('a', `b${n}`, { subnet: n, tune: 0 })));
  const world = new World();
  world.expect({ at: 2, is: 'failure' });
  for (const n of [0, 1, 2]) await world.host('a').exec([], { stdin: script(n) });
  expect([...world.things.keys()]).toEqual(['a/base/b0', 'a/base/b2']);
  for (const [is, done] of [
    ['crash before', false],
    ['crash after', true],
  ] as const) {
    const other = world.copy();
    other.expect({ at: 1, is });
    await expect(other.host('a').exec([], { stdin: script(3) })).rejects.toThrow('lost');
    await expect(other.host('b').exec([], { stdin: script(4) })).rejects.toThrow("can't be reached");
    expect(other.things.has('a/base/b3')).toBe(done);
  }
  expect(world.things.size).toBe(2);
});

test('the script interpreter reads words as a shell does, and skips as the script does', () => {
  expect(statements("run 1 a 'b c\nd' ''\\''' e'f'g\n# no 'words\nact 2\n}\nx")).toEqual([
    ['run', '1', 'a', 'b c\nd', "'", 'efg'],
    ['act', '2'],
  ]);
  const script = [
    'token=T',
    'act 1',
    'run 1 bad',
    'run 2 good',
    'act 2 1',
    'run 1 good',
    'act 3',
    "feed 1 'in' good",
    '}',
  ].join('\n');
  const seen: string[] = [];
  const result = interpretScript(script, (argv, stdin) => {
    seen.push(`${argv.join(' ')}<${stdin}`);
    return { code: argv[0] === 'bad' ? 3 : 0, stderr: 'said\n' };
  });
  expect(seen).toEqual(['bad<', 'good<in']);
  expect(result).toEqual({ code: 0, stdout: 'T 1 1 3\nT 3 1 0\n', stderr: 'T 1 1\nsaid\nT 3 1\nsaid\n' });
});
