import { spellAddress, spellPrefix, type Difference, type Link } from '../core/index.js';
import { NO_BRIDGE, ROUTE_PROTOCOL, type PlugSettings } from '../tools/index.js';
import type { PlugState } from './plug-read.js';
import { qdiscDifferences } from './plug-qdisc.js';
import type { PlugSpec } from './plug.js';

/** What of a plug is not as wanted; all of it can be changed in place. `alias`: the mark that it is to bear. */
export function plugDifferences(
  want: PlugSpec,
  { link, routes }: PlugState,
  alias: string,
): readonly Difference[] {
  const title = want.place.is === 'bridge' ? `port of ${want.place.device}` : want.device;
  const plain = [
    ['alias', link.alias, alias],
    ['mtu', link.mtu, want.mtu],
    ['mac', link.mac, want.mac ?? link.mac],
    ['bridge', link.master ?? NO_BRIDGE, masterOf(want, link)],
    ['state', link.up ? 'up' : 'down', want.up ? 'up' : 'down'],
  ] as const;
  return [
    ...plain.filter(([, have, wanted]) => String(have) !== String(wanted)),
    ...entries('address', lasting(want, link).map(spellAddress), want.addresses.map(spellAddress)),
    ...entries('route', haveRoutes(routes), wantedRoutes(want)),
    ...qdiscDifferences(want.qdisc, link.qdisc),
  ].map(([field, have, wanted]) => ({
    field: `${title} ${field}`,
    have: String(have),
    want: String(wanted),
  }));
}

/** What is to be set on a plug that is there, and what is to be taken off first. */
export function plugChanges(
  want: PlugSpec,
  { link, routes }: PlugState,
  alias: string,
): { readonly set: PlugSettings; readonly addresses: readonly string[]; readonly routes: readonly string[] } {
  const wanted = new Set(want.addresses.map(spellAddress));
  const there = new Set(link.addresses.map(spellAddress));
  const routesWanted = new Set(wantedRoutes(want));
  const routesThere = new Set(haveRoutes(routes));
  const master = masterOf(want, link);
  const destinations = new Set(want.routes.map(r => spellPrefix(r.dst)));
  const rising = want.up && !link.up;
  return {
    set: {
      ...(link.alias !== alias && { alias }),
      ...(link.mtu !== want.mtu && { mtu: want.mtu }),
      ...(want.mac !== undefined && link.mac !== want.mac && { mac: want.mac }),
      ...((link.master ?? NO_BRIDGE) !== master && { master }),
      ...(link.up !== want.up && { up: want.up }),
      // A device that comes up has lost its routes, and its IPv6 addresses.
      addresses: want.addresses.filter(a => rising || !there.has(spellAddress(a))),
      routes: want.up ? want.routes.filter(r => rising || !routesThere.has(routeText(r))) : [],
    },
    addresses: lasting(want, link).filter(a => !wanted.has(spellAddress(a))),
    routes: routes
      .filter(
        r => r.protocol === ROUTE_PROTOCOL && !routesWanted.has(routeText(r)) && !destinations.has(r.dst),
      )
      .map(r => r.dst),
  };
}

/** Its addresses, but those that somebody leased it, or a router advertised: they come and go by themselves. */
function lasting({ addresses }: PlugSpec, link: Link): readonly string[] {
  const wanted = new Set(addresses.map(spellAddress));
  return link.addresses.filter(a => wanted.has(spellAddress(a)) || !link.leased?.includes(a));
}

/** What a container makes of its devices is its own affair. */
function masterOf({ place }: PlugSpec, link: Link): string {
  switch (place.is) {
    case 'container':
      return link.master ?? NO_BRIDGE;
    case 'bridge':
      return place.device;
    case 'host':
      return NO_BRIDGE;
  }
}

/** A device that is down has no routes. */
function wantedRoutes(want: PlugSpec): readonly string[] {
  return want.up ? want.routes.map(routeText) : [];
}

function haveRoutes(routes: PlugState['routes']): readonly string[] {
  return routes.filter(r => r.protocol === ROUTE_PROTOCOL).map(routeText);
}

function routeText({ dst, via }: { readonly dst: string; readonly via?: string }): string {
  return via === undefined ? spellPrefix(dst) : `${spellPrefix(dst)} via ${via}`;
}

function entries(
  noun: string,
  have: readonly string[],
  want: readonly string[],
): readonly (readonly [string, string, string])[] {
  const all = [...new Set([...have, ...want])].sort();
  return all
    .filter(text => have.includes(text) !== want.includes(text))
    .map(text => [
      `${noun} ${text}`,
      have.includes(text) ? 'present' : 'missing',
      want.includes(text) ? 'present' : 'absent',
    ]);
}
