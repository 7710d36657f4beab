import type { Listener } from '../core/index.js';

/** What listens in a host's namespace, by protocol. */
export interface Listeners {
  readonly udp: readonly Listener[];
  readonly tcp: readonly Listener[];
}

/** Reads `ss -Hlntup`. A kernel socket (a VXLAN port) has no process; an address may be `*`, `0.0.0.0` or `::` for all. */
export function parseListeners(text: string): Listeners {
  const found = text.split('\n').flatMap(listenerOf);
  const of = (protocol: string): readonly Listener[] =>
    found.filter(f => f.protocol === protocol).map(f => f.listener);
  return { udp: of('udp'), tcp: of('tcp') };
}

function listenerOf(line: string): readonly { protocol: string; listener: Listener }[] {
  const [protocol, , , , local] = line.trim().split(/\s+/);
  const match = /^(.*):(\d+)$/.exec(local ?? '');
  if (!protocol || !match) return [];
  // `[fe80::1]%eth0`, `198.18.0.2%eth0`: the zone is cut off.
  const address = match[1]!.replace(/%.*$/, '').replace(/^\[(.*)\]$/, '$1');
  const [, process = '', pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(line) ?? [];
  const holder = { process, ...(pid === undefined ? {} : { pid: Number(pid) }) };
  return [{ protocol, listener: { address, port: Number(match[2]), ...holder } }];
}
