import { emptyInventory, formatPrefix, OPERATOR, parsePrefix } from '../../src/core/index.js';
import type { Facts, HostView, Inventory, Link } from '../../src/core/index.js';

/** What can be said of a host that nothing was made on. */
export interface HostOptions {
  /** Of its one Ethernet device, with length. */
  readonly address?: string;
  /** Bytes, of that device. */
  readonly mtu?: number;
  readonly facts?: Partial<Facts>;
  readonly inventory?: Partial<Inventory>;
}

/** The programs of a host that has what topo needs. */
const TOOLS = ['bridge', 'ip', 'iptables', 'nft', 'nsenter', 'ping', 'ss', 'sysctl', 'tc'];

/** A reached host with an engine, one Ethernet device `eth0` and a default route; the `n`-th one has 192.0.2.n. */
export function hostView(host: string, n: number, options: HostOptions = {}): HostView {
  const { address = `192.0.2.${n}/24`, mtu = 1500 } = options;
  const own = address.replace(/\/.*$/, '');
  const eth0 = link('eth0', { index: 2, mtu, addresses: [address] });
  return {
    host,
    facts: {
      hostname: host,
      kernel: '6.1.0',
      arch: 'x86_64',
      bootId: `boot-${host}`,
      netns: '4026531840',
      tools: Object.fromEntries(TOOLS.map(tool => [tool, `/usr/sbin/${tool}`])),
      engine: { is: 'running', version: '20.10.24', apiVersion: '1.41', arch: 'amd64', id: host },
      reachedAt: own,
      reachedFrom: '192.0.2.254',
      ...options.facts,
    },
    inventory: {
      ...emptyInventory(),
      links: [link('lo', { index: 1, mtu: 65536, addresses: ['127.0.0.1/8'] }), eth0],
      routes: [
        route('0.0.0.0/0', { via: '192.0.2.254', dev: 'eth0', protocol: 3 }),
        route(formatPrefix(parsePrefix(address)!), { dev: 'eth0', protocol: 2, source: own }),
      ],
      iptables: { 4: dockerRules(), 6: {} },
      ...options.inventory,
    },
  };
}

/** The machine on which topo runs. */
export function operatorView(inventory: Partial<Inventory> = {}): HostView {
  return { ...hostView('operator', 200, { inventory }), host: OPERATOR };
}

/** A network device that is up; a physical one unless `kind` says otherwise. */
export function link(name: string, more: Partial<Link> = {}): Link {
  return {
    name,
    index: 3,
    kind: '',
    alias: '',
    mac: '02:00:00:00:00:01',
    mtu: 1500,
    up: true,
    group: 'default',
    data: {},
    addresses: [],
    ...more,
  };
}

/** An IPv4 route of the main table. */
export function route(
  dst: string,
  more: Partial<Inventory['routes'][number]> = {},
): Inventory['routes'][number] {
  return { family: 4, dst, protocol: 2, metric: 0, table: 'main', ...more };
}

/** What engine 20.10 has in the tables that topo writes to. */
function dockerRules(): Inventory['iptables'][4] {
  return {
    filter: {
      FORWARD: { policy: 'DROP', rules: ['-j DOCKER-USER'] },
      'DOCKER-USER': { policy: '-', rules: ['-j RETURN'] },
    },
    raw: { PREROUTING: { policy: 'ACCEPT', rules: [] } },
  };
}
