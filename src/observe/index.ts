import {
  type Diagnostic,
  type Found,
  type HostView,
  type InventoryPart,
  kindOf,
  type Observation,
  type Observed,
  parseResourceId,
  type Registry,
  type Resource,
  type ResourceId,
  type Stray,
} from '../core/index.js';

export interface ObserveInput {
  readonly topology: string;
  readonly resources: readonly Resource[];
  readonly views: readonly HostView[];
  readonly registry: Registry;
}

/**
 * Resources and what was read of the hosts in; what is really there out: an observation per wanted resource, and the
 * strays. Every host of `views` is looked at by every kind, wanted resources or not: that is where strays are found.
 * Must not know any kind, nor decide what follows.
 */
export function observe(input: ObserveInput): Observed {
  const wanted = byHostAndKind(input.resources);
  const observations = new Map<ResourceId, Observation>();
  const strays = new Map<ResourceId, Stray>();
  const views = new Map(input.views.map(view => [view.host, view]));
  for (const resource of input.resources) {
    observations.set(resource.id, views.has(resource.host) ? { is: 'absent' } : unread(resource));
  }
  for (const { host, inventory } of views.values()) {
    const all = new Set(input.resources.filter(r => r.host === host).map(r => r.id));
    for (const kind of input.registry.values()) {
      const scope = { topology: input.topology, host, wanted: wanted.get(key(host, kind.name)) ?? [], all };
      for (const found of kind.read(inventory, scope)) {
        if (observations.has(found.id) || found.is !== 'ours')
          observations.set(found.id, observationOf(found));
        else strays.set(found.id, strayOf(found, kind.name, host));
      }
    }
  }
  for (const view of views.values()) {
    for (const [id, why] of unseen(view, input.registry)) {
      if (!observations.has(id) && !strays.has(id)) observations.set(id, { is: 'unknown', why });
    }
  }
  for (const resource of input.resources) kindOf(input.registry, resource.kind);
  return { observations, strays: [...strays.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

function byHostAndKind(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const at = key(resource.host, resource.kind);
    const group = groups.get(at);
    if (group) group.push(resource);
    else groups.set(at, [resource]);
  }
  return groups;
}

function key(host: string, kind: string): string {
  return `${host}/${kind}`;
}

/**
 * What is recorded as made on a host, of the kinds that can't be seen there now. Nobody may want it any more, and then no
 * kind tells that it could not look: without this, taking down a host whose engine is stopped would find nothing to do.
 */
function unseen(view: HostView, registry: Registry): readonly (readonly [ResourceId, Diagnostic])[] {
  const { unread, applied } = view.inventory;
  if (Object.keys(unread).length === 0) return [];
  const byPart = new Map<InventoryPart, ResourceId[]>();
  for (const id of Object.keys(applied?.specs ?? {})) {
    const part = registry.get(parseResourceId(id)?.kind ?? '')?.reads?.find(p => unread[p] !== undefined);
    if (part === undefined) continue;
    const ids = byPart.get(part);
    if (ids) ids.push(id);
    else byPart.set(part, [id]);
  }
  return [...byPart].flatMap(([part, ids]) => {
    const why = unseenText(view, part, ids);
    return ids.map(id => [id, why] as const);
  });
}

/** One for all that can't be seen for the same reason, however many they are. */
function unseenText(
  { host, facts, inventory }: HostView,
  part: InventoryPart,
  ids: readonly ResourceId[],
): Diagnostic {
  const [first, ...more] = [...ids].sort();
  const what = `${first}${more.length === 0 ? '' : ` and ${more.length} more`}`;
  const summary = `could not read ${part}: ${inventory.unread[part]}; ${what} ${more.length === 0 ? 'was' : 'were'} made there and may still be`;
  const hint = part === 'vpp' && facts.vpp && facts.vpp.is !== 'running' ? { hint: facts.vpp.hint } : {};
  return { severity: 'error', code: 'host.unread', summary, host, ...hint };
}

/** A host that nobody read is not an empty host. */
function unread(resource: Resource): Observation {
  const summary = `host ${resource.host} was not read, so it is unknown whether ${resource.name} is there`;
  return { is: 'unknown', why: { severity: 'error', code: 'host.unread', summary, host: resource.host } };
}

function observationOf(found: Found<unknown>): Observation {
  switch (found.is) {
    case 'ours':
      return { is: 'present', state: found.state, ...(found.group && { group: found.group }) };
    case 'foreign':
      return { is: 'foreign', holder: found.holder, ...(found.adoptable && { adoptable: true }) };
    case 'unknown':
      return { is: 'unknown', why: found.why };
  }
}

function strayOf(found: Found<unknown> & { is: 'ours' }, kind: string, host: string): Stray {
  const name = parseResourceId(found.id)?.name ?? found.id;
  return {
    id: found.id,
    kind,
    host,
    name,
    group: found.group ?? { is: 'host', name: host },
    state: found.state,
  };
}
