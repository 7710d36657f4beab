import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { legacyLanes, makeHosts, nftablesLanes, report, sandboxOf } from './lanes.js';

/** Hosts on which a routed switch can't be opened as they are: the plan says so of each, and what to set. */
const HOSTS = ['lab1', 'lab2', 'lab3'];

test.for([
  {
    lane: nftablesLanes().closed,
    found: 'this engine filters with nftables by itself (table ip docker-bridges)',
    remedy: '"bridge-accept-fwmark": "0x10/0x10"',
  },
  {
    lane: legacyLanes().mixed,
    found: "the engine's are in those of iptables-legacy",
    remedy: 'update-alternatives --config iptables',
  },
])('engine $lane.name is refused with what to set', async ({ lane, found, remedy }, { skip }) => {
  skip(lane.missing !== undefined, lane.missing);
  const name = ownName('refused');
  await using space = await workspace('quickstart.yaml', name);
  const file = join(space.cwd, 'topo.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll(/(lab\d): sandbox/g, `$1: ${sandboxOf(lane)}`));
  try {
    await makeHosts(name, Object.fromEntries(HOSTS.map(host => [host, lane])));
    const plan = await topo(['plan'], space);
    expect(plan).toMatchObject({ code: 1 });
    expect(plan.stderr.split(found)).toHaveLength(HOSTS.length + 1);
    expect(plan.stderr).toContain(remedy);
    report(lane.name, 'refused', 'with what to set');
  } finally {
    await topo(['down', '-v'], space);
  }
});
