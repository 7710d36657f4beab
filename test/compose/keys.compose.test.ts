import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMPOSE } from './engine.js';
import { keyPaths } from './specification.js';

test('the keys of the Compose specification are those that are recorded', async () => {
  const module = readFileSync(`${COMPOSE}compose-go`, 'utf8').trim();
  const schema = readFileSync(`${module}/schema/compose-spec.json`, 'utf8');
  const paths = keyPaths(JSON.parse(schema) as Record<string, unknown>);
  await expect(`${paths.join('\n')}\n`).toMatchFileSnapshot('../golden/compose/keys.txt');
});
