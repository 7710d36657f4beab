import { expect, test } from 'vitest';
import { memoryProofs } from '../../src/app/prove-memory.js';
import type { InsideVpp } from '../../src/core/index.js';
import { memifName } from '../../src/tools/index.js';
import { changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { vppInterface, vppWith } from '../fakes/vpp-state.js';

const topology = resolved(`name: lab
hosts: { a: ssh://a }
switches: { fast: { kind: vpp, host: a } }
stacks:
  s: { host: a, services: { cnf: { image: i, userspace: {}, interfaces: [{ switch: fast, via: memif }] }, app: { image: i, userspace: {} } } }
links: [{ ends: [s/cnf, s/app], via: memif }]
`);

const names = topology.links.map(({ ends }) => {
  const [own] = ends.flatMap(end => (end.is === 'service' && end.shared ? [end.shared.number] : []));
  return memifName(own!);
});

/** What is said of a link's two ends, each with whether it is connected; undefined: that VPP is not to be asked. */
function said(
  n: number,
  host: boolean | undefined,
  ...inside: readonly (boolean | undefined)[]
): readonly string[] {
  const end = (connected: boolean | undefined) =>
    connected === undefined ? [] : [{ ...vppInterface(names[n]!, 5), connected }];
  const running = changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, vpp: { is: 'running', version: 'v25.10-release', pid: 1 } },
    inventory: { ...view.inventory, vpp: vppWith([]) },
  }));
  const { plan, resources, mtuOf } = decided(topology, running);
  const world = changed(running, view => {
    const insideVpps = inside.map((one, i): [string, InsideVpp] => [`c${i}`, { interfaces: end(one) }]);
    const vpp = { ...vppWith([]), interfaces: end(host) };
    return { ...view, inventory: { ...view.inventory, vpp, insideVpps: Object.fromEntries(insideVpps) } };
  });
  const about = { resolved: topology, unfinished: [], resources, world, mtuOf, links: undefined as never };
  const proofs = memoryProofs({ ...about, plan: plan! }, link => link !== topology.links[n]);
  return proofs.map(
    p => `${p.ok ? 'ok' : p.untried ? 'untried' : 'failed'}: ${p.from} → ${p.to}: ${p.detail.slice(0, 32)}`,
  );
}

test.each([
  [0, true, [undefined], 'ok: s/cnf:eth1 → fast: '],
  [0, false, [false], 'failed: s/cnf:eth1 → fast: both ends are up and have not co'],
  [0, false, [undefined], 'untried: s/cnf:eth1 → fast: the other end has not come to me'],
  [0, undefined, [], 'untried: s/cnf:eth1 → fast: no VPP of it could be asked: vpp'],
  [1, undefined, [true, true], 'ok: s/cnf:eth2 → s/app:eth1: '],
  [1, undefined, [false, false], 'failed: s/cnf:eth2 → s/app:eth1: both ends are up and have not co'],
])('link %d whose ends at the host and in containers are connected %j and %j', (n, host, inside, line) => {
  expect(said(n, host, ...inside)).toEqual([line]);
});
