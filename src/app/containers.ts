import { EXIT, TopoError, nearest, parseResourceId, replicaName } from '../core/index.js';
import type { EngineContainer, HostName, HostView, Resolved } from '../core/index.js';
import type { World } from './world.js';

/** A container of the topology and the host it is on. */
export interface Located {
  readonly host: HostName;
  readonly stack: string;
  readonly service: string;
  /** Which of the service's containers, from 1. */
  readonly number: number;
  /** With the networks and published ports of the namespace that it is in. */
  readonly container: EngineContainer;
  /** The id of the container whose network namespace that is: its own, or its holder's. */
  readonly owner: string;
}

/** Every container of a topology's services, by host and name. */
export function locateAll(topology: string, world: World): readonly Located[] {
  return [...world.views.values()]
    .flatMap(view => inNamespaces(topology, view))
    .map(({ host, container, owner }) => ({
      host,
      owner,
      stack: container.labels['topo.stack'] ?? '',
      service: container.labels['com.docker.compose.service'] ?? '',
      number: Number(container.labels['com.docker.compose.container-number'] ?? 1),
      container,
    }))
    .sort((a, b) => order(a) - order(b) || byName(a, b));

  function order({ host }: { host: HostName }): number {
    return [...world.views.keys()].indexOf(host);
  }
}

function inNamespaces(
  topology: string,
  { host, inventory }: HostView,
): readonly Pick<Located, 'host' | 'container' | 'owner'>[] {
  const own = inventory.containers.filter(c => c.labels['topo.name'] === topology);
  const named = own.map(c => ({ c, id: parseResourceId(c.labels['topo.id'] ?? '') }));
  const holders = new Map(
    named.flatMap(({ c, id }) => (id?.kind === 'holder' ? [[id.name, c] as const] : [])),
  );
  return named.flatMap(({ c, id }) => {
    if (id?.kind === 'holder') return [];
    const holder = holders.get(id?.name ?? '');
    if (!holder) return [{ host, container: c, owner: c.id }];
    return [{ host, container: { ...c, networks: holder.networks, ports: holder.ports }, owner: holder.id }];
  });
}

function byName(a: Located, b: Located): number {
  const [one, other] = [`${a.stack}/${a.service}`, `${b.stack}/${b.service}`];
  return one === other ? a.number - b.number : one < other ? -1 : 1;
}

/** `stack/service` or `stack/service#2`, as people call what runs in a container. */
export function nameOf({ stack, service, number }: Pick<Located, 'stack' | 'service' | 'number'>): string {
  return replicaName(stack, service, number);
}

/**
 * The containers that `stack/service#n`, `stack/service` and `stack` name, in the file's order; all where nothing is named. Throws
 * `name.unknown`.
 */
export function containersNamed(resolved: Resolved, targets: readonly string[]): readonly string[] {
  const all = resolved.stacks.flatMap(s =>
    s.services.flatMap(({ key, containers }) =>
      containers.map((_, i) => ({
        name: replicaName(s.name, key, i + 1),
        of: [`${s.name}/${key}#${i + 1}`, `${s.name}/${key}`, s.name],
      })),
    ),
  );
  const known = [...serviceNames(resolved), ...all.flatMap(c => c.of)];
  const stacks = resolved.stacks.map(s => s.name);
  const wrong = targets.find(t => !stacks.includes(t) && !known.includes(t));
  if (wrong !== undefined) throw unknownService(resolved, wrong, [...serviceNames(resolved), ...stacks]);
  return all
    .filter(({ of }) => targets.length === 0 || of.some(name => targets.includes(name)))
    .map(({ name }) => name);
}

function serviceNames(resolved: Resolved): readonly string[] {
  return resolved.stacks.flatMap(s => s.services.map(v => `${s.name}/${v.key}`));
}

function unknownService(resolved: Resolved, target: string, known: readonly string[]): TopoError {
  const near = nearest(target, known);
  const isFile = /\.ya?ml$/.test(target);
  return new TopoError(`no service ${target} in topology ${resolved.name}`, {
    code: 'name.unknown',
    who: 'user',
    exit: EXIT.failed,
    hint: isFile
      ? 'a file is named with --file here'
      : near === undefined
        ? `services are named stack/service: ${serviceNames(resolved).slice(0, 8).join(', ')}`
        : `did you mean ${near}?`,
  });
}

/** The running container of `stack/service`, the first one, or of `stack/service#n`. Throws TopoErrors for people: unknown name, not there, not running. */
export function locate(resolved: Resolved, world: World, target: string): Located {
  const known = serviceNames(resolved);
  const name = target.replace(/#1$/, '');
  if (!known.includes(name.replace(/#\d+$/, ''))) throw unknownService(resolved, target, known);
  const found = locateAll(resolved.name, world).find(l => nameOf(l) === name);
  if (found?.container.state === 'running') return found;
  const state = found ? `is not running (${found.container.status})` : 'is not there yet';
  throw new TopoError(`the container of ${target} ${state}`, {
    code: 'container.stopped',
    who: 'user',
    hint: 'bring it up with `topo up`',
  });
}
