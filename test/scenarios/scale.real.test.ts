import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside, topo, workspace, type Ran } from '../support/cli.js';
import { costPer, inWords, nothingToDo } from '../support/cost.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing } from '../support/sandboxes.js';

/** Fifty stacks, then two hundred, on the same three hosts; every stack is a service that sleeps, on one switch. */

const NAME = ownName('scale');
const LABS = ['lab1', 'lab2', 'lab3'] as const;
const PAIRS = 500;
/** The default of a switch on Ethernet, less the headers of IPv4 and ICMP. */
const FULL = 1450 - 28;

describe.skipIf(sandboxesMissing() !== undefined)('scale', () => {
  let space: Awaited<ReturnType<typeof workspace>>;

  beforeAll(async () => {
    space = await workspace();
    await upTo(3); // the hosts, their images and all that comes once
  });
  afterAll(async () => {
    await topo(['down', '-v'], space);
    await space[Symbol.asyncDispose]();
  });

  const done = async (...args: readonly string[]): Promise<Ran> => {
    const ran = await topo(args, space);
    expect(ran, `topo ${args.join(' ')}\n${ran.stdout.slice(-2000)}\n${ran.stderr}`).toMatchObject({
      code: 0,
    });
    return ran;
  };
  const upTo = async (stacks: number): Promise<void> => {
    await writeFile(join(space.cwd, 'topo.yaml'), topology(stacks));
    await done('up', '--yes');
  };

  test('200 stacks cost no more per stack than 50 do, and an `up` that has nothing to do asks as often', async () => {
    const to50 = await costPer(47, () => upTo(50));
    const second50 = await nothingToDo(await done('up', '--json'));
    expect(await unreached(PAIRS, 50)).toEqual([]);

    const to200 = await costPer(150, () => upTo(200));
    const second200 = await nothingToDo(await done('up', '--json'));
    expect(await unreached(PAIRS, 200)).toEqual([]);

    process.stdout.write(`per stack, up to 50: ${inWords(to50)}; from there to 200: ${inWords(to200)}\n`);
    expect(second200).toEqual(second50);
    // Waiting is of the machine and of what else runs on it; the work that was done is not.
    expect(to200.cpu / to50.cpu).toBeLessThan(1.5);
  });

  /** Which of so many pairs of stacks, picked by a fixed seed, don't reach each other at the full MTU. */
  async function unreached(pairs: number, stacks: number): Promise<readonly string[]> {
    const status = JSON.parse((await done('ps', '--json')).stdout) as Status;
    const ends = status.hosts.flatMap(h => h.containers.map(c => ({ ...c, host: h.host })));
    expect(ends).toHaveLength(stacks);
    const pick = random(stacks);
    const picked = Array.from({ length: pairs }, () => {
      const from = Math.floor(pick() * stacks);
      const to = (from + 1 + Math.floor(pick() * (stacks - 1))) % stacks;
      return { from: ends[from]!, to: ends[to]! };
    });
    const answers = await Promise.all(
      LABS.map(lab => {
        const own = picked.filter(p => p.from.host === lab);
        return inside(
          `${NAME}-${lab}`,
          ...['sh', '-c', PING, 'sh', String(FULL)],
          ...own.flatMap(p => [p.from.container, p.to.addresses[0]!]),
        );
      }),
    );
    const said = answers.flatMap(a => a.stdout.split('\n').filter(line => line !== ''));
    expect(said, answers.map(a => a.stderr).join('')).toHaveLength(pairs);
    return said.filter(line => !line.startsWith('ok '));
  }
});

interface Status {
  readonly hosts: readonly {
    readonly host: string;
    readonly containers: readonly { readonly container: string; readonly addresses: readonly string[] }[];
  }[];
}

/** Bytes, then containers and whom each is to reach; a line each. */
const PING = `bytes=$1; shift
docker ps -q | xargs docker inspect -f '{{.Name}} {{.NetworkSettings.SandboxKey}}' >/run/keys
while [ $# -gt 0 ]; do
  key=$(sed -n "s#^/$1 ##p" /run/keys)
  nsenter --net="$key" ping -n -q -c1 -W10 -M do -s "$bytes" "$2" >/dev/null && echo "ok $1 $2" || echo "lost $1 $2"
  shift 2
done`;

function topology(stacks: number): string {
  const lines = Array.from({ length: stacks }, (_, i) => {
    const network = `networks: { net: { subnet: 172.20.${i}.0/24, fabric: overlay } }`;
    return `  s${i}: { host: ${LABS[i % 3]}, ${network}, services: { v: *sleeps } }`;
  });
  return `name: ${NAME}
x-sleeps: &sleeps { image: topo/busybox, networks: [net], command: [sh, -c, 'trap exit TERM; sleep 9999 & wait'] }
hosts: { lab1: sandbox, lab2: sandbox, lab3: sandbox }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: 10.1.0.0/16 } }
stacks:
${lines.join('\n')}
`;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
