import { expect, test } from 'vitest';
import { apply, type ApplyInput } from '../../src/apply/index.js';
import {
  type Action,
  type EngineResponse,
  type Event,
  type ExecResult,
  type Host,
  type Plan,
  type Step,
  TopoError,
} from '../../src/core/index.js';
import { interpretScript } from '../fakes/shell.js';

const call = (path: string, accept?: readonly number[]): Step => ({
  via: 'docker',
  mutates: true,
  label: `call ${path}`,
  method: 'POST',
  path,
  body: { Env: ['PASSWORD=x'] },
  ...(accept && { accept }),
});
const run = (...argv: readonly string[]): Step => ({
  via: 'exec',
  mutates: true,
  label: argv.join(' '),
  argv,
});

const act = (id: number, host: string, steps: readonly Step[], more: Partial<Action> = {}): Action => ({
  id,
  resource: `${host}/thing/${id}`,
  kind: 'thing',
  noun: 'thing',
  name: String(id),
  host,
  group: { is: 'host', name: host },
  verb: 'create',
  cause: 'not there yet',
  drift: false,
  differences: [],
  steps,
  after: [],
  destructive: false,
  ...more,
});

const planOf = (...actions: readonly Action[]): Plan => ({
  format: 1,
  topology: 't',
  digest: '',
  actions,
  unchanged: 0,
  notes: [],
});

/** A host that answers as it is told: commands named `bad` fail, paths with `bad` are refused. */
function fakeHost(name: string, log: string[], replies: Partial<Host> = {}): Host {
  const never = (): never => {
    throw new Error('not asked for in these tests');
  };
  const exec = (_: readonly string[], options?: { stdin?: string }): Promise<ExecResult> => {
    log.push(`${name} script`);
    const command = (argv: readonly string[]): { code: number; stderr: string } => {
      log.push(`${name} ${argv.join(' ')}`);
      const lines = Array.from({ length: 15 }, (_, i) => `line ${i}\n`).join('');
      if (argv[0] === 'gone') return { code: 69, stderr: '' };
      return argv[0] === 'bad' ? { code: 9, stderr: lines } : { code: 0, stderr: 'fine\n' };
    };
    return Promise.resolve(interpretScript(options?.stdin ?? '', command));
  };
  const engine = ({ path }: { path: string }): Promise<EngineResponse> => {
    log.push(`${name} ${path}`);
    return Promise.resolve(
      path.includes('bad') ? { status: 409, body: { message: 'name is in use' } } : { status: 201, body: {} },
    );
  };
  const rest = {
    start: never,
    engineStream: never,
    engineUpgrade: never,
    copy: never,
    build: never,
    registryDigest: never,
    stream: never,
  };
  return {
    name,
    described: name,
    exec,
    engine,
    ...rest,
    trips: { exec: 0, engine: 0 },
    closed: new AbortController().signal,
    close: () => Promise.resolve(),
    ...replies,
  };
}

async function applied(
  actions: readonly Action[],
  more: Partial<ApplyInput> & { replies?: Partial<Host> } = {},
) {
  const log: string[] = [];
  const events: Event[] = [];
  const report = await apply({
    plan: planOf(...actions),
    host: name => Promise.resolve(fakeHost(name, log, more.replies)),
    scripts: {},
    token: 'T0k',
    now: () => 0,
    emit: event => void events.push(event),
    ...more,
  });
  return { report, log, events, outcomes: Object.fromEntries(report.outcomes) };
}

test('an engine that waits for something to end by itself is given that time on top', async () => {
  const given: (number | undefined)[] = [];
  const engine: Host['engine'] = (_, options) => {
    given.push(options?.timeoutMs);
    return Promise.resolve({ status: 204, body: '' });
  };
  const steps = [call('/stop'), { ...call('/stop'), takes: 600_000 } as Step];
  await applied([act(1, 'a', steps)], { replies: { engine } });
  expect(given[1]! - given[0]!).toBe(600_000);
});

test('a batch is one call, whatever its number of actions; steps go in order', async () => {
  const { log, report } = await applied([
    act(1, 'a', [run('x'), run('y')], { batch: 1 }),
    act(2, 'a', [run('z')], { batch: 1, after: [1] }),
    act(3, 'a', [call('/c')], { after: [2] }),
  ]);
  expect(log).toEqual(['a script', 'a x', 'a y', 'a z', 'a /c']);
  expect(report).toMatchObject({ done: 3, failed: 0, skipped: 0, interrupted: false });
});

