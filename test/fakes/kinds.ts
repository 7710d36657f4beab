import {
  type Change,
  type Claim,
  type Dependency,
  type Difference,
  type Found,
  type Inventory,
  type Link,
  markPrefix,
  type Registry,
  type Resource,
  resourceId,
  type ResourceKind,
  type Scope,
  type Step,
} from '../../src/core/index.js';
import type { BaseSpec, BoxSpec, CellSpec, Fields, PartSpec, SetSpec } from './specs.js';

/** A kind that reads its things from the fake inventory's links and puts and deletes them whole by `world` commands. */
interface Traits<Spec> {
  readonly name: string;
  readonly after: readonly string[];
  /** Fields without an update in place. */
  readonly fixed: readonly string[];
  readonly depends?: (resource: Resource<Spec>) => readonly Dependency[];
  readonly without?: ResourceKind<Spec, Fields>['without'];
  readonly steps?: ResourceKind<Spec, Fields>['steps'];
  /** What of some fields one thing of a host has to itself. */
  readonly claims?: (fields: Fields) => readonly Claim[];
  readonly letGo?: ResourceKind<Spec, Fields>['letGo'];
}

function fakeKind<Spec extends object>(traits: Traits<Spec>): ResourceKind<Spec, Fields> {
  return {
    name: traits.name,
    noun: traits.name,
    after: traits.after,
    reads: ['links'],
    dependsOn: resource => traits.depends?.(resource) ?? [],
    read: (inventory, scope) => read(traits.name, inventory, scope),
    diff: (want, have) => differences(want as Fields, have, traits.fixed),
    ...(traits.without && { without: traits.without }),
    ...(traits.claims && {
      claims: want => traits.claims!(want.spec as Fields),
      holds: have => traits.claims!(have),
    }),
    ...(traits.letGo && { letGo: traits.letGo }),
    steps: traits.steps ?? (change => commandSteps(traits.name, change as Change<Fields, Fields>)),
    destructive: change => change.verb === 'replace' || change.verb === 'delete',
  };
}

function read<Spec>(kind: string, inventory: Inventory, scope: Scope<Spec>): readonly Found<Fields>[] {
  const why = inventory.unread.links;
  if (why !== undefined) {
    const diagnostic = {
      severity: 'error',
      code: 'host.unreadable',
      summary: why,
      host: scope.host,
    } as const;
    return scope.wanted.map(({ id }) => ({ is: 'unknown', id, why: diagnostic }));
  }
  const links = inventory.links.filter(link => link.kind === kind);
  const wanted = new Map(scope.wanted.map(r => [r.name, r.id]));
  return links.flatMap((link): Found<Fields>[] => {
    if (link.alias.startsWith(markPrefix(scope.topology)))
      return [{ is: 'ours', id: idOf(link), state: link.data }];
    const id = wanted.get(link.name);
    return id === undefined ? [] : [{ is: 'foreign', id, holder: `an unmarked ${kind} called ${link.name}` }];
  });
}

function idOf(link: Link): string {
  return link.alias.split(' ')[1]!;
}

function differences(want: Fields, have: Fields, fixed: readonly string[]): readonly Difference[] {
  const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  return Object.keys(want)
    .filter(field => field !== 'peer' && show(want[field]) !== show(have[field]))
    .map(field => ({
      field,
      have: show(have[field]),
      want: show(want[field]),
      ...(fixed.includes(field) && { replace: true as const }),
    }));
}

function commandSteps(kind: string, change: Change<Fields, Fields>): readonly Step[] {
  const command = (verb: string, id: string, stdin?: string): Step => ({
    via: 'exec',
    mutates: true,
    label: `${verb} ${kind}`,
    argv: ['world', verb, kind, id],
    ...(stdin !== undefined && { stdin }),
  });
  if (change.verb === 'delete') return [command('del', change.id)];
  const put = command(
    'put',
    change.want.id,
    JSON.stringify({ mark: change.want.mark, fields: change.want.spec }),
  );
  return change.verb === 'replace' ? [command('del', change.want.id), put] : [put];
}

