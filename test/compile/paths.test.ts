import { expect, test } from 'vitest';
import { unmeasuredPaths } from '../../src/compile/index.js';
import type { HostView, PathMtu } from '../../src/core/index.js';
import { appliedWorld, changed, freshWorld, resolved } from '../fakes/scene.js';
import { route, type HostOptions } from '../fakes/hosts.js';

const text = (hosts: string, mtu = ''): string => `name: lab
hosts: { ${hosts} }
switches: { overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24${mtu} } }
stacks:
  shop: { host: a, networks: { net: { subnet: 172.30.0.0/16, fabric: overlay } }, services: { web: { image: i, networks: [net] } } }
  db: { host: b, networks: { net: { subnet: 172.31.0.0/16, fabric: overlay } }, services: { pg: { image: i, networks: [net] } } }
`;
const SSH = 'a: ssh://a, b: ssh://b';

const A_TO_B: PathMtu = { from: '192.0.2.1', to: '192.0.2.2', most: 1500, carries: 1400 };
const B_TO_A: PathMtu = { from: '192.0.2.2', to: '192.0.2.1', most: 1500, carries: 1500 };
const KNOWN = { a: [A_TO_B], b: [B_TO_A] };

interface Case {
  readonly file?: string;
  readonly hosts?: Readonly<Record<string, HostOptions>>;
  /** Whether the topology was applied. */
  readonly applied?: boolean;
  readonly known?: Readonly<Record<string, readonly PathMtu[]>>;
  readonly then?: (view: HostView) => HostView;
}

/** `from to bytes` of each path that is to be measured. */
function measured({ file = text(SSH), hosts = {}, applied, known = {}, then = v => v }: Case): string[] {
  const topology = resolved(file);
  const fresh = freshWorld(topology, hosts);
  const world = changed(applied ? appliedWorld(resolved(text(SSH)), fresh) : fresh, view =>
    then({ ...view, inventory: { ...view.inventory, paths: known[view.host] ?? [] } }),
  );
  return unmeasuredPaths(topology, world.views).map(p => `${p.host} ${p.from} ${p.to} ${p.bytes}`);
}

const BOTH = ['a 192.0.2.1 192.0.2.2 1500', 'b 192.0.2.2 192.0.2.1 1500'];

test('before the first `up` all paths between the hosts of a switch are measured, at what both ends let through', () => {
  expect(measured({})).toEqual(BOTH);
  expect(measured({ hosts: { a: { mtu: 9000 } } })).toEqual(BOTH);
});

test("a route's own MTU counts where it is smaller than its device's", () => {
  const routes = [route('192.0.2.0/24', { dev: 'eth0', source: '192.0.2.1', mtu: 1420 })];
  expect(measured({ hosts: { a: { inventory: { routes } } } })).toEqual(
    BOTH.map(p => p.replace('1500', '1420')),
  );
});

test('what is known is not measured again while nothing changes', () => {
  expect(measured({ applied: true, known: KNOWN })).toEqual([]);
  expect(measured({ applied: true, known: { a: KNOWN.a } })).toEqual([BOTH[1]]);
  const silent = { ...A_TO_B, carries: undefined, why: 'no reply' };
  const { carries: _, ...unanswered } = silent;
  expect(measured({ applied: true, known: { ...KNOWN, a: [unanswered] } })).toEqual([]);
});

test('what is known counts no more once an end lets other sizes through', () => {
  expect(measured({ applied: true, known: KNOWN, hosts: { a: { mtu: 1480 } } })).toEqual(
    BOTH.map(p => p.replace('1500', '1480')),
  );
});

test('a device that is to be made has the paths of its host measured anew', () => {
  const without = (view: HostView): HostView => ({
    ...view,
    inventory: { ...view.inventory, links: view.inventory.links.filter(l => l.kind !== 'vxlan') },
  });
  expect(measured({ applied: true, known: KNOWN, then: v => (v.host === 'b' ? without(v) : v) })).toEqual(
    BOTH,
  );
});

test('a path that is too small for what the file asks for may have grown', () => {
  const asking = (mtu: number): string[] =>
    measured({ file: text(SSH, `, mtu: ${mtu}`), applied: true, known: KNOWN });
  expect(asking(1350)).toEqual([]);
  expect(asking(1351)).toEqual([BOTH[0]]);
  expect(asking(1451)).toEqual(BOTH);
});

test('the path of a host that is still to be made is not measured', () => {
  expect(measured({ file: text('a: sandbox, b: sandbox') })).toEqual([]);
  expect(measured({ file: text('a: ssh://a, b: sandbox') })).toEqual([]);
});
