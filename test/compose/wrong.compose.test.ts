import { expect, test } from 'vitest';
import { run } from '../support/cli.js';
import { COMPOSE } from './engine.js';
import { WRONG, wrongFiles } from './wrong.js';

test('what docker compose says of wrong files is what is recorded', async () => {
  const said = await Promise.all(wrongFiles().map(async name => [name, await saidOf(name)] as const));
  const text = JSON.stringify(Object.fromEntries(said), undefined, 1);
  await expect(`${text}\n`).toMatchFileSnapshot('../golden/compose/wrong.json');
});

/** Without a variable but what every shell has; a directory of ours is `<directory>`. */
async function saidOf(name: string): Promise<string> {
  const cwd = new URL(`${name}/`, WRONG).pathname;
  const environment = ['env', '-i', 'HOME=/nonexistent', 'PATH=/usr/bin:/bin'];
  const argv = ['docker-compose', '-p', 'wrong', '-f', 'compose.yaml', 'config', '-q'];
  const { stderr } = await run([...environment, COMPOSE + argv[0]!, ...argv.slice(1)], { cwd });
  const said = stderr.replaceAll(cwd, '').replaceAll(cwd.slice(0, -1), '<directory>').trim();
  // Of two services called a and b that are in each other's way it names either one.
  const isEither = /^(services\.[ab]:|Circular|dependency cycle)/.test(said);
  const other = said.replaceAll(/\b[ab]\b(?= in | ->|:|$)/gm, letter => (letter === 'a' ? 'b' : 'a'));
  return isEither && other < said ? other : said;
}
