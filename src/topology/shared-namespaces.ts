import { topologicalOrder } from '../core/index.js';
import type { DocPath, Locate } from '../core/index.js';
import { entriesAt, valueAt } from './at.js';
import type { Finding } from './finding.js';

/** The keys of a service that may name another one whose namespace it shares. */
const KEYS = ['network_mode', 'pid', 'ipc'] as const;

/** One `service:NAME` of a service. */
export interface Sharing {
  readonly name: string;
  readonly path: DocPath;
}

/** Whose namespaces a service shares. Takes any document. */
export function sharingsOf(root: unknown, service: DocPath): readonly Sharing[] {
  return KEYS.flatMap(key => {
    const path = [...service, key];
    const value = valueAt(root, path);
    const name = typeof value === 'string' ? /^service:(.+)$/.exec(value)?.[1] : undefined;
    return name === undefined ? [] : [{ name, path }];
  });
}

/** Services of a stack that share namespaces in a ring: none of them could start first. */
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
      ? `service ${names[0]} can't share its own namespace`
      : `services share namespaces in a ring: ${names.join(' → ')}`;
  const hint = 'let one of them have its own';
  return { severity: 'error', code: 'key.conflict', summary, hint, path, place: locate(path) };
}
