import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TopoError, type Host } from '../../src/core/index.js';
import { openHost, type HostTarget } from '../../src/hosts/index.js';
import { startLoginWorld, type LoginWorld } from '../support/login-world.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { LOGINS, SSHDS } from './logins.js';
import type { LoginRow } from './logins/row.js';

/** Every way in, on each transport: it works, or one line says what to do. */
describe.skipIf(sandboxesMissing()).each(['ssh2'] as const)('by %s', transport => {
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

  it.each(LOGINS)('$situation', async row => {
    const open = await prepare(row);
    const { expected } = row;
    const outcome = await (row.use ?? use)(open).then(() => 'works', said);
    expect(outcome).toBe(typeof expected === 'string' ? expected : expected[transport]);
  });

  /** Writes the files of a row, and gives the way to its host. */
  async function prepare(row: LoginRow): Promise<() => Promise<Host>> {
    const { sshd = 'plain', config = [], entries = [], known, target } = row;
    const file = known === undefined ? 'known_hosts' : 'known_hosts_of_its_own';
    const own = ['HostName {address}', `Port {port:${sshd}}`, 'User root'];
    if (!config.some(line => line.startsWith('IdentityFile'))) own.push('IdentityFile {home}/.ssh/right');
    const text = [
      `Host it\n  ${[...config, ...own].join('\n  ')}`,
      ...entries,
      `Host *\n  UserKnownHostsFile {home}/.ssh/${file}\n  GlobalKnownHostsFile /dev/null\n`,
    ];
    await writeFile(join(world.home, '.ssh', 'config'), world.fill(text.join('\n')));
    if (known === '{hashed}') await hashed(join(world.home, '.ssh', file));
    else if (known !== undefined) await writeFile(join(world.home, '.ssh', file), world.fill(known));
    const form = filled(target?.form) ?? { is: 'ssh', address: 'it' };
    const environment = Object.entries(row.environment ?? {}).map(([k, v]) => [k, world.fill(v)] as const);
    const options = {
      homedir: world.home,
      environment: { PATH: process.env['PATH'], ...Object.fromEntries(environment) },
      ...(row.passphrase === undefined ? {} : { passphrase: () => Promise.resolve(row.passphrase) }),
    };
    return () => openHost({ name: 'tera', acceptNewHostKey: false, transport, ...target, form }, options);
  }

  function filled(form: HostTarget['form'] | undefined): HostTarget['form'] | undefined {
    if (form?.is !== 'ssh') return form;
    return { ...form, address: world.fill(form.address), port: world.port('plain') };
  }

  async function hashed(file: string): Promise<void> {
    await writeFile(file, world.fill('[{address}]:{port:plain} {key}\n'));
    spawnSync('ssh-keygen', ['-q', '-H', '-f', file]);
  }

  function said(error: unknown): string {
    if (!(error instanceof TopoError)) throw error;
    return world.blank(`${error.code}: ${error.message} (${error.hint})`);
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
