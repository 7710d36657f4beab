import { createHash } from 'node:crypto';

/** A host's name in the topology file, or {@link OPERATOR}. */
export type HostName = string;

/** The machine on which topo itself runs, as a place for resources (sandboxes) that belong to no declared host. */
export const OPERATOR: HostName = '@operator';

/** What hosts, stacks and switches may be called, and simulated hosts. */
export const PLAIN_NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** What a topology may be called. Its records stand in `/var/lib/topo/<name>`, beside the simulated hosts' `sandbox`. */
export const TOPOLOGY_NAME = /^(?!sandbox$)[a-z][a-z0-9-]{0,30}$/;

/** What the docker command line calls a context (docker/cli, cli/context/store: restrictedNamePattern). */
export const CONTEXT_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]{0,127}$/;

/** `<host>/<kind>/<name>`: unique over a topology, stable over runs, and what marks are derived from. */
export type ResourceId = string;

/** Puts a resource id together. `name` may hold slashes, `host` and `kind` never do. */
export function resourceId(host: HostName, kind: string, name: string): ResourceId {
  return `${host}/${kind}/${name}`;
}

/** What the n-th container of a service is called, n from 1: `shop/web`, `shop/web#2`. More of them rename none. */
export function replicaName(stack: string, service: string, n: number): string {
  return `${stack}/${service}${n > 1 ? `#${n}` : ''}`;
}

/** The parts of a resource id; undefined where the text is none. */
export function parseResourceId(id: string): { host: HostName; kind: string; name: string } | undefined {
  const match = /^([^/]+)\/([^/]+)\/(.+)$/.exec(id);
  return match ? { host: match[1]!, kind: match[2]!, name: match[3]! } : undefined;
}

/** Lower-case RFC 4648 base32 of SHA-256: letters and digits only, so it may stand in a device name. */
export function base32Hash(text: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let out = '';
  let [held, bits] = [0, 0];
  for (const byte of createHash('sha256').update(text).digest()) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(held >> (bits - 5)) & 31];
  }
  return out;
}

/** The short mark that says "this is topo's, of this topology, this resource": fits aliases, tags and rule comments. */
export function shortMark(topology: string, id: ResourceId): string {
  return `${markPrefix(topology)}${base32Hash(id).slice(0, 12)}`;
}

/** What every short mark of a topology begins with. */
export function markPrefix(topology: string): string {
  return `topo:${topology}:`;
}

/** The topology that a mark names; undefined of what is none, of whichever topology. */
export function topologyOfMark(mark: string): string | undefined {
  return /^topo:([^:]+):/.exec(mark)?.[1];
}

/** A generated network device name (at most 15 characters, IFNAMSIZ - 1) for a resource without a conventional one. */
export function deviceName(id: ResourceId): string {
  return `t${base32Hash(id).slice(0, 10)}`;
}

/**
 * A device alias: the short mark and the id, cut where the kernel would cut it (256 bytes, we keep 200). `#` stands as `!`, which no
 * id has: to `ip -batch` it begins a comment, in quotes as well (seen).
 */
export function deviceAlias(topology: string, id: ResourceId): string {
  return `${shortMark(topology, id)} ${id}`.replaceAll('#', '!').slice(0, 200);
}

/** The id that an alias names, as far as it was not cut. */
export function aliasId(alias: string): ResourceId {
  return alias.slice(alias.indexOf(' ') + 1).replaceAll('!', '#');
}

/** Options of Docker's bridge driver: the bridge device's name, and the MTU of it and of what is on it. */
export const NETWORK_BRIDGE = 'com.docker.network.bridge.name';
export const NETWORK_MTU = 'com.docker.network.driver.mtu';

/** What a switch is on a host as a bridge: the file's name for it may be longer than a device's, or be taken. */
export function bridgeDevice(host: HostName, name: string): string {
  return deviceName(resourceId(host, 'bridge', name));
}
