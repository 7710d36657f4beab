import type { Inventory } from './inventory.js';
import { NO_VDE } from './vde.js';

/** An inventory with nothing in it: a host that does not exist yet. */
export function emptyInventory(): Inventory {
  return {
    links: [],
    namespaces: [],
    offloading: [],
    routes: [],
    fdb: [],
    vlans: [],
    neighbours: [],
    iptables: { 4: {}, 6: {} },
    nft: [],
    udp: [],
    tcp: [],
    sysctls: {},
    vpp: undefined,
    containers: [],
    networks: [],
    volumes: [],
    nameBlocks: [],
    runs: {},
    insideVpps: {},
    images: {},
    builds: {},
    newest: {},
    vde: NO_VDE,
    taken: [],
    applied: undefined,
    paths: [],
    topologies: [],
    sandboxes: [],
    vale: undefined,
    unread: {},
  };
}
