import {
  emptyInventory,
  formatPrefix,
  parseInterface,
  prefixOf,
  withoutLength,
  type HostName,
  type HostView,
  type IptablesRules,
  ETHERNET_MTU,
} from '../core/index.js';

/**
 * Whether its engine will keep IPv6 rules (20.10 and 26.1 do not, 28.5 does) shows when it runs: until then it is taken to, so that
 * what it may need is planned; the step looks again.
 */
const PERHAPS_IPV6_RULES: IptablesRules = { filter: { 'DOCKER-USER': { policy: '-', rules: [] } } };

/**
 * The view of a sandbox host that does not exist yet: empty, with one Ethernet device and its route, an engine, and what the
 * operator's machine `from` gives it. `address` has no length: it is on a /16, as sandbox hosts are, unless one is given.
 */
export function computedView(
  host: HostName,
  from: HostView,
  sandbox: { readonly address: string },
): HostView {
  const address = sandbox.address.includes('/') ? sandbox.address : `${sandbox.address}/16`;
  const at = parseInterface(address);
  const { kernel, arch, bootId, tools, qdiscs } = from.facts;
  const link = {
    name: 'eth0',
    index: 2,
    kind: 'veth',
    alias: '',
    mac: '',
    mtu: ETHERNET_MTU,
    up: true,
    group: 'default',
    data: {},
    addresses: [address],
  };
  const route = {
    family: at?.address.family ?? 4,
    protocol: 2,
    metric: 0,
    table: 'main',
    dev: link.name,
  } as const;
  const subnet = at && formatPrefix(prefixOf(at.address, at.length));
  return {
    host,
    facts: {
      hostname: host,
      kernel,
      arch,
      bootId,
      netns: `none yet: ${host}`,
      tools,
      ...(qdiscs && { qdiscs }),
      engine: { is: 'running', version: '', apiVersion: '', arch: '', id: '' },
      reachedAt: withoutLength(address),
      computed: true,
    },
    inventory: {
      ...emptyInventory(),
      links: [link],
      iptables: { 4: {}, 6: PERHAPS_IPV6_RULES },
      routes: subnet === undefined ? [] : [{ ...route, dst: subnet, source: withoutLength(address) }],
    },
  };
}
