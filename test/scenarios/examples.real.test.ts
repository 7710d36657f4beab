import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

const examples = readdirSync(new URL('../../topologies', import.meta.url)).filter(f => f.endsWith('.yaml'));

test.each(examples)('%s comes up, proves itself, plans nothing more, and leaves nothing', async example => {
  await using space = await workspace(example, ownName('example'));
  const before = await snapshot();

  const up = await topo(['up'], space);
  expect(up, up.stderr).toMatchObject({ code: 0 });

  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });

  expect(await topo(['plan', '--detailed-exitcode'], space)).toMatchObject({ code: 0 });
  const again = await topo(['up'], space);
  expect(again, again.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No changes') as string,
  });

  const down = await topo(['down', '-v'], space);
  expect(down, down.stderr).toMatchObject({ code: 0 });
  expect(await snapshot()).toBe(before);
});
