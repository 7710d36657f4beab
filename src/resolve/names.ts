import { replicaName } from '../core/index.js';
import type { Diagnostic, DocPath, Locate, ResolvedStack } from '../core/index.js';

/** Something that has a name in the engine of a host. */
interface Named {
  readonly noun: string;
  readonly host: string;
  readonly name: string;
  readonly what: string;
  readonly path: DocPath;
}

/** Projects, containers, networks and volumes of which one host would have two of a name. */
export function checkEngineNames(stacks: readonly ResolvedStack[], locate: Locate): readonly Diagnostic[] {
  const holders = new Map<string, Named>();
  return stacks.flatMap(namedIn).flatMap((named): Diagnostic[] => {
    const key = [named.noun, named.host, named.name].join('\0');
    const holder = holders.get(key);
    if (!holder) holders.set(key, named);
    if (!holder) return [];
    const place = locate(named.path);
    const other = locate(holder.path);
    const summary = `${named.noun} "${named.name}" of ${named.what} is that of ${holder.what} already, on host "${named.host}"`;
    const hint = other && `the other is at ${other.file}:${other.line}:${other.column}`;
    return [
      { severity: 'error', code: 'name.taken', summary, ...(hint && { hint }), ...(place && { place }) },
    ];
  });
}

/** A place that does not exist (a name that the file does not give) falls back to the element's own key. */
function namedIn({ name, host, project, networks, volumes, services }: ResolvedStack): readonly Named[] {
  const path = ['stacks', name];
  return [
    { noun: 'project', host, name: project, what: `stack "${name}"`, path: [...path, 'project'] },
    ...networks.filter(isOwn).map(n => ({
      noun: 'network',
      host,
      name: n.name,
      what: `${name}/${n.key}`,
      path: [...path, 'networks', n.key, 'name'],
    })),
    ...volumes.filter(isOwn).map(v => ({
      noun: 'volume',
      host,
      name: v.name,
      what: `${name}/${v.key}`,
      path: [...path, 'volumes', v.key, 'name'],
    })),
    ...services.flatMap(s =>
      [s.containers, s.holders].flatMap(names =>
        names.map((container, i) => ({
          noun: 'container',
          host,
          name: container,
          what: replicaName(name, s.key, i + 1),
          path: [...path, 'services', s.key, 'container_name'],
        })),
      ),
    ),
  ];
}

/** What is external may be used by many. */
function isOwn({ external }: { readonly external: boolean }): boolean {
  return !external;
}
