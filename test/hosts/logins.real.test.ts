import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TopoError, type Host } from '../../src/core/index.js';
import { openHost, type HostTarget } from '../../src/hosts/index.js';
import { startLoginWorld, type LoginWorld } from '../support/login-world.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { LOGINS, SSHDS } from './logins.js';
import type { LoginRow } from './logins/row.js';

type Way = 'ssh2' | 'openssh';

/** Every way in, on each transport: it works, or one line says what to do; the same line on both, but where one of them can do more. */
describe.skipIf(sandboxesMissing())('a login', () => {
  let sandboxes: TestSandboxes;
  let world: LoginWorld;

  beforeAll(async () => {
    sandboxes = await startSandboxes(1);
    world = await startLoginWorld(sandboxes, SSHDS);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await sandboxes[Symbol.asyncDispose]();
  });

  const rows = LOGINS.flatMap(row => (['ssh2', 'openssh'] as const).map(by => ({ ...row, by })));
  it.each(rows.filter(row => row.alone))('by $by: $situation', enters);
  // Most of them wait for something that is slow on purpose.
  it.concurrent.each(rows.filter(row => !row.alone))('by $by: $situation', enters);

  async function enters(row: LoginRow & { readonly by: Way }): Promise<void> {
    const { expected, by } = row;
    const { own, open } = await prepare(row, by);
    const said = (error: unknown): string => {
      if (!(error instanceof TopoError)) throw error;
      return world.blank(`${error.code}: ${error.message} (${error.hint})`.replaceAll(own, '{own}'));
    };
    const outcome = await (row.use ?? use)(open).then(() => 'works', said);
    expect(outcome.replace('ssh (openssh) ', 'ssh ')).toBe(
      typeof expected === 'string' ? expected : expected[by],
    );
  }

  /** Writes the files of a row into a home of its own, and gives the way to its host. */
  async function prepare(row: LoginRow, by: Way): Promise<{ own: string; open: () => Promise<Host> }> {
    const { sshd = 'plain', config = [], entries = [], known, target } = row;
    const own = await mkdtemp(join(world.home, 'home-'));
    const fill = (text: string): string => world.fill(text.replaceAll('{own}', own));
    const file = known === undefined ? '{home}/.ssh/known_hosts' : '{own}/.ssh/known_hosts';
    const way = ['HostName {address}', `Port {port:${sshd}}`, 'User root'];
    if (!config.some(line => line.startsWith('IdentityFile'))) way.push('IdentityFile {home}/.ssh/right');
    const text = [
      `Host it\n  ${[...config, ...way].join('\n  ')}`,
      ...entries,
      `Host *\n  UserKnownHostsFile ${file}\n  GlobalKnownHostsFile /dev/null\n`,
    ];
    await mkdir(join(own, '.ssh'), { mode: 0o700 });
    await writeFile(join(own, '.ssh', 'config'), fill(text.join('\n')));
    if (known === '{hashed}') await hashed(fill(file));
    else if (known !== undefined) await writeFile(fill(file), fill(known));
    const form = filled(target?.form) ?? { is: 'ssh', address: 'it' };
    const answer = row.passphrase;
    const environment = Object.entries(row.environment ?? {});
    const options = {
      homedir: own,
      environment: {
        PATH: process.env['PATH'],
        ...Object.fromEntries(environment.map(([key, value]) => [key, fill(value)])),
      },
      ...(answer === undefined ? {} : { passphrase: () => Promise.resolve(answer) }),
    };
    const reached = { name: 'tera', acceptNewHostKey: false, transport: by, ...target, form };
    return { own, open: () => openHost(reached, options) };
  }

  function filled(form: HostTarget['form'] | undefined): HostTarget['form'] | undefined {
    if (form?.is !== 'ssh') return form;
    return { ...form, address: world.fill(form.address), port: world.port('plain') };
  }

  async function hashed(file: string): Promise<void> {
    await writeFile(file, world.fill('[{address}]:{port:plain} {key}\n'));
    spawnSync('ssh-keygen', ['-q', '-H', '-f', file]);
  }
});

/** What topo does with any host: commands as the user and as root, with words of all kinds, and calls of the engine. */
async function use(open: () => Promise<Host>): Promise<void> {
  const host = await open();
  try {
    const words = ['a b', "it's", 'c\nd', '$HOME', 'e!f', 'g\\h'];
    const echoed = await host.exec(['printf', '%s|', ...words], { root: false });
    expect(echoed).toEqual({ code: 0, stdout: words.map(word => `${word}|`).join(''), stderr: '' });
    expect(await host.exec(['id', '-u'])).toMatchObject({ code: 0, stdout: '0\n' });
    const version = await host.engine({ via: 'docker', method: 'GET', path: '/version' });
    expect(version).toMatchObject({ status: 200 });
  } finally {
    await host.close();
  }
}
