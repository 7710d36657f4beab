import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BIN, inside, planned, topo, type Ran, type RunOptions } from '../support/cli.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';
import { edit, pairWorkspace } from '../support/ssh-topology.js';

const NAME = 'two-operators';

describe.skipIf(sandboxesMissing() !== undefined)('two operators, and one who changes his mind', () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let space: Awaited<ReturnType<typeof pairWorkspace>>;

  beforeAll(async () => {
    sandboxes = await startSandboxes(2);
    hosts = await presentAsSsh(sandboxes);
    space = await pairWorkspace(NAME, hosts);
  });
  beforeEach(async () => {
    expect(await topo(['down', '-v'], space)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await space?.[Symbol.asyncDispose]();
    await hosts?.[Symbol.asyncDispose]();
    await sandboxes?.[Symbol.asyncDispose]();
  });

  test('of two `up` at once the second waits for the first and then finds nothing to do', async () => {
    const both = await Promise.all([topo(['up'], space), topo(['up'], space)]);
    expect(
      both.map(ran => ran.code),
      JSON.stringify(both),
    ).toEqual([0, 0]);

    const second = both.filter(ran => ran.stdout.startsWith('No changes'));
    expect(second).toHaveLength(1);
    expect(second[0]!.stderr).toMatch(/waiting for \S+ \(pid \d+\), since \d s on one/);
  });

  test('a lock whose holder was killed is free at once', async () => {
    const up = begin(['up'], space);
    await up.says(/^(one|two) +1\//m);
    expect(await locked()).toEqual([true, true]);
    up.child.kill('SIGKILL');
    await expect.poll(locked, { timeout: 2_000, interval: 50 }).toEqual([false, false]);

    expect(await topo(['up'], space)).toMatchObject({ code: 0 });
    expect(await planned(space)).toEqual([]);
  });

  test('Ctrl-C in the middle of `up`: it says what is left, and one more `up` converges', async () => {
    const up = begin(['up'], space);
    await up.says(/^(one|two) +1\//m);
    up.child.kill('SIGINT');

    const { code, stdout, stderr } = await up.ended;
    expect(code, stdout + stderr).toBe(130);
    expect(stderr).toContain('Interrupted: finishing what is in flight.');
    expect(stdout).toContain('Not tried, because of the interruption:\n');
    expect(stdout).toMatch(/#\d+ create container (shop\/web on one|search\/api on two)/);
    expect(stdout).toMatch(
      /^Interrupted: \d+ added, 0 changed, 0 removed on 2 hosts in .*; 0 failed, \d+ not tried$/m,
    );

    expect(await topo(['up'], space)).toMatchObject({ code: 0 });
    expect(await planned(space)).toEqual([]);
  });

  test('a second Ctrl-C leaves at once, whatever is in flight, and frees the lock', async () => {
    await edit(space.cwd, { 'stacks.shop.services.web.command': ['sleep', '1000'] });
    expect(await topo(['up'], space)).toMatchObject({ code: 0 });
    const down = begin(['down'], space);
    await down.says(/reading/);
    await new Promise(resolve => setTimeout(resolve, 1_500)); // It stops the container, which does not listen, for ten seconds.
    down.child.kill('SIGINT');
    await down.says(/finishing what is in flight/);
    const since = Date.now();
    down.child.kill('SIGINT');

    expect(await down.ended).toMatchObject({ code: 130 });
    expect(Date.now() - since).toBeLessThan(1_000);
    await expect.poll(locked, { timeout: 2_000, interval: 50 }).toEqual([false, false]);
    await inside(sandboxes.names[0]!, 'docker', 'kill', `${NAME}-shop-web-1`);
  });

  /** Whether the topology is locked, by host. */
  function locked(): Promise<readonly boolean[]> {
    const isLocked = async (name: string): Promise<boolean> =>
      (await inside(name, 'test', '-e', `/run/topo/${NAME}/lock`)).code === 0;
    return Promise.all(sandboxes.names.map(isLocked));
  }
});

interface Begun {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves when its story on stderr has come to that. */
  says(what: RegExp): Promise<void>;
}

/** Starts the built `topo` and leaves it to the test to end it. */
function begin(args: readonly string[], { cwd, env }: RunOptions): Begun {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = new Promise<Ran>(resolve => child.once('close', code => resolve({ code, ...said })));
  return {
    child,
    ended,
    says: what => expect.poll(() => said.stderr, { timeout: 30_000, interval: 20 }).toMatch(what),
  };
}
