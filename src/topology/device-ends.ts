import type { DocPath, EndDeclaration, LinkDeclaration, Topology } from '../core/index.js';
import { valueAt } from './at.js';
import { isMap } from './blocks.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** Devices of hosts at ends of links, and uplinks: the port of one switch only, and no macvlan beside that. */
export function checkDeviceEnds(sight: Sight): readonly Finding[] {
  const ends = [...uplinks(sight.topology), ...sight.topology.links.flatMap(link => deviceEnds(sight, link))];
  const ports = new Map<string, DocPath>();
  for (const { device, use, path } of ends) if (use === 'port' && !ports.has(device)) ports.set(device, path);
  return ends.flatMap(({ device, use, via, path }): readonly Finding[] => {
    if (use === 'port' && via === 'macvlan') return [noMacvlan(sight, device, path)];
    const other = ports.get(device);
    if (other === undefined || other === path) return [];
    const summary = `device ${device} is a port of a switch already, and ${use === 'port' ? 'can be that of one only' : 'bears no macvlan then'}`;
    return [clash(sight, 'device.taken', summary, path, { other })];
  });
}

interface DeviceUse {
  /** `tera:enp3s0`. */
  readonly device: string;
  readonly use: 'port' | 'parent';
  readonly via: EndDeclaration['via'];
  readonly path: DocPath;
}

/** Of VPP's own interfaces as well: each is in one bridge domain. */
function uplinks({ switches }: Topology): readonly DeviceUse[] {
  return Object.values(switches)
    .flatMap(on => (on.kind === 'vpp' ? on.hosts : []))
    .flatMap(({ host, uplink, path }) =>
      uplink === undefined
        ? []
        : [{ device: `${host}:${uplink}`, use: 'port', via: undefined, path: [...path, 'uplink'] }],
    );
}

/** A container on the device's own host gets a macvlan beside it, unless the file asks for the device itself; all else is joined by a bridge. */
function deviceEnds({ topology, root }: Sight, { ends: [a, b] }: LinkDeclaration): readonly DeviceUse[] {
  const one = ({ at, via, path }: EndDeclaration, other: EndDeclaration): readonly DeviceUse[] => {
    if (at.is !== 'named' || at.port === undefined || !Object.hasOwn(topology.hosts, at.name)) return [];
    const beside = other.at.is === 'service' && topology.stacks[other.at.stack]?.host === at.name;
    const spot = isMap(valueAt(root, path)) ? [...path, 'at'] : path;
    const use = beside && via !== 'enslave' ? 'parent' : 'port';
    return [{ device: `${at.name}:${at.port}`, use, via, path: spot }];
  };
  return [...one(a, b), ...one(b, a)];
}

function noMacvlan(sight: Sight, device: string, path: DocPath): Finding {
  const summary = `${device} bears a macvlan only for a container on its own host, which the other end is not`;
  return clash(sight, 'value.conflict', summary, path, {
    hint: 'leave via out: the device becomes a port of a bridge',
  });
}
