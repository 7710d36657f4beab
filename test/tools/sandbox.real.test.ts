import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host, SandboxState, Step } from '../../src/core/index.js';
import {
  createSandbox,
  parseSandboxList,
  rebootSandbox,
  removeSandbox,
  restartSandboxEngine,
  sandboxAddress,
  scriptArgv,
  type SandboxPlan,
} from '../../src/tools/index.js';
import { mustRun, openOperator, runDirectory, runStep, sandboxesMissing } from '../support/sandboxes.js';
import { snapshot } from '../support/snapshot.js';

const name = `test-${process.pid}-x`;
const plan: SandboxPlan = { name, topology: 'test', address: sandboxAddress(name, []), engine: '' };
const create = createSandbox(plan);
const remove = removeSandbox(name);

describe.skipIf(sandboxesMissing())('a sandbox host', () => {
  let operator: Host;
  const state = async (): Promise<SandboxState | undefined> =>
    parseSandboxList((await mustRun(operator, scriptArgv('sandbox-list', []))).stdout).find(
      s => s.name === name,
    );
  const failure = (step: Step): Promise<string> =>
    runStep(operator, step).then(
      () => 'no failure',
      (error: unknown) => String(error),
    );
  /** Process 1 of the sandbox, as this machine counts. */
  const init = async (): Promise<string> => (await readFile(`${runDirectory(name)}/pid`, 'utf8')).trim();
  const inside = async (script: string): Promise<string> =>
    (await mustRun(operator, ['nsenter', '-t', await init(), '-m', '-n', '-u', '-p', 'sh', '-c', script]))
      .stdout;

  beforeAll(async () => (operator = await openOperator()));
  afterAll(async () => {
    await runStep(operator, remove);
    await operator.close();
  });

  it('comes within seconds and leaves nothing', async () => {
    const before = await snapshot();
    const began = Date.now();
    const connection = await openOperator('made.1');
    await runStep(connection, create);
    await connection.close();
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await state()).toEqual({ ...plan, running: true, kept: false, problems: [] });
    // Or it would end with the connection by which it was made.
    expect(await inside('grep -lz ^TOPO_RUN= /proc/[0-9]*/environ || true')).toBe('');
    await inside(
      'busybox tar -c -C / bin/busybox usr/bin/busybox 2>/dev/null | docker import - tiny && docker volume create kept',
    );
    await inside('docker run -d --name one --entrypoint /usr/bin/busybox tiny sleep 1000');
    await runStep(operator, remove);
    expect(await state()).toBeUndefined();
    expect(await snapshot()).toBe(before);
  });

  it('is removed without a word where there is none', async () => {
    await runStep(operator, remove);
    expect(await state()).toBeUndefined();
  });

  describe('that is there', () => {
    beforeAll(() => runStep(operator, create));
    afterAll(() => runStep(operator, remove));

    it('is made again in no time, and stays what it was', async () => {
      const before = await init();
      const began = Date.now();
      await runStep(operator, create);
      expect(Date.now() - began).toBeLessThan(1_000);
      expect(await init()).toBe(before);
    });

    it('has a network, processes, /run and records of its own', async () => {
      expect(await inside('hostname')).toBe(`${name}\n`);
      expect(await inside('cat /proc/1/comm; ls /run/netns 2>/dev/null; ls /var/lib/topo; echo')).toBe(
        'sh\n\n',
      );
      expect(await inside('ip -o -4 address show dev eth0')).toContain(`${plan.address}/16`);
      expect(
        await inside("grep -c . /proc/self/cgroup; awk -F: '$1 == 0 { print $3 }' /proc/self/cgroup"),
      ).toContain('/');
    });

    it("is nobody else's", async () => {
      const other = createSandbox({ ...plan, topology: 'other' });
      expect(await failure(other)).toContain(
        `sandbox ${name} belongs to topology test, not to topology other`,
      );
      expect(await state()).toMatchObject({ topology: 'test', running: true });
    });

    it('keeps its address to itself: whoever allotted the same one at the same time is told, and leaves nothing', async () => {
      const before = await snapshot();
      const other = createSandbox({ ...plan, name: `${name}-2`, topology: 'other' });
      expect(await failure(other)).toContain(`${plan.address} has just been taken by sandbox ${name}`);
      expect(await snapshot()).toBe(before);
      expect(await state()).toMatchObject({ running: true, problems: [] });
    });

    it('tells which part of it is gone, and gets it back', async () => {
      const before = await init();
      await inside('kill -KILL "$(cat /run/sshd.pid)" "$(cat /run/docker.pid)"');
      await expect
        .poll(state)
        .toMatchObject({ running: false, problems: ['sshd is not running', 'dockerd is not running'] });
      await runStep(operator, create);
      expect(await state()).toMatchObject({ running: true, problems: [] });
      expect(await init()).toBe(before);
    });

    it('can be cut off the bridge, and gets back on it', async () => {
      const veth = create.via === 'script' ? String(create.args[4]) : '';
      await mustRun(operator, ['ip', 'link', 'del', 'dev', veth]);
      expect(await state()).toMatchObject({ problems: ['not on the bridge'] });
      await runStep(operator, create);
      await mustRun(operator, ['ping', '-c', '1', '-W', '2', plan.address]);
    });

    it('keeps the data of its engine over a reboot, and tells of it when it is down', async () => {
      await inside(
        'docker volume create precious && mkdir -p /var/lib/topo/test && echo kept >/var/lib/topo/test/record',
      );
      await mustRun(operator, ['kill', '-KILL', await init()]);
      await expect.poll(state).toMatchObject({ running: false, kept: true, problems: ['not running'] });
      await runStep(operator, rebootSandbox(name));
      expect(await inside('docker volume ls -q; cat /var/lib/topo/test/record')).toBe('precious\nkept\n');
    });

    it('gets its engine started again in the same network', async () => {
      const before = await init();
      await inside('ip link add name mine type bridge');
      const engine = await inside('cat /run/docker.pid');
      await runStep(operator, restartSandboxEngine(name));
      expect(await inside('cat /run/docker.pid')).not.toBe(engine);
      expect(await inside('ip link show dev mine')).toContain('mine');
      expect(await init()).toBe(before);
    });

    it('is started anew with another engine, which must be one', async () => {
      expect(await failure(createSandbox({ ...plan, engine: '/nowhere' }))).toContain(
        'there is no dockerd in /nowhere',
      );
      await runStep(operator, createSandbox({ ...plan, engine: '/usr/sbin' }));
      expect(await state()).toMatchObject({ engine: '/usr/sbin', running: true });
    });
  });

  it('can be killed in the making and in the going at any moment', async () => {
    const before = await snapshot();
    for (const ms of [3, 8, 15, 25, 40, 60, 80, 110, 150, 200, 260, 330, 420]) {
      await killedAfter(ms, create);
      await runStep(operator, create);
      expect(await state(), `made again after ${ms} ms`).toMatchObject({ running: true, problems: [] });
      await mustRun(operator, ['ping', '-c', '1', '-W', '2', plan.address]);
      await killedAfter(ms / 4, remove);
      await runStep(operator, remove);
      expect(await state(), `removed after ${ms / 4} ms`).toBeUndefined();
    }
    expect(await snapshot()).toBe(before);
  });
});

/** Runs a script step and kills its shell, with SIGKILL, before it may have ended; what it started goes on. */
function killedAfter(ms: number, step: Step): Promise<void> {
  if (step.via !== 'script') throw new Error(`${step.label} is no script`);
  const [file = '', ...args] = scriptArgv(step.name, step.args);
  const child = spawn(file, args, { detached: true, stdio: 'ignore' });
  setTimeout(() => child.kill('SIGKILL'), ms);
  return new Promise(resolve => child.once('exit', () => resolve()));
}
