import type { VppInterface, VppState } from '../../src/core/index.js';

/** An interface that is up and a port of nothing, with one address at most. */
export function vppInterface(name: string, index: number, ...addresses: readonly string[]): VppInterface {
  return { name, index, up: true, mtu: 9000, group: 0, bvi: false, addresses };
}

/** A VPP that has these interfaces, each with its addresses, and nothing else. */
export function vppWith(interfaces: readonly (readonly [name: string, ...addresses: string[]])[]): VppState {
  return {
    called: ['vppctl'],
    plugins: ['af_packet_plugin.so', 'vxlan_plugin.so', 'memif_plugin.so', 'vhost_plugin.so'],
    interfaces: interfaces.map(([name, ...addresses], i) => vppInterface(name, i + 1, ...addresses)),
    domains: [],
    tunnels: [],
    fib: [],
  };
}
