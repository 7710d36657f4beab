import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved } from '../core/index.js';
import { placeOf } from './clash-words.js';

/** Since when a bridge can answer for known neighbours (IFLA_BRPORT_NEIGH_SUPPRESS); older kernels ignore the word. */
const SINCE = [4, 15] as const;

/** Segments that flood nothing, on hosts whose kernel would let questions go unanswered. */
export function unanswering(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return switchesOf(resolved, 'segment').flatMap(({ name, flood, hosts }) =>
    hosts.flatMap((host): Diagnostic[] => {
      const { kernel = '' } = views.get(host)?.facts ?? {};
      const [major = NaN, minor = NaN] = kernel.split('.').map(part => Number.parseInt(part, 10));
      const isOld = major < SINCE[0] || (major === SINCE[0] && minor < SINCE[1]);
      if (flood || !isOld) return [];
      return [
        {
          severity: 'error',
          code: 'kernel.too-old',
          host,
          ...placeOf(resolved, ['switches', name, 'flood']),
          summary: `switch ${name} has flood: false, for which a bridge must answer ARP itself (neigh_suppress): Linux ${SINCE.join('.')}, and ${host} has ${kernel}`,
          hint: 'leave flood out',
        },
      ];
    }),
  );
}
