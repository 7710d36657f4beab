import type { Qdisc } from '../core/index.js';
import { ROUTE_PROTOCOL } from '../tools/index.js';
import type { PlugState } from './plug-read.js';
import type { PlugSpec } from './plug.js';
import type { WireSpec, WireState } from './wire.js';

/** What is changed of a device at run time; what is absent stays as it is. */
export interface PlugChange {
  readonly up?: boolean;
  /** null: the kernel's own choice. */
  readonly qdisc?: Qdisc | null;
}

/**
 * A wire as it stands, but for some of its plugs, given by their places in it: wanting that leaves all else alone, drift included. A
 * device that comes up gets the addresses and routes that it is wanted with, for it may have lost them.
 */
export function asFound<Spec extends WireSpec>(
  spec: Spec,
  have: WireState,
  changes: ReadonlyMap<number, PlugChange>,
): Spec {
  const plugs = spec.plugs.map((plug, i) => {
    const found = have.plugs[i];
    return found ? plugAsFound(plug, found, changes.get(i) ?? {}) : plug;
  });
  return { ...spec, plugs };
}

function plugAsFound(plug: PlugSpec, { link, routes }: PlugState, change: PlugChange): PlugSpec {
  const { up = link.up, qdisc = link.qdisc } = change;
  const { qdisc: _, ...rest } = plug;
  const own = routes.filter(r => r.protocol === ROUTE_PROTOCOL);
  return {
    ...rest,
    mtu: link.mtu,
    mac: link.mac,
    up,
    ...(up && !link.up ? {} : { addresses: link.addresses, routes: own }),
    ...(qdisc && { qdisc }),
  };
}