test('a failure says host, command, exit and the last lines; what is below is skipped because of its root', async () => {
  const { outcomes, log } = await applied([
    act(1, 'a', [run('x'), run('bad', 'one two')], { batch: 1 }),
    act(2, 'a', [run('y')], { batch: 1, after: [1] }),
    act(3, 'b', [call('/c')], { after: [2] }),
    act(4, 'b', [call('/d')]),
  ]);
  const stderr = Array.from({ length: 10 }, (_, i) => `line ${i + 5}`).join('\n');
  expect(outcomes).toEqual({
    1: { is: 'failed', failure: { host: 'a', command: "bad 'one two'", exit: 9, stderr } },
    2: { is: 'skipped', because: 1 },
    3: { is: 'skipped', because: 1 },
    4: { is: 'done' },
  });
  expect(log).not.toContain('b /c');
});

test('what needs a program that was found gone is skipped on that host, in that batch and later', async () => {
  const needing = (...argv: readonly string[]): Step => ({ ...run(...argv), needs: 'VPP' });
  const { outcomes, log } = await applied([
    act(1, 'a', [needing('first')], { batch: 1 }),
    act(2, 'a', [needing('gone')], { batch: 1 }),
    act(3, 'a', [needing('same batch')], { batch: 1 }),
    act(4, 'a', [run('without it')], { batch: 1 }),
    act(5, 'a', [call('/c')], { after: [4] }),
    act(6, 'a', [needing('later')], { batch: 2, after: [5] }),
    act(7, 'b', [needing('elsewhere')]),
  ]);
  const skipped = { is: 'skipped', because: 2 };
  const done = { is: 'done' };
  expect(outcomes).toMatchObject({
    1: done,
    2: { is: 'failed' },
    3: skipped,
    4: done,
    5: done,
    6: skipped,
    7: done,
  });
  expect(log).not.toContain('a same batch');
  expect(log).not.toContain('a later');
});

test('the engine fails with its own words, never showing the body; an accepted status is success', async () => {
  const { outcomes, log } = await applied([
    act(1, 'a', [call('/bad'), call('/never')]),
    act(2, 'a', [call('/bad', [409]), call('/next')]),
  ]);
  expect(outcomes[1]).toEqual({
    is: 'failed',
    failure: { host: 'a', command: 'POST /bad', stderr: 'name is in use (HTTP 409)' },
  });
  expect(outcomes[2]).toEqual({ is: 'done' });
  expect(log).not.toContain('a /never');
});

test('hints: what a lost connection says, unless the caller knows better', async () => {
  const lost = (): Promise<never> =>
    Promise.reject(
      new TopoError('the connection is lost', { code: 'host.lost', who: 'host', hint: 'try again' }),
    );
  const actions = [
    act(1, 'a', [run('x')], { batch: 1 }),
    act(2, 'a', [run('y')], { batch: 1, after: [1] }),
    act(3, 'a', [call('/c')]),
  ];
  const { outcomes } = await applied(actions, { replies: { exec: lost, engine: lost } });
  expect(outcomes[1]).toEqual({
    is: 'failed',
    failure: { host: 'a', command: 'x', stderr: 'the connection is lost', hint: 'try again', lost: true },
  });
  expect(outcomes[2]).toEqual({ is: 'skipped', because: 1 });
  expect(outcomes[3]).toMatchObject({ is: 'failed', failure: { command: 'POST /c' } });
  const told = await applied(actions, {
    replies: { exec: lost, engine: lost },
    explain: failure => `about ${failure.command}`,
  });
  expect(told.outcomes[3]).toMatchObject({ failure: { hint: 'about POST /c' } });
});

test('a host that can not be reached fails its own actions only', async () => {
  const log: string[] = [];
  const host = (name: string): Promise<Host> =>
    name === 'a' ? Promise.reject(new Error('no route')) : Promise.resolve(fakeHost(name, log));
  const { outcomes } = await applied([act(1, 'a', [call('/c')]), act(2, 'b', [call('/c')])], { host });
  expect(outcomes).toMatchObject({ 1: { is: 'failed', failure: { stderr: 'no route' } }, 2: { is: 'done' } });
});

test('a script that ends before its steps do fails them, with what sudo or the shell said', async () => {
  const exec = (): Promise<ExecResult> =>
    Promise.resolve({ code: 1, stdout: '', stderr: 'sudo: a password is required\n' });
  const { outcomes } = await applied(
    [act(1, 'a', [run('x')], { batch: 1 }), act(2, 'a', [run('y')], { batch: 1 })],
    { replies: { exec } },
  );
  const stderr = 'the script ended before this step\nsudo: a password is required';
  expect(outcomes[1]).toEqual({ is: 'failed', failure: { host: 'a', command: 'x', exit: 1, stderr } });
  expect(outcomes[2]).toMatchObject({ is: 'failed' });
});

