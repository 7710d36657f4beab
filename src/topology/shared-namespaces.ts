import type { DocPath } from '../core/index.js';
import { valueAt } from './at.js';
import { joinedService } from './service-joins.js';

/** The keys of a service that may name another one whose namespace it shares. */
const KEYS = ['network_mode', 'pid', 'ipc'] as const;

/** One `service:NAME` of a service. */
interface Sharing {
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
