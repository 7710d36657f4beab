import { parseAddress, withoutLength } from '../core/index.js';
import type { HostView, Link } from '../core/index.js';
import { routesOf } from './route.js';

/** Devices of a host that something goes by which the host lives by. */
export type Carried = readonly { readonly device: string; readonly what: string }[];

/** What of a host goes by which of its devices, and would be cut off with it. */
export function carriedBy(view: HostView): Carried {
  const { reachedAt, reachedFrom } = view.facts;
  const { links, routes } = view.inventory;
  const own = links.find(l => l.addresses.some(a => withoutLength(a) === reachedAt));
  const operator = parseAddress(reachedFrom ?? '');
  const towards = operator && routesOf(view)(operator);
  const defaults = routes.filter(r => r.dst === '0.0.0.0/0' || r.dst === '::/0');
  return [
    { device: own?.name, what: `the connection that topo came by (${reachedAt})` },
    { device: towards?.dev, what: `the way back to ${reachedFrom}` },
    ...defaults.map(r => ({ device: r.dev, what: "the host's default route" })),
  ].flatMap(({ device, what }) =>
    device === undefined
      ? []
      : throughWhat(links, device).map(by => ({
          device: by,
          what: by === device ? what : `${what}, by ${device}`,
        })),
  );
}

/** A device, and what its frames pass on: what it stands on, its ports, and the other end of a pair. */
function throughWhat(links: readonly Link[], device: string): readonly string[] {
  const found = new Set([device]);
  for (const name of found) {
    const beneath = links.find(l => l.name === name)?.other;
    if (beneath !== undefined) found.add(beneath);
    for (const { master, name: port } of links) if (master === name) found.add(port);
  }
  return [...found];
}
