import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulatorMissing } from '../fakes/vpp/emulator.js';
import { startTestVpp, type TestVpp } from '../fakes/vpp/test-vpp.js';
import { entering, inside, planned, topo, workspace, type RunOptions } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { snapshot } from '../support/snapshot.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';
import { HOSTS, type HostAlias, type Station } from './any-to-any/row.js';
import { parseSpeech, serve, speak, CHECKSUM } from './any-to-any/speak.js';
import { rows, topologyOf } from './any-to-any/table.js';

const NAME = ownName('any');
const ROWS = rows();
const SPEAKING = ROWS.map((row, n) => ({ ...row, n })).filter(row => !row.isMute);

/** What any kind of end can be linked with, all at once: one `up`, whose links are then spoken over one by one. */
describe.skipIf(sandboxesMissing() ?? emulatorMissing())('any to any', () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let vpps: readonly TestVpp[];
  let space: RunOptions & AsyncDisposable;
  let before: readonly string[];
  let said: ReadonlyMap<number, string>;

  beforeAll(async () => {
    sandboxes = await startSandboxes(2);
    hosts = await presentAsSsh(sandboxes);
    space = { ...(await workspace()), env: { HOME: hosts.home } };
    vpps = await Promise.all(
      sandboxes.names.map(async name => startTestVpp({ enter: await entering(name) })),
    );
    await writeFile(join(space.cwd, 'topo.yaml'), topologyOf(NAME, ROWS, vpps[0]!.calledBy));
    await onEach(host => {
      const own = ROWS.flatMap(row => row.ends).filter(({ station }) => station.host === host);
      return ['ip netns add near; ip netns add far', ...own.flatMap(end => end.before ?? [])].join('\n');
    });
    before = await look();
    const up = await topo(['up'], space);
    expect(up.code, up.stdout + up.stderr).toBe(0);
    said = await speakAll();
  }, 600_000);
  afterAll(async () => {
    await space?.[Symbol.asyncDispose]();
    await Promise.all((vpps ?? []).map(vpp => vpp[Symbol.asyncDispose]()));
    await hosts?.[Symbol.asyncDispose]();
    await sandboxes?.[Symbol.asyncDispose]();
  });

  /** A ping that may not be fragmented goes through at the full MTU, and 20 MB arrive as they were sent. */
  test.each(SPEAKING)('$title', ({ mtu, n }) => {
    expect(said.get(n)).toBe(`pinged with ${mtu}, ${CHECKSUM}`);
  });

  test('a second plan is empty', async () => {
    expect(await planned(space)).toEqual([]);
  });

  test('down leaves nothing, and the hosts their own devices as they were', async () => {
    const down = await topo(['down'], space);
    expect(down.code, down.stdout + down.stderr).toBe(0);
    expect(await look()).toEqual(before);
  });

  async function speakAll(): Promise<ReadonlyMap<number, string>> {
    await onEach(host =>
      serve((['container', 'outside'] as const).map(is => pathOf({ host, side: 'far', is }))),
    );
    const all = SPEAKING.map(({ ends: [{ station }], address, mtu, n }) => ({
      host: station.host,
      speech: { number: n, netns: pathOf(station), address, mtu },
    }));
    const said = await onEach(host => speak(all.filter(s => s.host === host).map(s => s.speech)));
    return parseSpeech(said.join(''));
  }

  /** Runs what a hand on each host would, on both at the same time; gives what they wrote. */
  function onEach(script: (host: HostAlias) => string): Promise<readonly string[]> {
    return Promise.all(
      HOSTS.map(async (host, n) => {
        const ran = await inside(sandboxes.names[n]!, 'sh', '-ec', script(host));
        if (ran.code !== 0) throw new Error(`${host}: ${ran.code}: ${ran.stdout}${ran.stderr}`);
        return ran.stdout;
      }),
    );
  }

  async function look(): Promise<readonly string[]> {
    const kernels = sandboxes.names.map(async name => snapshot(await entering(name)));
    const shown = vpps.flatMap(vpp =>
      ['show interface addr', 'show bridge-domain'].map(async command => (await vpp.ask(command)).stdout),
    );
    return Promise.all([...kernels, ...shown]);
  }
});

/** The namespace that a station is in, for a shell on its host. */
function pathOf({ host, side, is }: Station): string {
  if (is === 'outside') return `/run/netns/${side}`;
  return `$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${NAME}-${host}-${side}-1)`;
}
