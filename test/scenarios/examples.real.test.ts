import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { topo, workspace } from '../support/cli.js';
import { netemMissing } from '../support/netem.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

const all = readdirSync(new URL('../../topologies', import.meta.url)).filter(f => f.endsWith('.yaml'));
const why = netemMissing();
const examples = all.filter(example => why === undefined || example !== 'lossy-wan.yaml');

test.skipIf(why === undefined)(
  `lossy-wan.yaml is not brought up, for ${why}: it is refused with that`,
  async () => {
    await using space = await workspace('lossy-wan.yaml', ownName('example'));
    const up = await topo(['up'], space);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(
      /host (west|east) .* has no netem, by which delay, jitter, loss, rate would be done/,
    );
  },
);

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
