import { topologicalOrder } from '../core/index.js';
import type { DocPath, Locate } from '../core/index.js';
import { entriesAt, valueAt } from './at.js';
import type { Finding } from './finding.js';
import { joinedService } from './service-joins.js';

/** The keys of a service that may name another one whose namespace it shares. */
const KEYS = ['network_mode', 'pid', 'ipc'] as const;

/** One `service:NAME` of a service. */
export interface Sharing {
  readonly name: string;
  readonly path: DocPath;
}

/** Whose namespaces or mounts a service shares, and with which it is linked. Takes any document. */
export function sharingsOf(root: unknown, service: DocPath): readonly Sharing[] {
  const namespaces = KEYS.flatMap(key => {
    const path = [...service, key];
    const value = valueAt(root, path);
    const name = typeof value === 'string' ? /^service:(.+)$/.exec(value)?.[1] : undefined;
    return name === undefined ? [] : [{ name, path }];
  });
  const joined = (['links', 'volumes_from'] as const).flatMap(key => {
    const entries = valueAt(root, [...service, key]);
    return (Array.isArray(entries) ? entries : []).flatMap((entry, i): readonly Sharing[] => {
      const name = joinedService(key, entry);
      return name === undefined ? [] : [{ name, path: [...service, key, i] }];
    });
  });
  return [...namespaces, ...joined];
}

/** Services of a stack that have something of each other in a ring: none of them could start first. */
export function checkSharing(root: unknown, stack: DocPath, locate: Locate): readonly Finding[] {
  const services = [...stack, 'services'];
  const sharings = entriesAt(root, services).map(([key]) => ({
    key,
    shared: sharingsOf(root, [...services, key]),
  }));
  const own = sharings.flatMap(({ key, shared }) => shared.filter(s => s.name === key));
  const alone = own.map(s => ring([s.name, s.name], s, locate));
  const order = topologicalOrder(
    sharings.map(({ key, shared }) => ({ key, after: shared.map(s => s.name) })),
  );
  if (!('cycle' in order)) return alone;
  const [first, second] = order.cycle;
  const all = sharings.flatMap(({ key, shared }) => shared.map(s => ({ from: key, ...s })));
  const link = all.find(s => [first, second].includes(s.from) && [first, second].includes(s.name)) ?? all[0]!;
  return [...alone, ring(order.cycle, link, locate)];
}

function ring(names: readonly string[], { path }: Sharing, locate: Locate): Finding {
  const summary =
    names.length === 2 && names[0] === names[1]
      ? `service ${names[0]} can't wait for itself`
      : `services wait for each other in a ring: ${names.join(' → ')}`;
  const hint = 'let one of them do without the other: by network_mode, pid, ipc, links or volumes_from';
  return { severity: 'error', code: 'key.conflict', summary, hint, path, place: locate(path) };
}
