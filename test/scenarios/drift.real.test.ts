import { afterAll, beforeAll, expect, test } from 'vitest';
import { sandboxScripts } from '../../src/tools/index.js';
import { inside, planned, run, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('drift');
/** The host on which a hand meddles. */
const LAB1 = `${NAME}-lab1`;
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace('quickstart.yaml', NAME);
  const up = await topo(['up'], space);
  expect(up, up.stderr).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

interface Meddling {
  readonly what: string;
  /** For `sh` on the host. */
  readonly by: string;
  /** The actions that the plan names, and no others. */
  readonly named: readonly string[];
}

const WEB = `${NAME}-shop-web-1`;
const device = (...kinds: readonly string[]): readonly string[] =>
  kinds.map(kind => `create ${kind} vxlan1000`);

const meddlings: readonly Meddling[] = [
  {
    what: 'vxlan deleted',
    by: 'ip link del vxlan1000',
    named: device('address', 'fdb', 'neighbour', 'route', 'vxlan'),
  },
  {
    what: 'FDB entry removed',
    by: `peer=$(bridge fdb show dev vxlan1000 | sed -n 's/^00:00:00:00:00:00 dst \\([^ ]*\\).*/\\1/p' | head -1)
         bridge fdb del 00:00:00:00:00:00 dev vxlan1000 dst $peer`,
    named: ['update fdb vxlan1000'],
  },
  { what: 'route removed', by: 'ip route del 172.31.0.0/16', named: ['update route vxlan1000'] },
  { what: 'container stopped', by: `docker stop -t 0 ${WEB}`, named: ['update container shop/web'] },
  { what: 'container removed', by: `docker rm -f ${WEB}`, named: ['create container shop/web'] },
  {
    what: 'network disconnected',
    by: `docker network disconnect -f ${NAME}-shop_internal ${WEB}`,
    named: ['update container shop/web'],
  },
  { what: 'DOCKER-USER flushed', by: 'iptables -F DOCKER-USER', named: ['update accept overlay'] },
  {
    what: 'a RETURN put ahead of our rule',
    by: 'iptables -I DOCKER-USER -j RETURN',
    named: ['update accept overlay'],
  },
  {
    what: "topo's own table deleted",
    by: `nft list tables | sed -n 's/^table \\(inet topo_.*\\)/delete table \\1/p' | nft -f -`,
    named: ['create guard overlay'],
  },
];

test.each(meddlings)(
  '$what: the plan names exactly that as drift, and up repairs exactly that',
  async ({ by, named }) => {
    const hand = await inside(LAB1, 'sh', '-ec', by);
    expect(hand, hand.stderr).toMatchObject({ code: 0 });

    const actions = await planned(space);
    expect(actions.map(a => `${a.verb} ${a.kind} ${a.name}`).sort()).toEqual(named);
    expect(actions.filter(a => !a.drift || !a.cause.startsWith('drifted') || a.host !== 'lab1')).toEqual([]);

    const up = await topo(['up', '--json'], space);
    expect(up, up.stderr).toMatchObject({ code: 0 });
    expect(await planned(space)).toEqual([]);
  },
);

test('nat flushed and the engine restarted: what was lost is named and repaired, and the fabric works', async () => {
  await inside(LAB1, 'iptables', '-t', 'nat', '-F');
  const restarted = await run(['sh', '-c', sandboxScripts['sandbox']!, 'sandbox', 'engine', LAB1]);
  expect(restarted, restarted.stderr).toMatchObject({ code: 0 });
  // restart: unless-stopped brings the container back, with a new hosts file; all else that is ours survives.
  const lost = await planned(space);
  expect(lost).not.toEqual([]);
  for (const action of lost) {
    expect(action).toMatchObject({ host: 'lab1', drift: true });
    expect(['container', 'names']).toContain(action.kind);
  }

  expect(await topo(['up'], space)).toMatchObject({ code: 0 });
  expect(await planned(space)).toEqual([]);
  const check = await topo(['check'], space);
  expect(check, check.stdout).toMatchObject({ code: 0 });
});

test('foreign objects beside ours stay, always', async () => {
  const foreign = [
    'ip link add foreign0 type vxlan id 77 dstport 4790 local 127.0.0.1',
    'ip route add 203.0.113.0/24 dev lo proto 99',
    'iptables -A DOCKER-USER -s 203.0.113.9 -j DROP',
    'nft add table inet foreign',
    'docker network create foreign --subnet 10.99.0.0/24',
    'docker run -d --name foreign topo/busybox sleep 1000',
  ];
  const made = await inside(LAB1, 'sh', '-ec', foreign.join('\n'));
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(await planned(space)).toEqual([]);

  await inside(
    LAB1,
    'sh',
    '-c',
    'ip link del vxlan1000; iptables -F DOCKER-USER; iptables -A DOCKER-USER -s 203.0.113.9 -j DROP',
  );
  expect(await topo(['up'], space)).toMatchObject({ code: 0 });

  const there = await inside(
    LAB1,
    'sh',
    '-ec',
    `ip link show foreign0; ip route show proto 99; iptables -S DOCKER-USER | grep 203; nft list table inet foreign
     docker network inspect foreign; docker inspect -f '{{.State.Running}}' foreign`,
  );
  expect(there, there.stderr).toMatchObject({ code: 0 });
});
