import { replicaName, resourceId } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Resolved,
  ResolvedHook,
  ResolvedService,
  ResolvedStack,
  Resource,
  ResourceId,
} from '../core/index.js';
import type { PostStartSpec } from '../kinds/index.js';
import { cniContainer, cniData, type UserspacePort } from '../tools/index.js';
import type { Digest } from './digest.js';
import { makeResource } from './resource.js';

interface HookSurroundings {
  readonly resolved: Resolved;
  readonly pluggedIn: (container: ResourceId) => readonly ResourceId[];
  readonly sharedBy: (replica: string) => readonly UserspacePort[];
  /** The version of the host's VPP. */
  readonly vpp: string | undefined;
}

/** What is run in the containers of a stack once they were started: one resource for each container of a service with hooks. */
export function compileHooks(
  stack: ResolvedStack,
  { resolved: { name: topology }, pluggedIn, sharedBy, vpp }: HookSurroundings,
): readonly Resource<PostStartSpec>[] {
  return stack.services.flatMap(service =>
    service.containers.flatMap((containerName, i) => {
      if (!hasHooks(service)) return [];
      const { key, postStart } = service;
      const called = replicaName(stack.name, key, i + 1);
      const inside = vppInside(topology, service, called, sharedBy(called), vpp);
      const group = { is: 'stack' as const, name: stack.name };
      const at = { host: stack.host, kind: 'post_start', name: called, group };
      const container = resourceId(stack.host, 'container', called);
      const commands = postStart.map(bodyOf);
      return [
        makeResource<PostStartSpec>(topology, at, {
          container,
          after: pluggedIn(container),
          containerName,
          called,
          ...(inside && { vpp: inside }),
          commands,
          topology,
        }),
      ];
    }),
  );
}

/** What is done in the containers of a service comes after its start. */
function hasHooks({ postStart, userspace }: ResolvedService): boolean {
  return postStart.length > 0 || userspace !== undefined;
}

/** How the VPP of a container learns of its ports. */
function vppInside(
  topology: string,
  { userspace }: ResolvedService,
  replica: string,
  ports: readonly UserspacePort[],
  version: string | undefined,
): PostStartSpec['vpp'] {
  if (!userspace) return undefined;
  const { configure, allowVersionMismatch } = userspace;
  const due = allowVersionMismatch || version === undefined ? {} : { version };
  if (configure === 'vppctl') return { tell: { ...due, ports }, container: '', data: [] };
  const container = cniContainer(topology, replica);
  return {
    ...('version' in due && { tell: { ...due, ports: [] } }),
    container,
    data: ports.map(port => cniData(container, port)),
  };
}

/** What has to be run before the containers of a service count as started. */
export function hooksOf(stack: ResolvedStack, key: string): readonly ResourceId[] {
  const service = stack.services.find(s => s.key === key);
  if (!service || !hasHooks(service)) return [];
  return service.containers.map((_, i) =>
    resourceId(stack.host, 'post_start', replicaName(stack.name, key, i + 1)),
  );
}

/** What of hooks may stand in a label. */
export function redactedHooks(hooks: readonly ResolvedHook[], digest: Digest): readonly object[] {
  return hooks.map(({ environment, ...hook }) => ({
    ...hook,
    environment: Object.fromEntries(
      Object.entries(environment).map(([k, v]) => [k, v === null ? null : digest(v)]),
    ),
  }));
}

/** Hooks on hosts of which only the engine is reached: there is no record of what was run. */
export function hooksOutOfReach(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return resolved.stacks.flatMap(stack =>
    stack.services.flatMap((service): Diagnostic[] => {
      if (!hasHooks(service) || !views.get(stack.host)?.facts.engineOnly) return [];
      const key = service.userspace ? 'userspace' : 'post_start';
      const place = resolved.locate(['stacks', stack.name, 'services', service.key, key], 'key');
      const summary = `service ${stack.name}/${service.key} has ${key}, of which a record is kept on its host, and of ${stack.host} only the engine is reached`;
      const hint = `give ${stack.host} as \`ssh:\`, or a context that leads to ssh://`;
      return [
        {
          severity: 'error',
          code: 'host.engine-only',
          host: stack.host,
          summary,
          hint,
          ...(place && { place }),
        },
      ];
    }),
  );
}

function bodyOf({
  command,
  user,
  privileged,
  workingDir,
  environment,
}: ResolvedHook): PostStartSpec['commands'][number] {
  const entries = Object.entries(environment).map(([name, value]) =>
    value === null ? name : `${name}=${value}`,
  );
  return {
    Cmd: command,
    ...(entries.length > 0 && { Env: entries }),
    ...(user !== undefined && { User: user }),
    ...(privileged && { Privileged: true }),
    ...(workingDir !== undefined && { WorkingDir: workingDir }),
  };
}
