import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownName } from '../support/own-name.js';

const BIN = new URL('../../bin/run.js', import.meta.url).pathname;
const NAME = ownName('cli');
const directory = mkdtempSync(join(tmpdir(), 'topo-sandbox-'));

function run(
  command: string,
  argv: readonly string[],
): { code: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(command, argv, { cwd: directory, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

const topo = (...argv: string[]): ReturnType<typeof run> => run(process.execPath, [BIN, 'sandbox', ...argv]);

beforeAll(() => void topo('down', NAME));
afterAll(() => {
  topo('down', NAME);
  rmSync(directory, { recursive: true });
});

/** An independent sandbox comes up, is let into by plain ssh, comes up again as it is, and goes without a trace. */
test('sandbox up, ls, ssh-config, down', () => {
  expect(topo('up', NAME, '--json')).toMatchObject({ code: 0 });
  const again = topo('up', NAME, '--json');
  expect(JSON.parse(again.stdout)).toMatchObject([{ name: NAME, topology: '', running: true, problems: [] }]);
  expect(topo('ls').stdout).toMatch(new RegExp(`^${NAME} +198\\.18\\.\\S+ +running`, 'm'));

  const config = topo('ssh-config', NAME).stdout;
  writeFileSync(join(directory, 'config'), config);
  expect(run('ssh', ['-F', join(directory, 'config'), NAME, 'hostname'])).toMatchObject({
    code: 0,
    stdout: `${NAME}\n`,
  });

  expect(topo('down', NAME)).toMatchObject({ code: 0, stdout: `Removed: ${NAME}\n` });
  expect(existsSync(`/run/topo/sandbox/${NAME}`)).toBe(false);
  expect(topo('down', NAME)).toMatchObject({ code: 1, stdout: '' });
});

test('a name that cannot be one is refused before anything is made', () => {
  const ran = topo('up', 'fine-name', 'Not_One');
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('"Not_One"');
  expect(topo('ls').stdout).not.toContain('fine-name');
});
