import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { asRoot, privilegeOf } from '../../src/hosts/privilege.js';

const answer = (code: number, uid: number, user: string, stderr = ''): Parameters<typeof privilegeOf>[0] => ({
  code,
  stdout: `${uid}\n${user}\n`,
  stderr,
});

it('is root, goes by sudo, or says why not', () => {
  expect(privilegeOf(answer(0, 0, 'root'), undefined)).toEqual({ is: 'root' });
  expect(privilegeOf(answer(0, 0, 'root'), true)).toEqual({ is: 'sudo' });
  expect(privilegeOf(answer(0, 1000, 'ann'), undefined)).toEqual({ is: 'sudo' });
  expect(privilegeOf(answer(0, 1000, 'ann'), false)).toMatchObject({ is: 'none', user: 'ann' });
  expect(privilegeOf(answer(1, 1000, 'ann', 'sudo: a password is required\n'), undefined)).toEqual({
    is: 'none',
    user: 'ann',
    why: 'sudo: a password is required',
  });
});

it('hands every word through sudo as it is, and the address by which the host was reached', () => {
  const argv = asRoot(['printf', '%s|', 'a b', "c'd", '$e', ''], { is: 'sudo' }, 'tera').map(word =>
    word.replace('sudo -n ', ''),
  );
  const run = (env: Record<string, string>): string =>
    spawnSync(argv[0]!, argv.slice(1), { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } })
      .stdout;
  expect(run({})).toBe("a b|c'd|$e||");
  const show = asRoot(['sh', '-c', 'echo "$SSH_CONNECTION"'], { is: 'sudo' }, 'tera').map(w =>
    w.replace('sudo -n ', ''),
  );
  const env = { PATH: process.env['PATH'], SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' };
  expect(spawnSync(show[0]!, show.slice(1), { encoding: 'utf8', env }).stdout).toBe(
    '192.0.2.1 1 192.0.2.2 22\n',
  );
});

it('refuses where there is no way to become root, naming the rule that would help', () => {
  const none = { is: 'none', user: 'ann', why: 'a password is required' } as const;
  expect(() => asRoot(['true'], none, 'tera')).toThrow(
    expect.objectContaining({
      code: 'host.sudo',
      hint: expect.stringContaining('ann ALL=(root) NOPASSWD: ALL') as string,
    }),
  );
});
