import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases } from './cases.js';
import { compose } from './compose.js';
import { COMPOSE_VERSION, lab, type Lab } from './engine.js';
import { ownFields } from './fields.js';
import { normalised } from './normalise.js';
import { must, objectsOf, wipe, type Objects } from './objects.js';
import { plainObjects } from './plain.js';

let here: Lab;
let plain: Objects;

beforeAll(async () => {
  here = await lab();
  await wipe(here.sandbox);
  plain = await plainObjects(here.sandbox);
});
afterAll(async () => {
  await here[Symbol.asyncDispose]();
});

test('the recorded is of this engine and this docker compose', async () => {
  const engine = (await must(here.sandbox, 'docker', 'version', '-f', '{{.Server.Version}}')).trim();
  const what = JSON.stringify({ engine, compose: COMPOSE_VERSION }, undefined, 1);
  await expect(`${what}\n`).toMatchFileSnapshot('../golden/compose/recorded-with.json');
});

describe('what docker compose makes of a file is what is recorded', () => {
  test.each(cases())('$name', async one => {
    await wipe(here.sandbox);
    for (const argv of one.before) await must(here.sandbox, 'docker', ...argv);
    const up = await compose(here, one, 'up', '-d');
    expect(up.code, `${up.stdout}\n${up.stderr}`).toBe(0);
    const made = normalised(
      await objectsOf(here.sandbox, one.project),
      join(here.cwd, one.name),
      here.sandbox,
    );
    const text = JSON.stringify(ownFields(made, plain), undefined, 1);
    await expect(`${text}\n`).toMatchFileSnapshot(`../golden/compose/objects/${one.name}.json`);
  });
});
