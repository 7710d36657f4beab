import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planned, topo, workspace, type Ran, type RunOptions } from '../support/cli.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { snapshot } from '../support/snapshot.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';
import { edit, sshWorkspace } from '../support/ssh-topology.js';

const NAME = 'ssh-hosts';

describe.skipIf(sandboxesMissing() !== undefined)('hosts that topo did not make', () => {
  let sandboxes: TestSandboxes;
  beforeAll(async () => {
    sandboxes = await startSandboxes(3);
  });
  afterAll(() => sandboxes?.[Symbol.asyncDispose]());

  test.each([
    { user: 'root', way: 'straight' },
    { user: 'operator', way: 'all but the first through the first' },
  ] as const)(
    'as $user, $way: the quick start comes up, proves itself, plans nothing more in a fixed number of round trips, and leaves nothing',
    async ({ user }) => {
      await using stage = await stageOf(sandboxes, user);
      const { space, before, look } = stage;
      await done(['up'], space);
      await done(['check'], space);
      await done(['plan', '--detailed-exitcode'], space);

      // Lock and reading; the engine's version and four lists. Who is not root is asked for his rights, and the socket's.
      const trips = { exec: user === 'root' ? 2 : 4, engine: 6 };
      expect(tripsOf(await done(['up', '--json'], space))).toEqual({ lab1: trips, lab2: trips, lab3: trips });

      await done(['down', '-v'], space);
      expect(await look()).toEqual(before);
    },
  );

  test('without the file and any memory of it, one host leads to the others, and nothing is left', async () => {
    await using stage = await stageOf(sandboxes, 'root');
    const { space, before, look } = stage;
    await done(['up'], space);

    await using elsewhere = await workspace();
    await done(['down', '--name', NAME, '--host', 'ssh://one', '-v'], { ...space, cwd: elsewhere.cwd });
    expect(await look()).toEqual(before);
  });

  test('a stack that leaves the file gives exactly its deletes, and its host can go then without a trace', async () => {
    await using stage = await stageOf(sandboxes, 'root');
    const { space, before, look } = stage;
    await done(['up'], space);

    await edit(space.cwd, { 'stacks.search': undefined, checks: undefined });
    const actions = await planned(space);
    expect(
      actions
        .filter(a => a.host === 'lab2')
        .map(said)
        .sort(),
    ).toEqual([
      'delete accept: no longer in the topology',
      'delete container: no longer in the topology',
      'delete guard: no longer in the topology',
      'delete network: no longer in the topology',
      'delete vxlan: no longer in the topology',
    ]);
    const peer = ['update fdb', 'update guard', 'update neighbour', 'update route'];
    for (const lab of ['lab1', 'lab3'])
      expect(
        actions
          .filter(a => a.host === lab)
          .map(a => `${a.verb} ${a.kind}`)
          .sort(),
      ).toEqual(peer);
    await done(['up'], space);

    await edit(space.cwd, { 'hosts.lab2': undefined });
    await done(['up'], space);
    expect((await look())['two']).toEqual(before['two']);
  });

  test('a host that leaves the file together with its stack: what was made there goes too', async () => {
    await using stage = await stageOf(sandboxes, 'root');
    const { space, before, look } = stage;
    await done(['up'], space);

    await edit(space.cwd, { 'stacks.search': undefined, 'hosts.lab2': undefined, checks: undefined });
    await done(['up'], space);
    expect((await look())['two']).toEqual(before['two']);
    expect(await planned(space)).toEqual([]);

    await done(['down', '-v'], space);
    expect(await look()).toEqual(before);
    await expect(access(join(space.cwd, '.topo'))).rejects.toThrow('ENOENT');
  });
});

interface Stage extends AsyncDisposable {
  readonly space: RunOptions;
  readonly before: Snapshots;
  readonly look: () => Promise<Snapshots>;
}

/** All that is on every host, by alias, as lines. */
type Snapshots = Readonly<Record<string, readonly string[]>>;

/** The sandboxes as foreign hosts, and how they were before. Taken down at the end whatever the test came to. */
async function stageOf(sandboxes: TestSandboxes, user: 'root' | 'operator'): Promise<Stage> {
  const hosts = await presentAsSsh(sandboxes, { user, jump: user === 'operator' });
  const space = await sshWorkspace(NAME, hosts);
  const look = (): Promise<Snapshots> => lookAt(hosts, user);
  return {
    space,
    before: await look(),
    look,
    async [Symbol.asyncDispose]() {
      await topo(['down', '-v'], space);
      await Promise.all([space[Symbol.asyncDispose](), hosts[Symbol.asyncDispose]()]);
    },
  };
}

async function lookAt({ aliases, reach }: SshHosts, user: string): Promise<Snapshots> {
  const sudo = user === 'root' ? [] : ['sudo', '-n'];
  const lines = async (alias: string): Promise<readonly [string, readonly string[]]> => [
    alias,
    (await snapshot([...reach(alias), ...sudo])).split('\n'),
  ];
  return Object.fromEntries(await Promise.all(aliases.map(lines)));
}

async function done(args: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = await topo(args, { killAfter: 60_000, ...options });
  expect(ran, `topo ${args.join(' ')}\n${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
  return ran;
}

/** How often each host was asked, as the report on the last line of `--json` has it. */
function tripsOf({ stdout }: Ran): unknown {
  return (JSON.parse(stdout.trim().split('\n').at(-1)!) as { trips: unknown }).trips;
}

function said({ verb, kind, cause }: { verb: string; kind: string; cause: string }): string {
  return `${verb} ${kind}: ${cause}`;
}