test('an interruption finishes what is in flight and starts nothing more', async () => {
  const stop = new AbortController();
  const engine = (): Promise<EngineResponse> => {
    stop.abort();
    return Promise.resolve({ status: 200, body: '' });
  };
  const { report, outcomes } = await applied(
    [act(1, 'a', [call('/c'), call('/d')]), act(2, 'a', [call('/e')], { after: [1] })],
    {
      signal: stop.signal,
      replies: { engine },
    },
  );
  expect(outcomes).toEqual({ 1: { is: 'done' }, 2: { is: 'skipped' } });
  expect(report).toMatchObject({ done: 1, skipped: 1, interrupted: true });
});

test('every action tells when it starts, what it does and how it ends; a skipped one only that', async () => {
  const { events } = await applied([act(1, 'a', [call('/bad')]), act(2, 'a', [call('/c')], { after: [1] })]);
  expect(events.map(e => ('action' in e ? `${e.type} ${e.action.id}` : e.type))).toEqual([
    'started 1',
    'progress 1',
    'ended 1',
    'ended 2',
  ]);
});

test('streams tell their progress', async () => {
  const stream: Host['stream'] = (name, args, options) => {
    options?.progress?.(`${name} ${args.join(' ')} half way`);
    return Promise.resolve();
  };
  const step: Step = { via: 'stream', mutates: true, label: 'pull nginx', name: 'pull', args: ['nginx'] };
  const { events } = await applied([act(1, 'a', [step])], { replies: { stream } });
  expect(events.flatMap(e => (e.type === 'progress' ? [e.text] : []))).toEqual([
    'pull nginx',
    'pull nginx half way',
  ]);
});

test('at most four lone actions are in flight on a host, one batch beside them, and hosts go in parallel', async () => {
  const flight = new Map<string, number>();
  const most = new Map<string, number>();
  const busy = async <T>(lane: string, value: T): Promise<T> => {
    flight.set(lane, (flight.get(lane) ?? 0) + 1);
    most.set(lane, Math.max(most.get(lane) ?? 0, flight.get(lane)!));
    most.set(
      'all',
      Math.max(
        most.get('all') ?? 0,
        [...flight.values()].reduce((a, b) => a + b),
      ),
    );
    await new Promise(resolve => setTimeout(resolve, 2));
    flight.set(lane, flight.get(lane)! - 1);
    return value;
  };
  const actions = ['a', 'b'].flatMap((host, h) => [
    ...Array.from({ length: 9 }, (_, i) => act(20 * h + i + 1, host, [call('/c')])),
    ...Array.from({ length: 3 }, (_, i) => act(20 * h + i + 11, host, [run('x')], { batch: 20 * h + i + 1 })),
  ]);
  const log: string[] = [];
  const host = (name: string): Promise<Host> => {
    const plain = fakeHost(name, log);
    const exec: Host['exec'] = async (argv, options) =>
      busy(`batch ${name}`, await plain.exec(argv, options));
    return Promise.resolve({ ...plain, exec, engine: () => busy(`lone ${name}`, { status: 200, body: '' }) });
  };
  const { report } = await applied(actions, { host });
  expect(report.done).toBe(24);
  expect(Object.fromEntries(most)).toEqual({ 'lone a': 4, 'lone b': 4, 'batch a': 1, 'batch b': 1, all: 10 });
});

test('a namespace is bound when it is needed; one that can not be fails its action', async () => {
  const inside = (container: string): Step => ({
    via: 'exec',
    mutates: true,
    label: 'x',
    argv: ['ip', 'link'],
    netns: { container },
  });
  const { log, outcomes } = await applied(
    [
      act(1, 'a', [inside('c1')], { batch: 1 }),
      act(2, 'a', [inside('c2')], { batch: 1 }),
      act(3, 'a', [run('x')], { batch: 1, after: [2] }),
    ],
    {
      netns: (_, { container }) =>
        container === 'c1'
          ? Promise.resolve('/proc/7/ns/net')
          : Promise.reject(new Error('c2 is not running')),
    },
  );
  expect(log).toEqual(['a script', 'a nsenter --net=/proc/7/ns/net ip link']);
  expect(outcomes).toMatchObject({
    1: { is: 'done' },
    2: { is: 'failed', failure: { stderr: 'c2 is not running' } },
    3: { is: 'skipped', because: 2 },
  });
});

test('nothing to do is done at once', async () => {
  expect((await applied([])).report).toEqual({
    outcomes: new Map(),
    done: 0,
    failed: 0,
    skipped: 0,
    interrupted: false,
  });
});
