import { vdeSockets } from '../compile/index.js';
import type { HostView, ResolvedVde } from '../core/index.js';
import type { SwitchStatus } from './types.js';

/** A VDE switch on a host as it is: one that is dead is told, one that was never there is not. */
export function vdeStatus(
  topology: string,
  on: ResolvedVde,
  { host, inventory: { vde } }: HostView,
): readonly SwitchStatus[] {
  const { name } = on;
  const { directory, management = '' } = vdeSockets(topology, on);
  const own = vde.switches.find(s => s.name === name && s.directory === directory);
  const runs = own ? own.pid !== undefined : vde.directories.includes(directory);
  if (host !== on.host || (!own && !runs)) return [];
  const told = vde.ports[management];
  const used = told?.reduce((sum, port) => sum + port.pids.length, 0);
  const ports = own?.says?.ports;
  return [
    {
      ...{ name, kind: 'vde', device: directory, up: runs, mtu: 0, addresses: [], peers: [] },
      vde: {
        ...(used !== undefined && { used }),
        ...(ports !== undefined && { ports }),
        qemu: `-netdev vde,id=${name},sock=${directory}`,
      },
    },
  ];
}
