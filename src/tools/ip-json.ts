import {
  parseAddress,
  type Family,
  type Link,
  type Neighbour,
  type Qdisc,
  type Route,
} from '../core/index.js';
import { listOf, numberOf, rowOf, rows, textOf, type Row } from './json.js';
import { isImpairing } from './tc.js';

/**
 * Reads `ip -d -j address`; link-local addresses are left out, the kernel adds them by itself. `qdiscs`: what `tc` says of queues, by
 * device; of one that it does not tell only the kind is known.
 */
export function parseLinks(text: string, qdiscs: ReadonlyMap<string, Qdisc> = new Map()): readonly Link[] {
  return rows(text).map(row => {
    const info = rowOf(row['linkinfo']);
    const flags = Array.isArray(row['flags']) ? row['flags'] : [];
    const leased = listOf(row['addr_info'])
      .filter(one => one['dynamic'] === true)
      .flatMap(addressOf);
    return {
      name: textOf(row['ifname']),
      index: numberOf(row['ifindex'], 0),
      kind: textOf(info['info_kind']),
      alias: textOf(row['ifalias']),
      mac: textOf(row['address']),
      mtu: numberOf(row['mtu'], 0),
      up: flags.includes('UP'),
      ...(flags.includes('PROMISC') && { promiscuous: true as const }),
      ...(flags.includes('NO-CARRIER') && { noCarrier: true as const }),
      ...(typeof row['link_index'] === 'number' && { peer: row['link_index'] }),
      ...(typeof row['link'] === 'string' && { other: row['link'] }),
      ...(typeof row['master'] === 'string' ? { master: row['master'] } : {}),
      ...(info['info_slave_kind'] === 'bridge' && { port: rowOf(info['info_slave_data']) }),
      group: textOf(row['group']),
      data: rowOf(info['info_data']),
      addresses: listOf(row['addr_info']).flatMap(addressOf),
      ...(leased.length > 0 && { leased }),
      ...qdiscOf(textOf(row['ifname']), textOf(row['qdisc']), qdiscs),
    };
  });
}

/** Reads `ip -N -j -4|-6 route show table all`: unicast routes and the refusing ones, the local table left out. */
export function parseRoutes(text: string, family: Family): readonly Route[] {
  return rows(text)
    .filter(row => !NOT_ROUTES.has(textOf(row['type'])) && textOf(row['table']) !== LOCAL_TABLE)
    .flatMap(row => routesOf(row, family));
}

/** Reads `ip -N -j route show table all`, where routes of both families stand in one list; only those of IPv6 have a preference (RFC 4191). */
export function parseMixedRoutes(text: string): readonly Route[] {
  const all = rows(text);
  return ([4, 6] as const).flatMap(family =>
    all.filter(row => ('pref' in row ? 6 : 4) === family).flatMap(row => routesOf(row, family)),
  );
}

/** Reads `ip -j neigh`. */
export function parseNeighbours(text: string): readonly Neighbour[] {
  return rows(text).map(row => ({
    dev: textOf(row['dev']),
    address: textOf(row['dst']),
    ...(typeof row['lladdr'] === 'string' ? { mac: row['lladdr'] } : {}),
    permanent: Array.isArray(row['state']) && row['state'].includes('PERMANENT'),
  }));
}

function qdiscOf(
  device: string,
  kind: string,
  qdiscs: ReadonlyMap<string, Qdisc>,
): { readonly qdisc?: Qdisc } {
  return isImpairing(kind) ? { qdisc: qdiscs.get(device) ?? { kind, impair: {}, limit: 0 } } : {};
}

/** RTN_LOCAL, RTN_BROADCAST, RTN_ANYCAST, RTN_MULTICAST (linux/rtnetlink.h), and their names. */
const NOT_ROUTES = new Set(['2', '3', '4', '5', 'local', 'broadcast', 'anycast', 'multicast']);

const LOCAL_TABLE = '255';

/** RTPROT_BOOT: what a route without a protocol has, and what iproute2 leaves out when it prints. */
const BOOT = 3;

function addressOf(row: Row): readonly string[] {
  return textOf(row['scope']) === 'link' ? [] : [`${textOf(row['local'])}/${numberOf(row['prefixlen'], 0)}`];
}

function routesOf(row: Row, family: Family): readonly Route[] {
  const hops = listOf(row['nexthops']);
  return hops.length > 0 ? hops.map(hop => routeOf({ ...row, ...hop }, family)) : [routeOf(row, family)];
}

function routeOf(row: Row, family: Family): Route {
  const via = textOf(row['gateway']) || textOf(rowOf(row['via'])['host']);
  const mtu = listOf(row['metrics']).map(m => numberOf(m['mtu'], 0))[0];
  return {
    family,
    dst: destination(textOf(row['dst']), family),
    ...(via === '' ? {} : { via }),
    ...(typeof row['dev'] === 'string' ? { dev: row['dev'] } : {}),
    protocol: numberOf(row['protocol'], BOOT),
    ...(typeof row['prefsrc'] === 'string' ? { source: row['prefsrc'] } : {}),
    metric: numberOf(row['metric'], 0),
    ...(mtu ? { mtu } : {}),
    table: textOf(row['table']) || 'main',
  };
}

function destination(dst: string, family: Family): string {
  if (dst === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  return parseAddress(dst) ? `${dst}/${family === 4 ? 32 : 128}` : dst;
}
