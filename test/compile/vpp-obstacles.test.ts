import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { HostView, Link, VppFacts, VppState } from '../../src/core/index.js';
import { explainStop } from '../../src/tools/vppctl-explain.js';
import { link } from '../fakes/hosts.js';
import { changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { vppInterface, vppWith } from '../fakes/vpp-state.js';

const RUNNING: VppFacts = { is: 'running', version: 'v25.10-release', pid: 1 };

/** What is said where `switches` stand on hosts whose VPP is like that. */
function said(
  switches: string,
  vpp: VppState | undefined,
  facts: VppFacts = RUNNING,
  more = '',
  others: readonly Link[] = [],
): string {
  const text = `name: lab\nhosts: { a: ssh://a, b: ssh://b }\nswitches: { ${switches} }\n${more}`;
  const topology = resolved(text);
  const links = [
    link('eth2', { index: 9, addresses: [] }),
    link('eth3', { index: 10, addresses: ['192.0.3.1/24'] }),
    ...others,
  ];
  const world = changed(freshWorld(topology), (view): HostView => ({
    ...view,
    facts: { ...view.facts, vpp: facts, tools: { ...view.facts.tools, ethtool: '/sbin/ethtool' } },
    inventory: {
      ...view.inventory,
      links: [...links, ...view.inventory.links],
      vpp: vpp && ownOf(view.host, vpp),
    },
  }));
  const { diagnostics } = decided(topology, world);
  const told = diagnostics.map(({ host = '', code, summary, hint = '', place }) => {
    const where = place ? `${place.file}:${place.line}:${place.column} ` : '';
    return `${where}${host} ${code}: ${summary}\n  ${hint}`;
  });
  return [...new Set(told)].join('\n');
}

/** Host b's VPP has another address than that of a. */
function ownOf(host: string, vpp: VppState): VppState {
  const moved = (text: string): string =>
    text.replace('10.99.0.1/', host === 'b' ? '10.99.0.2/' : '10.99.0.1/');
  return { ...vpp, interfaces: vpp.interfaces.map(i => ({ ...i, addresses: i.addresses.map(moved) })) };
}

const stop = (exit: number, text: string): VppFacts =>
  explainStop({ exit, words: 'show version verbose', said: text });
const PLAIN = vppWith([['nic0', '10.99.0.1/24']]);
const ONE = 'fast: { kind: vpp, host: a, bridge_domain: 10 }';
const stack = (more: string): string =>
  `stacks: { s: { host: a, services: { x: { image: i, interfaces: [{ switch: fast${more} }] }, y: { image: i, interfaces: [{ switch: fast }] } } } }\n`;
/** Two containers with a VPP of their own, each on switch fast in its way. */
const USERSPACE = `stacks: { s: { host: a, services: {
  cnf: { image: i, userspace: { configure: vppctl }, interfaces: [{ switch: fast, via: memif }] },
  app: { image: i, userspace: { configure: userspace-cni }, interfaces: [{ switch: fast, via: vhost-user }] } } } }
`;

const CASES: Readonly<Record<string, () => string>> = {
  'VPP does not run': () => said(ONE, undefined, stop(1, 'connect: No such file or directory')),
  'VPP has ended': () => said(ONE, undefined, stop(1, 'connect: Connection refused')),
  'VPP is not open to us': () => said(ONE, undefined, stop(1, 'connect: Permission denied')),
  'VPP hangs': () => said(ONE, undefined, stop(124, '')),
  'there is no vppctl': () => said(ONE, undefined, stop(127, "timeout: failed to run command 'vppctl'")),
  'a plugin is not loaded': () => said(ONE, { ...PLAIN, plugins: ['vxlan_plugin.so'] }, RUNNING, stack('')),
  'a plugin is not loaded, and an uplink needs it': () =>
    said('fast: { kind: vpp, host: a, uplink: eth2 }', { ...PLAIN, plugins: [] }),
  'no port needs the plugin': () => said(ONE, { ...PLAIN, plugins: [] }),
  'plugins of shared memory are not loaded': () => said(ONE, { ...PLAIN, plugins: [] }, RUNNING, USERSPACE),
  'vhost-user is a plugin since 23.02': () =>
    said(ONE, { ...PLAIN, plugins: [] }, { is: 'running', version: 'v23.02-release', pid: 1 }, USERSPACE),
  'taps are a plugin since 26.02': () =>
    said(ONE, PLAIN, { is: 'running', version: 'v26.02-release', pid: 1 }, stack(', via: tap')),
  'a tap, and VPP sees no /dev/vhost-net': () =>
    said(ONE, { ...PLAIN, vhostNet: false }, RUNNING, stack(', via: tap')),
  'a tap, and VPP sees it, or nobody could look': () =>
    said(ONE, { ...PLAIN, vhostNet: true }, RUNNING, stack(', via: tap')) +
    said(ONE, PLAIN, RUNNING, stack(', via: tap')),
  'no tap, and VPP sees no /dev/vhost-net': () =>
    said(ONE, { ...PLAIN, vhostNet: false }, RUNNING, stack('')),
  'it was built in before 23.02': () =>
    said(ONE, { ...PLAIN, plugins: [] }, { is: 'running', version: 'v22.10-release', pid: 1 }, stack('')),
  'an uplink that nobody knows, nor as one of ours': () =>
    said('fast: { kind: vpp, host: a, uplink: eth9 }', {
      ...PLAIN,
      interfaces: [...PLAIN.interfaces, { ...vppInterface('host-eth9', 2), tag: 'topo:lab:abcdefghijkl' }],
    }),
  'an uplink that carries the connection': () => said('fast: { kind: vpp, host: a, uplink: eth0 }', PLAIN),
  'an uplink that what carries the connection stands on': () =>
    said('fast: { kind: vpp, host: a, uplink: eth2 }', PLAIN, RUNNING, '', [
      link('eth0.10', { kind: 'vlan', other: 'eth2', addresses: ['192.0.2.1/24'] }),
    ]),
  'an uplink that is a port of a bridge': () =>
    said('fast: { kind: vpp, host: a, uplink: eth4 }', PLAIN, RUNNING, '', [
      link('br0', { kind: 'bridge', index: 12, addresses: [] }),
      link('eth4', { index: 11, addresses: [], master: 'br0' }),
    ]),
  'uplinks that close a ring': () =>
    said(
      'fast: { kind: vpp, host: a, uplink: e1 }, slow: { kind: vpp, host: a, uplink: e2 }',
      PLAIN,
      RUNNING,
      'links: [[fast, slow]]',
      [
        link('e1', { kind: 'veth', index: 31, other: 'e2', addresses: [] }),
        link('e2', { kind: 'veth', index: 32, other: 'e1', addresses: [] }),
      ],
    ),
  'local0 as an uplink': () => said('fast: { kind: vpp, host: a, uplink: local0 }', PLAIN),
  'an uplink with an address': () => said('fast: { kind: vpp, host: a, uplink: eth3 }', PLAIN),
  'an uplink of VPP with an address': () => said('fast: { kind: vpp, host: a, uplink: nic0 }', PLAIN),
  'an uplink of VPP in a domain of somebody else': () =>
    said('fast: { kind: vpp, host: a, uplink: nic1 }', {
      ...PLAIN,
      interfaces: [...PLAIN.interfaces, { ...vppInterface('nic1', 7), domain: 77 }],
    }),
  'VPP in a network namespace of its own': () => said(ONE, { ...PLAIN, netns: '1' }, RUNNING, stack('')),
  'an uplink of the host, of such a VPP': () =>
    said('fast: { kind: vpp, host: a, uplink: eth2 }', { ...PLAIN, netns: '1' }),
  'what needs no device, on such a VPP': () => said(ONE, { ...PLAIN, netns: '1' }, RUNNING, USERSPACE),
  'no address to send tunnels from': () => said('fast: { kind: vpp, hosts: [a, b] }', vppWith([['nic0']])),
  'several addresses to send tunnels from': () =>
    said(
      'fast: { kind: vpp, hosts: [a, b] }',
      vppWith([
        ['nic0', '10.99.0.1/24'],
        ['nic1', '10.98.0.1/24'],
      ]),
    ),
  'one address to send tunnels from on both': () =>
    said('fast: { kind: vpp, hosts: [a, b] }', vppWith([['nic0', '10.99.0.7/24']])),
  'a gateway in the subnet of an address that VPP has': () =>
    said('fast: { kind: vpp, host: a, bvi: 10.99.0.7/16 }', PLAIN),
  'a domain of somebody else': () =>
    said(ONE, {
      ...PLAIN,
      domains: [
        {
          ...{ id: 10, index: 1, learn: true, forward: true, flood: true, unknownUnicast: 'flood' },
          ...{ arpTerm: false, age: 0, arp: [], tag: 'theirs' },
        },
      ],
    }),
  'a VNI of somebody else': () =>
    said('fast: { kind: vpp, hosts: [a, b], vni: 13 }', {
      ...PLAIN,
      interfaces: [...PLAIN.interfaces, vppInterface('vxlan_tunnel0', 5)],
      tunnels: [{ instance: 0, local: '10.99.0.1', remote: '10.99.0.9', vni: 13, port: 4789, index: 5 }],
    }),
  'a port with another MTU': () =>
    said(ONE.replace('bridge_domain: 10', 'mtu: 1500'), PLAIN, RUNNING, stack(', mtu: 1400')),
  'an MTU that the tunnels do not carry': () => said('fast: { kind: vpp, hosts: [a, b], mtu: 1500 }', PLAIN),
};

test('what a VPP switch can not have is told, with what to do; UPDATE_GOLDEN=1 writes it', () => {
  const all = Object.entries(CASES).map(([title, make]) => `# ${title}\n${make()}\n`);
  const file = new URL('../golden/vpp/obstacles.txt', import.meta.url);
  const text = all.join('\n');
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});
