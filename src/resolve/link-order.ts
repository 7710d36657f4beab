import type { Diagnostic, Locate, ResolvedLink, ResolvedService, ResolvedStack } from '../core/index.js';

/**
 * A link is made once both its ends run, and a service counts as healthy, or as run to its end, only with its links: so nothing
 * at the far end may wait for that.
 */
export function checkLinkOrder(
  stacks: readonly ResolvedStack[],
  links: readonly ResolvedLink[],
  locate: Locate,
): readonly Diagnostic[] {
  return stacks.flatMap(stack => {
    const needs = new Map(stack.services.map(s => [s.key, s.dependsOn.map(d => d.service)] as const));
    return stack.services.flatMap(service =>
      awaited(stack, service).flatMap(key =>
        links.flatMap((link): readonly Diagnostic[] => {
          const own = servicesAt(link, stack.name);
          const far = own.includes(key) ? own.find(other => reaches(needs, other, service.key)) : undefined;
          return far === undefined ? [] : [waits(stack.name, link, far, key, locate)];
        }),
      ),
    );
  });
}

/** The services that one waits for with their links: where it asks for more than that they run, or something is run in them. */
function awaited(stack: ResolvedStack, { dependsOn }: ResolvedService): readonly string[] {
  const hasHooks = (key: string): boolean =>
    (stack.services.find(s => s.key === key)?.postStart.length ?? 0) > 0;
  return dependsOn.filter(d => d.condition !== 'started' || hasHooks(d.service)).map(d => d.service);
}

function servicesAt({ ends }: ResolvedLink, stack: string): readonly string[] {
  return ends.flatMap(end => {
    const [name, service = ''] = end.is === 'service' ? end.replica.replace(/#\d+$/, '').split('/') : [];
    return name === stack ? [service] : [];
  });
}

/** Whether a service is another, or comes after it. */
function reaches(needs: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  return from === to || (needs.get(from) ?? []).some(next => reaches(needs, next, to));
}

function waits(
  stack: string,
  { name, path }: ResolvedLink,
  far: string,
  key: string,
  locate: Locate,
): Diagnostic {
  const place = locate(path);
  return {
    severity: 'error',
    code: 'link.waits',
    summary: `link ${name} can only be made once ${stack}/${far} runs, and that waits for ${stack}/${key}, which counts as ready only with its links`,
    hint: 'leave the link or the dependency out, or let it wait for less: condition: service_started, and no post_start',
    ...(place && { place }),
  };
}
