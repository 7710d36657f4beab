import type { Difference, InsideVpp, Inventory } from '../core/index.js';
import { memifName, type UserspacePort } from '../tools/index.js';
import { changed } from './fields.js';

/** What a container's own VPP is told by its vppctl. */
export interface ToldVpp {
  /** What it must be; absent: it may be any. */
  readonly version?: string;
  readonly ports: readonly UserspacePort[];
}

/** What the VPP of a container has, by its id; that it has not met another one counts where that is up, too. */
export function insideVpp(id: string, { insideVpps, vpp }: Inventory): InsideVpp | undefined {
  const own = insideVpps[id];
  if (!own) return undefined;
  const others = Object.entries(insideVpps).flatMap(([other, { interfaces }]) =>
    other === id ? [] : interfaces,
  );
  const up = new Set([...(vpp?.interfaces ?? []), ...others].filter(i => i.up).map(i => i.name));
  const interfaces = own.interfaces.map(one => {
    const { connected, ...rest } = one;
    return connected === false && !up.has(one.name) ? rest : one;
  });
  return { ...own, interfaces };
}

/** What of a container's VPP is not as it was told, but for its routes, which are not read; nothing where it was not asked. */
export function insideDifferences(
  { version, ports }: ToldVpp,
  vpp: InsideVpp | undefined,
): readonly Difference[] {
  if (!vpp) return [];
  const due = version === undefined || vpp.version === undefined ? vpp.version : version;
  return [
    ...changed('version of its VPP', vpp.version, due),
    ...ports.flatMap(port => portDifferences(port, vpp)),
  ];
}

/** The ports that it has lost, or that somebody changed; and those with a route to the same destination, which goes as a whole. */
export function portsAmiss({ ports }: ToldVpp, vpp: InsideVpp): readonly UserspacePort[] {
  const amiss = ports.filter(port => portDifferences(port, vpp).length > 0);
  const lost = new Set(amiss.flatMap(destinations));
  return ports.filter(port => amiss.includes(port) || destinations(port).some(dst => lost.has(dst)));
}

function destinations({ routes }: UserspacePort): readonly string[] {
  return routes.map(({ dst }) => dst);
}

function portDifferences(
  { name, socketId, addresses, up }: UserspacePort,
  { interfaces }: InsideVpp,
): readonly Difference[] {
  const found = interfaces.find(i => i.name === memifName(socketId));
  if (!found) return changed(`${name} in its VPP`, 'gone', 'there');
  const missing = addresses.filter(address => !found.addresses.includes(address));
  return [
    ...changed(`${name} in its VPP: state`, stateOf(found.up), stateOf(up)),
    ...(up && found.up && found.connected === false
      ? changed(`${name} in its VPP: memif`, 'not connected', 'connected')
      : []),
    ...missing.flatMap(address => changed(`${name} in its VPP: address ${address}`, 'missing', 'present')),
  ];
}

function stateOf(up: boolean): string {
  return up ? 'up' : 'down';
}
