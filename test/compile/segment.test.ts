import { expect, test } from 'vitest';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';

const text = (more = '', links = '', last = 'b'): string => `name: lab
hosts: { a: ssh://a, b: ssh://b, c: ssh://c }
switches: { wide: { kind: vxlan, vni: 7, mode: l2, hosts: [a, b, c], subnet: [10.9.0.0/24, 'fd00::/64']${more} } }
stacks:
  s: { host: a, services: { x: { image: i, interfaces: [{ switch: wide, mac: '02:00:00:00:00:01', ip: [10.9.0.1, 'fd00::1'] }] } } }
  t: { host: b, services: { y: { image: i, interfaces: [{ switch: wide, mac: '02:00:00:00:00:02', ip: 10.9.0.2 }] } } }
  u: { host: ${last}, services: { z: { image: i, interfaces: [{ switch: wide, mac: '02:00:00:00:00:03', ip: none }] } } }
links: [${links}]
`;

/** What the programs are told on a host, of the kinds that a segment's tables are. */
function told(
  host: string,
  topology: ReturnType<typeof resolved>,
  before?: ReturnType<typeof resolved>,
): readonly string[] {
  const fresh = freshWorld(topology);
  const { plan, diagnostics } = decided(topology, before ? appliedWorld(before, fresh) : fresh);
  expect(diagnostics).toEqual([]);
  return plan!.actions
    .filter(a => a.host === host && ['fdb', 'neighbour', 'vxlan'].includes(a.kind))
    .flatMap(a => a.steps)
    .flatMap(step => ('stdin' in step && step.stdin !== undefined ? step.stdin.trimEnd().split('\n') : []));
}

const FLOOD_B = 'fdb append 00:00:00:00:00:00 dev vxlan7 dst 192.0.2.2';
const FLOOD_C = 'fdb append 00:00:00:00:00:00 dev vxlan7 dst 192.0.2.3';
const neighbours = (device: string): readonly string[] => [
  `neighbour replace 10.9.0.1 lladdr 02:00:00:00:00:01 dev ${device} nud permanent`,
  `neighbour replace fd00::1 lladdr 02:00:00:00:00:01 dev ${device} nud permanent`,
  `neighbour replace 10.9.0.2 lladdr 02:00:00:00:00:02 dev ${device} nud permanent`,
];
const BRIDGE = /dev (t[a-z2-7]{10}) nud/;

test('declared MACs are behind their hosts, declared addresses are answered, the rest is flooded', () => {
  const lines = told('a', resolved(text()));
  const bridge = BRIDGE.exec(lines.join('\n'))![1]!;
  expect(lines).toEqual([
    expect.stringMatching(/^link set dev vxlan7 alias /),
    'link set dev vxlan7 mtu 1450',
    expect.stringMatching(/^link set dev vxlan7 address /),
    `link set dev vxlan7 master ${bridge}`,
    'link set dev vxlan7 type bridge_slave neigh_suppress on',
    'link set dev vxlan7 type vxlan learning',
    'link set dev vxlan7 type bridge_slave learning on',
    'link set dev vxlan7 up',
    FLOOD_B,
    FLOOD_C,
    'fdb replace 02:00:00:00:00:02 dev vxlan7 dst 192.0.2.2',
    'fdb replace 02:00:00:00:00:03 dev vxlan7 dst 192.0.2.2',
    'fdb replace 02:00:00:00:00:02 dev vxlan7 master static',
    'fdb replace 02:00:00:00:00:03 dev vxlan7 master static',
    ...neighbours(bridge),
  ]);
});

test('flood: false takes the all-zero entries away and turns learning off, in place', () => {
  expect(told('a', resolved(text(', flood: false')), resolved(text()))).toEqual([
    'link set dev vxlan7 type vxlan nolearning',
    'link set dev vxlan7 type bridge_slave learning off',
    'fdb del 00:00:00:00:00:00 dev vxlan7 dst 192.0.2.2',
    'fdb del 00:00:00:00:00:00 dev vxlan7 dst 192.0.2.3',
    'fdb replace 02:00:00:00:00:02 dev vxlan7 dst 192.0.2.2',
    'fdb replace 02:00:00:00:00:03 dev vxlan7 dst 192.0.2.2',
    'fdb replace 02:00:00:00:00:02 dev vxlan7 master static',
    'fdb replace 02:00:00:00:00:03 dev vxlan7 master static',
  ]);
});

test('what moves to another host is found there, and what does not is said nothing of', () => {
  const moved = told('a', resolved(text('', '', 'c')), resolved(text()));
  expect(moved.filter(line => line.includes(':03 ') && line.includes('dst'))).toEqual([
    'fdb del 02:00:00:00:00:03 dev vxlan7 dst 192.0.2.2',
    'fdb replace 02:00:00:00:00:03 dev vxlan7 dst 192.0.2.3',
  ]);
  expect(moved.some(line => line.startsWith('fdb del') && !line.includes(':03 '))).toBe(false);
});

test.each([
  ['4.14.300', 3],
  ['4.15.0-generic', 0],
  ['6.18.44', 0],
])('a kernel of %s under a switch that floods nothing: errors', (kernel, errors) => {
  const still = resolved(text(', flood: false'));
  const on = (topology: typeof still): readonly string[] =>
    decided(
      topology,
      changed(freshWorld(topology), view => ({ ...view, facts: { ...view.facts, kernel } })),
    ).diagnostics.map(d => d.code);
  expect(on(still)).toEqual(Array(errors).fill('kernel.too-old'));
  expect(on(resolved(text()))).toEqual([]);
});
