import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { topo, workspace, type Ran } from '../support/cli.js';
import { costPer, inWords, nothingToDo } from '../support/cost.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing } from '../support/sandboxes.js';
import { snapshot } from '../support/snapshot.js';

const NAME = ownName('clos');
/** 4 + 98 + 98 containers, 4 × 98 + 98 links, half of those between routers across hosts. */
const LARGE = { spines: 4, leaves: 98, containers: 200, links: 490 };
const SMALL = { spines: 2, leaves: 2 };

describe.skipIf(sandboxesMissing() !== undefined)('a clos fabric of `topo generate` on two hosts', () => {
  test(`${LARGE.containers} containers with ${LARGE.links} links come up and go down clean; a second \`up\` asks as often as of 6 with 6`, async () => {
    await using space = await workspace();
    const before = await snapshot();
    const done = async (...args: readonly string[]): Promise<Ran> => {
      const ran = await topo(args, space);
      expect(ran, `topo ${args.join(' ')}\n${ran.stdout.slice(-2000)}\n${ran.stderr}`).toMatchObject({
        code: 0,
      });
      return ran;
    };
    const generate = async ({ spines, leaves }: { spines: number; leaves: number }): Promise<void> => {
      await rm(join(space.cwd, 'topo.yaml'), { force: true });
      const size = ['--spines', `${spines}`, '--leaves', `${leaves}`, '--hosts-per-leaf', '1'];
      await done('generate', 'clos', '--name', NAME, ...size, '-o', 'topo.yaml');
    };

    await generate(SMALL);
    await done('up', '--yes');
    const small = nothingToDo(await done('up', '--yes', '--json'));

    await generate(LARGE);
    const up = await costPer(LARGE.containers, () => done('up', '--yes'));
    expect(nothingToDo(await done('up', '--yes', '--json'))).toEqual(small);
    await done('check');

    const down = await costPer(LARGE.containers, () => done('down', '-v'));
    expect(await snapshot()).toBe(before);
    process.stdout.write(`per container: up ${inWords(up)}; down ${inWords(down)}\n`);
  });
});
