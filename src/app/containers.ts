import { EXIT, TopoError, nearest } from '../core/index.js';
import type { EngineContainer, HostName, Resolved } from '../core/index.js';
import type { World } from './world.js';

/** A container of the topology and the host it is on. */
export interface Located {
  readonly host: HostName;
  readonly stack: string;
  readonly service: string;
  readonly container: EngineContainer;
}

/** Every container of a topology, by host and name. */
export function locateAll(topology: string, world: World): readonly Located[] {
  return [...world.views.values()]
    .flatMap(view => view.inventory.containers.map(container => ({ host: view.host, container })))
    .filter(({ container }) => container.labels['topo.name'] === topology)
    .map(({ host, container }) => ({
      host,
      stack: container.labels['topo.stack'] ?? '',
      service: container.labels['com.docker.compose.service'] ?? '',
      container,
    }))
    .sort((a, b) => order(a) - order(b) || (key(a) < key(b) ? -1 : 1));

  function order({ host }: { host: HostName }): number {
    return [...world.views.keys()].indexOf(host);
  }
}

function key({ stack, service, container }: Located): string {
  return `${stack}/${service}/${container.name}`;
}

/** `stack/service`, as people call what runs in a container. */
export function nameOfService({ stack, service }: Pick<Located, 'stack' | 'service'>): string {
  return `${stack}/${service}`;
}

/** The services that `stack/service` and `stack` name, in the file's order; all where nothing is named. Throws `name.unknown`. */
export function servicesNamed(resolved: Resolved, targets: readonly string[]): readonly string[] {
  const known = serviceNames(resolved);
  const stacks = resolved.stacks.map(s => s.name);
  const wrong = targets.find(t => !stacks.includes(t) && !known.includes(t));
  if (wrong !== undefined) throw unknownService(resolved, wrong, [...known, ...stacks]);
  if (targets.length === 0) return known;
  return known.filter(name => targets.includes(name) || targets.includes(name.split('/', 1)[0]!));
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

/** The running container of `stack/service`. Throws TopoErrors for people: unknown name, not there, not running. */
export function locate(resolved: Resolved, world: World, target: string): Located {
  const known = serviceNames(resolved);
  const name = target.replace(/#1$/, '');
  if (!known.includes(name)) throw unknownService(resolved, target, known);
  const found = locateAll(resolved.name, world).find(l => nameOfService(l) === name);
  if (found?.container.state === 'running') return found;
  const state = found ? `is not running (${found.container.status})` : 'is not there yet';
  throw new TopoError(`the container of ${target} ${state}`, {
    code: 'container.stopped',
    who: 'user',
    hint: 'bring it up with `topo up`',
  });
}