const base = fakeKind<BaseSpec>({
  name: 'base',
  after: [],
  fixed: ['subnet'],
  claims: ({ subnet }) => [`number ${String(subnet)}`],
});

const part = fakeKind<PartSpec>({
  name: 'part',
  after: ['base'],
  fixed: ['base', 'shape'],
  depends: r => [{ on: resourceId(r.host, 'base', r.spec.base), because: 'a part goes with its base' }],
  without: (have, want, gone) =>
    gone.has(resourceId(want.host, 'base', String(have.base))) ? undefined : have,
});

const set = fakeKind<SetSpec>({
  name: 'set',
  after: ['part', 'box'],
  fixed: [],
  depends: r => [
    ...Object.keys(r.spec.members).map(name => ({
      on: resourceId(r.host, 'part', name),
      because: 'it is a member',
    })),
    ...(r.spec.peer === undefined ? [] : [{ on: r.spec.peer, because: 'it is the peer' }]),
  ],
  without: (have, want, gone) => {
    const members = Object.entries(have.members as Fields).filter(
      ([name]) => !gone.has(resourceId(want.host, 'part', name)),
    );
    return { ...have, members: Object.fromEntries(members) };
  },
});

const box = fakeKind<BoxSpec>({
  name: 'box',
  after: ['base'],
  fixed: ['image'],
  depends: r =>
    r.spec.bases.map(name => ({ on: resourceId(r.host, 'base', name), because: 'it is connected again' })),
  without: (have, want, gone) => {
    const bases = (have.bases as readonly string[]).filter(
      name => !gone.has(resourceId(want.host, 'base', name)),
    );
    return { ...have, bases };
  },
  claims: ({ port }) => (typeof port === 'number' ? [`port ${port}`] : []),
  letGo: (want, have) => ({
    steps: [boxCall(want.id, 'POST', '/port', { port: null })],
    left: { ...have, port: null },
  }),
  steps: boxSteps,
});

function boxCall(id: string, method: 'POST' | 'DELETE', path: string, body?: unknown): Step {
  return {
    via: 'docker',
    mutates: true,
    label: `${method} ${path}`,
    method,
    path: `/box/${encodeURIComponent(id)}${path}`,
    ...(body !== undefined && { body }),
    accept: [304, 404],
  };
}

/** Boxes are made by several calls, like containers: a crash in between leaves half of one. */
function boxSteps(change: Change<BoxSpec, Fields>): readonly Step[] {
  const id = change.verb === 'delete' ? change.id : change.want.id;
  const call = (method: 'POST' | 'DELETE', path: string, body?: unknown): Step =>
    boxCall(id, method, path, body);
  if (change.verb === 'delete') return [call('DELETE', '')];
  const { bases, limit, image, port } = change.want.spec;
  const old = change.verb === 'update' ? (change.have.bases as readonly string[]) : [];
  const had = change.verb === 'update' ? change.have.port : null;
  return [
    ...(change.verb === 'replace' ? [call('DELETE', '')] : []),
    ...(change.verb === 'update' ? [] : [call('POST', '/create', { mark: change.want.mark, image })]),
    ...old.filter(name => !bases.includes(name)).map(name => call('POST', '/disconnect', { base: name })),
    ...bases.filter(name => !old.includes(name)).map(name => call('POST', '/connect', { base: name })),
    ...((port ?? null) === (had ?? null) ? [] : [call('POST', '/port', { port: port ?? null })]),
    call('POST', '/limit', { limit }),
  ];
}

const cell = fakeKind<CellSpec>({ name: 'cell', after: [], fixed: ['engine'] });

/** Everything the engine is told of the fake world's kinds. */
export const fakeRegistry: Registry = new Map<string, ResourceKind<unknown, unknown>>(
  [base, part, box, set, cell].map(kind => [kind.name, kind as ResourceKind<unknown, unknown>]),
);
