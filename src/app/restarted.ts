import type { Action, Resource } from '../core/index.js';

/** Tells once of each host whose VPP has nothing left of what topo made there, as after a restart: nothing in it outlives one. */
export function restartNotes(
  actions: readonly (Made & Pick<Action, 'verb' | 'drift'>)[],
  resources: readonly Made[],
): readonly string[] {
  const gone = countByHost(actions.filter(a => a.verb === 'create' && a.drift));
  const wanted = countByHost(resources);
  return [...gone].flatMap(([host, count]) =>
    count === wanted.get(host)
      ? [`VPP on ${host} was restarted or emptied: all that topo made there (${count}) is gone`]
      : [],
  );
}

type Made = Pick<Resource, 'host' | 'kind'>;

/** Of what is made in VPP; entries of a domain that has none are there, and nothing. */
function countByHost(all: readonly Made[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { host, kind } of all) if (MADE.includes(kind)) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

const MADE: readonly string[] = [
  'vpp_domain',
  'vpp_host_interface',
  'vpp_loopback',
  'vpp_memif',
  'vpp_tap',
  'vpp_tunnel',
  'vpp_vhost_user',
];
