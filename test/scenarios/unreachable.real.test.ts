import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside, planned, topo, type Ran, type RunOptions } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';
import { edit, pairWorkspace } from '../support/ssh-topology.js';

const NAME = ownName('unreachable');
const STOP = 'kill "$(cat /run/sshd-2.pid)"; while [ -e /run/sshd-2.pid ]; do sleep 0.1; done';
const START = '$(command -v sshd) -f /run/sshd-2/sshd_config -p 2222 -E /run/log/sshd-2.log';

describe.skipIf(sandboxesMissing() !== undefined)('a host whose sshd is stopped', () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let space: RunOptions;

  beforeAll(async () => {
    sandboxes = await startSandboxes(2);
    hosts = await presentAsSsh(sandboxes, { port: 2222 });
    space = await pairWorkspace(NAME, hosts);
    await expectUp([], 0);
    await two(STOP);
  });
  afterAll(async () => {
    await hosts?.[Symbol.asyncDispose]();
    await sandboxes?.[Symbol.asyncDispose]();
  });

  test('is an error that names its line and the flag', async () => {
    const { stderr } = await expectUp([], 1);
    expect(stderr).toContain(`--> ${join(space.cwd, 'topo.yaml')}:5:3`);
    expect(stderr).toContain('--skip-unreachable');
  });

  test('is left out where that is asked for, and what leads to it stays', async () => {
    const routes = await fabric();
    await edit(space.cwd, { 'stacks.shop.services.web.ports': ['8081:80'] });
    const { stdout, stderr } = await expectUp(['--skip-unreachable'], 4);
    expect(stderr).toContain('warning: two:');
    expect(stdout).toContain(
      "left out: host two, which can't be reached: stack search, its part of switch overlay",
    );
    expect(stdout).toMatch(/^Done: /m);
    expect(await fabric()).toBe(routes);
    const again = await topo(['plan', '--skip-unreachable', '--detailed-exitcode'], space);
    expect(again, again.stdout).toMatchObject({ code: 0 });
  });

  test('that left the file is remembered until it is back, and then cleared', async () => {
    await edit(space.cwd, { 'hosts.two': undefined, 'stacks.search': undefined });
    const { stderr } = await expectUp([], 1);
    expect(stderr).toContain('it is not in the file any more, but topo made something there');
    await expectUp(['--skip-unreachable'], 4);
    expect(await known()).toContain('"two"');

    await two(START);
    await expectUp([], 0);
    expect(await known()).not.toContain('"two"');
    expect(await planned(space)).toEqual([]);
    const { stdout } = await inside(sandboxes.names[1]!, 'docker', 'ps', '-aq');
    expect(stdout).toBe('');
  });

  async function expectUp(flags: readonly string[], code: number): Promise<Ran> {
    const up = await topo(['up', ...flags], space);
    expect(up, `${up.stdout}\n${up.stderr}`).toMatchObject({ code });
    return up;
  }

  async function two(text: string): Promise<void> {
    expect(await inside(sandboxes.names[1]!, 'sh', '-ec', text)).toMatchObject({ code: 0 });
  }

  /** What host one has for its peers. */
  async function fabric(): Promise<string> {
    const show =
      'bridge fdb show dev vxlan1000; ip route show proto 116; ip neigh show dev vxlan1000 nud permanent';
    return (await inside(sandboxes.names[0]!, 'sh', '-c', show)).stdout;
  }

  function known(): Promise<string> {
    return readFile(join(space.cwd, '.topo', `${NAME}.json`), 'utf8');
  }
});
