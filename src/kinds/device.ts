import {
  aliasId,
  markPrefix,
  parseResourceId,
  resourceId,
  shortMark,
  type Inventory,
  type Link,
  type ResourceId,
  topologyOfMark,
} from '../core/index.js';
import { linkGroup } from '../tools/index.js';

/** A device of ours that something sits on: its resource, and its name on the host. */
export interface DeviceRef {
  readonly id: ResourceId;
  readonly name: string;
}

/** Whether a device is this topology's: by its alias, or, where a killed run set none yet, by its link group. */
export function isOurs(link: Link, topology: string): boolean {
  return (
    link.alias.startsWith(markPrefix(topology)) ||
    (link.alias === '' && link.group === `${linkGroup(topology)}`)
  );
}

/** The device of that name if it is there and this topology's. */
export function ownDevice(inventory: Inventory, topology: string, name: string): Link | undefined {
  return inventory.links.find(link => link.name === name && isOurs(link, topology));
}

/** The resource that a device was made for: its alias says it, unless it was cut off there or is missing. */
export function resourceOf(link: Link, topology: string, host: string, kind: string): ResourceId {
  const id = aliasId(link.alias);
  const whole = parseResourceId(id) !== undefined && link.alias.startsWith(`${shortMark(topology, id)} `);
  return whole ? id : resourceId(host, kind, link.name);
}

/** The kind of resource that a VXLAN device of ours is: its alias says it; half made ones are told by their conventional name. */
export function vxlanKind(link: Link): string {
  const said = aliasKind(link);
  return said ?? (/^vxlan\d+$/.test(link.name) ? 'vxlan' : 'tunnel');
}

/** The kind that a device's alias names; undefined where it has none of ours. */
export function aliasKind({ alias }: Link): string | undefined {
  return parseResourceId(aliasId(alias))?.kind;
}

/** What holds a device's name, for people. */
export function describeLink(link: Link): string {
  const vni = link.kind === 'vxlan' ? ` (VNI ${link.data['id']}, UDP port ${link.data['port']})` : '';
  const what = link.kind === '' ? 'network device' : `${link.kind} device${vni}`;
  const whose = topologyOfMark(link.alias);
  if (whose !== undefined) return `a ${what} of topology ${whose}`;
  return `a ${what} that topo did not make${link.alias === '' ? '' : ` (alias: ${link.alias})`}`;
}
