import {
  type EngineContainer,
  type Inventory,
  type Link,
  type Namespace,
  type ResourceId,
  type Route,
} from '../core/index.js';
import { markOf } from './marks.js';
import type { PlugPlace, PlugSpec } from './plug.js';

/** A device that is an end of a wire of ours, and where it was found. */
export interface PlugState {
  /** The container whose namespace it is in; undefined: it is on the host. */
  readonly container: { readonly id: string; readonly name: string } | undefined;
  readonly link: Link;
  /** Those of topo through it. */
  readonly routes: readonly Route[];
}

/** Where a plug is to be. */
export type PlugAt = Pick<PlugSpec, 'place' | 'device'>;

/** Somewhere that devices are: the host, or the namespace of a container. */
interface Room {
  readonly container: EngineContainer | undefined;
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
}

/** The device that stands where a plug is to be; undefined where none does, the container not running included. */
export function plugAt(inventory: Inventory, { place, device }: PlugAt): PlugState | undefined {
  const room = roomOf(inventory, place);
  const link = room?.links.find(l => l.name === device);
  return room && link && stateIn(room, link);
}

/** All devices of the host and of the containers whose namespaces were read. */
export function allPlugs(inventory: Inventory): readonly PlugState[] {
  const inside = inventory.namespaces.flatMap(space => {
    const container = ownerOf(inventory, space);
    return container ? [{ container, links: space.links, routes: space.routes }] : [];
  });
  return [hostRoom(inventory), ...inside].flatMap(room => room.links.map(link => stateIn(room, link)));
}

/** Of several containers in one namespace that which has it, and is not only in it. */
function ownerOf(inventory: Inventory, { containers }: Namespace): EngineContainer | undefined {
  const there = inventory.containers.filter(c => containers.includes(c.id));
  return there.find(c => !c.networkMode.startsWith('container:')) ?? there[0];
}

/** The container that a plug is in, where it runs and its namespace could not be looked into. */
export function unseenIn(inventory: Inventory, { place }: Pick<PlugSpec, 'place'>): string | undefined {
  if (place.is !== 'container') return undefined;
  const container = containerOf(inventory, place.id);
  const isUnseen = container?.state === 'running' && spaceOf(inventory, container.id) === undefined;
  return isUnseen ? place.container : undefined;
}

function roomOf(inventory: Inventory, place: PlugPlace): Room | undefined {
  if (place.is !== 'container') return hostRoom(inventory);
  const container = containerOf(inventory, place.id);
  const space = container && spaceOf(inventory, container.id);
  return space && { container, links: space.links, routes: space.routes };
}

function hostRoom(inventory: Inventory): Room {
  return { container: undefined, links: inventory.links, routes: inventory.routes };
}

function stateIn({ container, routes }: Room, link: Link): PlugState {
  return {
    container: container && { id: container.id, name: container.name },
    link,
    routes: routes.filter(r => r.dev === link.name),
  };
}

function containerOf(inventory: Inventory, id: ResourceId): EngineContainer | undefined {
  return inventory.containers.find(c => markOf(c.labels)?.id === id);
}

function spaceOf(inventory: Inventory, container: string): Inventory['namespaces'][number] | undefined {
  return inventory.namespaces.find(n => n.containers.includes(container));
}
