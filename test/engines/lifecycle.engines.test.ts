import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sandboxScripts } from '../../src/tools/index.js';
import { inside, planned, run, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';
import { lanes, report, sandboxOf, type Lane } from './lanes.js';

/** The example with both families on each engine, and on all of them together: up, meddled with, repaired, down. */
const NAME = ownName('lane');
/** The rules of the family that engines before 27 keep none of. */
const IPV6 = 'accept overlay IPv6';
const LAB1 = `${NAME}-lab1`;
const all = lanes();
const together = all.filter(lane => lane.missing === undefined);

const ACCEPTS = ['accept overlay', IPV6];

interface Meddling {
  readonly what: string;
  /** For `sh` on the host. */
  readonly by: string;
  /** Whether its engine is restarted after that. */
  readonly restart?: boolean;
  /**
   * The rules that the plan names; containers that are still starting, and the names in them, may stand beside them. Those for IPv6
   * only where the engine keeps rules of that family.
   */
  readonly named: readonly string[];
}

const meddlings: readonly Meddling[] = [
  { what: 'the engine restarted', by: ':', restart: true, named: [] },
  {
    what: 'a container restarted',
    by: `docker restart -t 0 ${NAME}-shop-web-1`,
    named: [],
  },
  {
    what: 'DOCKER-USER flushed',
    by: 'iptables -F DOCKER-USER; ip6tables -F DOCKER-USER 2>/dev/null || :',
    named: ACCEPTS.map(name => `update ${name}`),
  },
  {
    what: 'raw flushed',
    by: 'iptables -t raw -F; ip6tables -t raw -F',
    named: ACCEPTS.map(name => `update ${name}`),
  },
  {
    what: 'nat flushed and the engine restarted',
    by: 'iptables -t nat -F; ip6tables -t nat -F',
    restart: true,
    named: [],
  },
  {
    what: 'raw and nat flushed and the engine restarted',
    by: 'for ip in ip ip6; do ${ip}tables -t raw -F; ${ip}tables -t nat -F; done',
    restart: true,
    named: ACCEPTS.map(name => `update ${name}`),
  },
  {
    what: "all of iptables flushed, topo's own table deleted and the engine restarted",
    by: `for table in filter nat raw; do iptables -t $table -F; ip6tables -t $table -F; done
         nft list tables | sed -n 's/^table \\(inet topo_.*\\)/delete table \\1/p' | nft -f -`,
    restart: true,
    named: [...ACCEPTS.map(name => `create ${name}`), 'create guard overlay'],
  },
];

describe.each([
  ...all.map(lane => ({ title: lane.name, labs: [lane, lane, lane], missing: lane.missing })),
  {
    title: together.map(lane => lane.name).join(', '),
    labs: [0, 1, 2].map(i => together[i % together.length]!),
    missing: together.length < 2 ? 'there is only one engine' : undefined,
  },
])('engine $title', ({ title, labs, missing }) => {
  describe.skipIf(missing)('is there', () => scenario(title, labs));
});

function scenario(title: string, labs: readonly Lane[]): void {
  let space: Awaited<ReturnType<typeof workspace>>;
  let keepsIpv6: boolean;
  let repaired = 0;
  beforeAll(async () => {
    space = await workspace('dual-stack.yaml', NAME);
    const file = join(space.cwd, 'topo.yaml');
    const text = await readFile(file, 'utf8');
    const onLanes = labs.reduce(
      (all, lane, i) => all.replace(`lab${i + 1}: sandbox`, `lab${i + 1}: ${sandboxOf(lane)}`),
      text,
    );
    await writeFile(file, onLanes);
    const up = await topo(['up'], space);
    expect(up, up.stderr).toMatchObject({ code: 0 });
    keepsIpv6 = (await inside(LAB1, 'ip6tables', '-S', 'DOCKER-USER')).code === 0;
  });

  afterAll(async () => {
    await topo(['down', '-v'], space);
    await space[Symbol.asyncDispose]();
  });

  test('it is up on the engines that were asked for, proves itself and plans nothing more', async () => {
    for (const [i, lane] of labs.entries()) {
      const { stdout } = await inside(
        `${NAME}-lab${i + 1}`,
        'docker',
        'version',
        '-f',
        '{{.Server.Version}}',
      );
      expect(stdout).toContain(lane.version);
    }
    await proven();
    expect(await planned(space)).toEqual([]);
  });

  test.each(meddlings)(
    '$what: the plan names exactly that, and up repairs it',
    async ({ by, restart, named }) => {
      const hand = await inside(LAB1, 'sh', '-ec', by);
      expect(hand, hand.stderr).toMatchObject({ code: 0 });
      if (restart) {
        const restarted = await run(['sh', '-c', sandboxScripts['sandbox']!, 'sandbox', 'engine', LAB1]);
        expect(restarted, restarted.stderr).toMatchObject({ code: 0 });
      }
      const actions = await planned(space);
      expect(actions.filter(a => a.host !== 'lab1' || !a.drift)).toEqual([]);
      const rules = actions.filter(a => !['container', 'names'].includes(a.kind));
      expect(rules.map(a => `${a.verb} ${a.kind} ${a.name}`)).toEqual(
        named.filter(name => keepsIpv6 || !name.endsWith(IPV6)),
      );

      const up = await topo(['up'], space);
      expect(up, up.stderr).toMatchObject({ code: 0 });
      expect(await planned(space)).toEqual([]);
      await proven();
      repaired++;
    },
  );

  test('down leaves nothing on the machine that bears a name, an address or a device of it', async () => {
    const words = (await Promise.all(labs.map((_, i) => wordsOf(`${NAME}-lab${i + 1}`)))).flat();
    expect(mentions(await snapshot(), words)).not.toEqual([]);
    const down = await topo(['down', '-v'], space);
    expect(down, down.stderr).toMatchObject({ code: 0 });
    expect(mentions(await snapshot(), words)).toEqual([]);
    report(title, 'lifecycle', `down without a trace after ${repaired} of ${meddlings.length} repairs`);
  });

  async function proven(): Promise<void> {
    const check = await topo(['check'], space);
    expect(check, check.stdout).toMatchObject({ code: 0 });
  }
}

/** Other sandboxes of the machine come and go meanwhile: only what these were made of is looked for. */
async function wordsOf(sandbox: string): Promise<readonly string[]> {
  const [, address, veth] = (await readFile(`/run/topo/sandbox/${sandbox}/meta`, 'utf8')).split('|');
  return [sandbox, `${address}/`, veth!];
}

function mentions(listing: string, words: readonly string[]): readonly string[] {
  return listing.split('\n').filter(line => words.some(word => line.includes(word)));
}
