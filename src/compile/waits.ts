import { replicaName, resourceId } from '../core/index.js';
import type {
  Dependency,
  Healthcheck,
  ResolvedService,
  ResolvedStack,
  Resource,
  ResourceId,
} from '../core/index.js';
import type { WaitSpec } from '../kinds/index.js';
import { hooksOf } from './hooks.js';
import { makeResource } from './resource.js';

type Needed = ResolvedService['dependsOn'][number];

/** What is waited for between the containers of a stack: one resource for each condition of a service that anyone asks for. */
export function compileWaits(
  topology: string,
  stack: ResolvedStack,
  pluggedIn: (container: ResourceId) => readonly ResourceId[],
): readonly Resource<WaitSpec>[] {
  const asked = stack.services
    .flatMap(service => service.dependsOn)
    .filter(needed => needed.condition !== 'started');
  const unique = new Map(asked.map(needed => [nameOf(stack, needed), needed]));
  return [...unique].map(([name, needed]) => {
    const at = { host: stack.host, kind: 'wait', name, group: { is: 'stack' as const, name: stack.name } };
    return makeResource<WaitSpec>(topology, at, waitSpec(stack, needed, pluggedIn));
  });
}

/** What must come before the containers of a service: those of the services that it depends on, or what these come to. */
export function dependencies(stack: ResolvedStack, service: ResolvedService): readonly Dependency[] {
  return service.dependsOn.flatMap(needed => {
    const because = `it depends on ${stack.name}/${needed.service}`;
    const ids = [
      ...startedBy(stack, needed.service),
      ...(needed.condition === 'started' ? [] : [resourceId(stack.host, 'wait', nameOf(stack, needed))]),
    ];
    return ids.map(on => ({ on, because }));
  });
}

/** The containers that take a service's along when they are made anew: `restart: true`. */
export function restartsWith(stack: ResolvedStack, service: ResolvedService): readonly ResourceId[] {
  return service.dependsOn.flatMap(needed => (needed.restart ? containersOf(stack, needed.service) : []));
}

/** As Compose writes it on a container: `db:service_healthy:false,cache:service_started:true`. */
export function dependsOnLabel({ dependsOn }: ResolvedService): string {
  return dependsOn
    .map(({ service, condition, restart }) => `${service}:${WORDS[condition]}:${restart}`)
    .join(',');
}

const WORDS = {
  started: 'service_started',
  healthy: 'service_healthy',
  completed: 'service_completed_successfully',
} as const;

function nameOf(stack: ResolvedStack, { service, condition, required }: Needed): string {
  const come = condition === 'healthy' ? 'to be healthy' : 'to complete';
  return `${stack.name}/${service} ${come}${required ? '' : ' (optional)'}`;
}

function waitSpec(
  stack: ResolvedStack,
  { service: key, condition, required }: Needed,
  pluggedIn: (container: ResourceId) => readonly ResourceId[],
): WaitSpec {
  const service = stack.services.find(s => s.key === key)!;
  return {
    condition: condition === 'healthy' ? 'healthy' : 'completed',
    containers: service.containers.map((name, i) => ({
      id: containerId(stack, key, i + 1),
      name,
      called: replicaName(stack.name, key, i + 1),
    })),
    after: [...startedBy(stack, key), ...containersOf(stack, key).flatMap(pluggedIn)],
    required,
    within: condition === 'healthy' ? healthWithin(service.settings.healthcheck) : COMPLETE_MS,
  };
}

/** What has to be done for a service to count as started. */
function startedBy(stack: ResolvedStack, key: string): readonly ResourceId[] {
  return [...containersOf(stack, key), ...hooksOf(stack, key)];
}

function containersOf(stack: ResolvedStack, key: string): readonly ResourceId[] {
  const service = stack.services.find(s => s.key === key);
  return (service?.containers ?? []).map((_, i) => containerId(stack, key, i + 1));
}

function containerId(stack: ResolvedStack, key: string, number: number): ResourceId {
  return resourceId(stack.host, 'container', replicaName(stack.name, key, number));
}

/** How long what runs once may take. */
const COMPLETE_MS = 3_600_000;

/** The least time that a service gets to become healthy. */
const HEALTHY_MS = 600_000;

/** Until the engine itself calls it unhealthy, and twice that, for slow hosts. What the image says of it is not known here. */
function healthWithin(check: Healthcheck | undefined): number {
  const { startPeriod = 0, interval = 30_000, timeout = 30_000, retries = 3 } = check ?? {};
  return Math.max(HEALTHY_MS, 2 * (startPeriod + (retries + 1) * (interval + timeout)));
}
