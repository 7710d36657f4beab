import type { Diagnostic, Locate, ResolvedLink, ResolvedService, ResolvedStack } from '../core/index.js';

/**
 * A link is made once both its ends run, and a service counts as healthy, or as run to its end, only with its links: so nothing
 * at the far end may wait for that. At the end of a service that waits for its interfaces the link comes first, and then the service.
 */
export function checkLinkOrder(
  stacks: readonly ResolvedStack[],
  links: readonly ResolvedLink[],
  locate: Locate,
): readonly Diagnostic[] {
  const needs = needsOf(stacks, links);
  return links.flatMap(link => {
    const round = wayRound(needs, madeOf(link));
    return round.length === 0 ? [] : [waits(link, round[0]!, round.at(-1)!, locate)];
  });
}

/** Something that comes about: that a service runs, that it is ready, that a link is made. `name` is that of the service or link. */
interface Event {
  readonly is: 'runs' | 'ready' | 'made';
  readonly name: string;
}

/** What must have come about before each event, by its text. */
type Needs = ReadonlyMap<string, readonly Event[]>;

function needsOf(stacks: readonly ResolvedStack[], links: readonly ResolvedLink[]): Needs {
  const needs = new Map<string, Event[]>();
  const add = (event: Event, more: readonly Event[]): void =>
    void needs.set(textOf(event), [...(needs.get(textOf(event)) ?? []), ...more]);
  const services = new Map<string, ResolvedService>(
    stacks.flatMap(s => s.services.map(v => [`${s.name}/${v.key}`, v] as const)),
  );
  for (const stack of stacks)
    for (const service of stack.services) {
      const name = `${stack.name}/${service.key}`;
      add({ is: 'runs', name }, startsAfter(stack, service));
      add({ is: 'ready', name }, [{ is: 'runs', name }]);
    }
  for (const link of links)
    for (const name of servicesAt(link)) {
      const isHeld = (services.get(name)?.holders.length ?? 0) > 0;
      if (!isHeld) add(madeOf(link), [{ is: 'runs', name }]);
      add({ is: isHeld ? 'runs' : 'ready', name }, [madeOf(link)]);
    }
  return needs;
}

/** What a service waits for: where it asks for more than that another runs, or something is run in that, with the links of that. */
function startsAfter(stack: ResolvedStack, { dependsOn }: ResolvedService): readonly Event[] {
  const hasHooks = (key: string): boolean =>
    (stack.services.find(s => s.key === key)?.postStart.length ?? 0) > 0;
  return dependsOn.map(({ service, condition }) => ({
    is: condition !== 'started' || hasHooks(service) ? 'ready' : 'runs',
    name: `${stack.name}/${service}`,
  }));
}

function servicesAt({ ends }: ResolvedLink): readonly string[] {
  return ends.flatMap(end => (end.is === 'service' ? [end.replica.replace(/#\d+$/, '')] : []));
}

function madeOf({ name }: ResolvedLink): Event {
  return { is: 'made', name };
}

function textOf({ is, name }: Event): string {
  return `${is} ${name}`;
}

/** What lies on the shortest way from an event back to itself, itself left out; empty where there is none. */
function wayRound(needs: Needs, start: Event): readonly Event[] {
  const seen = new Set<string>();
  const ways: (readonly Event[])[] = [[]];
  for (const way of ways) {
    for (const next of needs.get(textOf(way.at(-1) ?? start)) ?? []) {
      if (textOf(next) === textOf(start)) return way;
      if (!seen.has(textOf(next))) ways.push([...way, next]);
      seen.add(textOf(next));
    }
  }
  return [];
}

function waits({ name, path }: ResolvedLink, far: Event, near: Event, locate: Locate): Diagnostic {
  const place = locate(path);
  const how = near.is === 'ready' ? 'counts as ready' : 'is started';
  return {
    severity: 'error',
    code: 'link.waits',
    summary: `link ${name} can only be made once ${far.name} runs, and that waits for ${near.name}, which ${how} only with its links`,
    hint: `let ${far.name} have wait_for_interfaces: true, leave the link or the dependency out, or let it wait for less: condition: service_started, and no post_start`,
    ...(place && { place }),
  };
}
