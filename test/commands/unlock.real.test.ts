import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LOCK_WORDS, lockArgv } from '../../src/tools/index.js';
import { topo, workspace } from '../support/cli.js';

const NAME = `unlock-${process.pid}`;

/** A holder of the lock as another topo would start it, here. */
async function hold(
  token: string,
  how: 'wait' | 'take',
): Promise<{ said: string; ended: Promise<unknown>; end(): void }> {
  const [file = '', ...args] = lockArgv(NAME, 'alon@tera (pid 12)', token, how);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const beat = setInterval(() => child.stdin.write(LOCK_WORDS.alive), 2_000);
  child.stdin.on('error', () => undefined);
  const ended = new Promise(resolve => child.once('close', resolve)).finally(() => clearInterval(beat));
  const said = await new Promise<string>(resolve =>
    child.stdout.once('data', data => resolve(String(data).trim())),
  );
  return { said, ended, end: () => child.stdin.end() };
}

describe.skipIf(process.getuid?.() !== 0)('the lock of a topology', () => {
  test('is taken over by its own token only, and broken by `topo unlock`, which names its holder', async () => {
    await using space = await workspace();
    await writeFile(join(space.cwd, 'topo.yaml'), `name: ${NAME}\nhosts: { here: local }\n`);
    const first = await hold('mine', 'wait');
    expect(first.said).toBe('held');
    expect((await hold('mine', 'wait')).said).toBe('own');
    expect((await hold('other', 'wait')).said).toMatch(/^busy alon@tera \(pid 12\) \d+$/);
    expect((await hold('other', 'take')).said).toMatch(/^busy alon@tera \(pid 12\) \d+$/);
    const second = await hold('mine', 'take');
    expect(second.said).toBe('held');
    await first.ended;

    const asked = await topo(['unlock'], space);
    expect(asked, asked.stderr).toMatchObject({ code: 130 });
    expect(asked.stdout).toMatch(/^here: held by alon@tera \(pid 12\), since \d+ s\nNothing was changed/);
    expect(await topo(['unlock', '--host', 'her', '--yes'], space)).toMatchObject({ code: 3 });
    const broken = await topo(['unlock', '--yes'], space);
    expect(broken, broken.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Broken\.\n$/) as string,
    });
    await second.ended;
    expect(await topo(['unlock'], space)).toMatchObject({ code: 0, stdout: 'No lock is held.\n' });

    const third = await hold('new', 'wait');
    expect(third.said).toBe('held');
    third.end();
    await third.ended;
  });
});
