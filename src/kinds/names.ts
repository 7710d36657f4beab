import {
  markPrefix,
  parseResourceId,
  resourceId,
  type Difference,
  type EngineContainer,
  type Found,
  type Inventory,
  type NameBlock,
  type ResourceId,
  type ResourceKind,
  type Scope,
} from '../core/index.js';
import { removeNames, writeNames } from '../tools/index.js';
import { markOf } from './marks.js';
import { unread } from './unread.js';

/** What a container is to know by name, beside what its engine tells it. */
export interface NamesSpec {
  readonly container: ResourceId;
  readonly containerName: string;
  /** Undefined where the container does not run: its hosts file will be another one once it does. */
  readonly running: { readonly id: string; readonly hostsFile: string } | undefined;
  /** Of a hosts file, `ADDRESS NAME` each, sorted by name. One text, for it is compared and digested once per container. */
  readonly lines: string;
  readonly topology: string;
}

export interface NamesState {
  /** Undefined where there is nothing to look at, the container not running. */
  readonly lines: string | undefined;
  /** Of a container that no one wants names in any more. */
  readonly left?: { readonly hostsFile: string; readonly containerName: string; readonly topology: string };
}

/** topo's block in a container's hosts file. The engine drops it at every start of the container. */
export const names: ResourceKind<NamesSpec, NamesState> = {
  name: 'names',
  noun: 'name list',
  after: ['container', 'holder', 'sandbox'],
  derived: 'the addresses of the containers are known',
  reads: ['containers', 'nameBlocks'],
  dependsOn: ({ spec }) => [{ on: spec.container, because: 'it is in its hosts file' }],
  read: (inventory, scope) =>
    unread(inventory, ['containers', 'nameBlocks'], scope) ?? [
      ...findWanted(inventory, scope),
      ...findLeft(inventory, scope),
    ],
  diff: (want, have) =>
    want.running && have.lines !== undefined && have.lines !== want.lines
      ? differences(want.lines, have.lines)
      : [],
  without: (have, { spec }, gone) => (gone.has(spec.container) ? undefined : have),
  steps(change) {
    if (change.verb === 'delete') {
      const { left } = change.have;
      return left ? [removeNames(left.hostsFile, markPrefix(left.topology), left.containerName)] : [];
    }
    const { mark, spec } = change.want;
    const prefix = markPrefix(spec.topology);
    return spec.running
      ? [writeNames(spec.running.hostsFile, prefix, mark, spec.lines, spec.containerName)]
      : [];
  },
};

function findWanted(inventory: Inventory, { wanted }: Scope<NamesSpec>): readonly Found<NamesState>[] {
  const blocks = new Map(inventory.nameBlocks.map(b => [b.container, b]));
  return wanted.flatMap(({ id, spec }): readonly Found<NamesState>[] => {
    if (!spec.running) return [{ is: 'ours', id, state: { lines: undefined } }];
    const block = blocks.get(spec.running.id);
    return block ? [{ is: 'ours', id, state: { lines: block.lines } }] : [];
  });
}

/** Blocks in running containers that are on no switch any more. */
function findLeft(inventory: Inventory, scope: Scope<NamesSpec>): readonly Found<NamesState>[] {
  const wanted = new Set(scope.wanted.map(w => w.spec.running?.id));
  const containers = new Map(inventory.containers.map(c => [c.id, c]));
  return inventory.nameBlocks
    .filter(b => !wanted.has(b.container) && b.mark.startsWith(markPrefix(scope.topology)))
    .flatMap(block => {
      const container = containers.get(block.container);
      return container?.state === 'running' ? [leftIn(container, block, scope)] : [];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function leftIn(
  container: EngineContainer,
  { file, lines }: NameBlock,
  { host, topology }: Scope<NamesSpec>,
): Found<NamesState> {
  const mark = markOf(container.labels);
  const name = parseResourceId(mark?.id ?? '')?.name ?? container.name;
  const left = { hostsFile: file, containerName: container.name, topology };
  return {
    is: 'ours',
    id: resourceId(host, 'names', name),
    state: { lines, left },
    ...(mark?.group && { group: mark.group }),
  };
}

/** How many names are told one by one. */
const FEW = 4;

function differences(want: string, have: string): readonly Difference[] {
  const [before, after] = [addresses(have), addresses(want)];
  const all = [...new Set([...before.keys(), ...after.keys()])].sort();
  const differing = all.filter(name => before.get(name) !== after.get(name));
  if (differing.length === 0) return [{ field: 'lines', have: 'changed by hand', want: 'as written' }];
  if (differing.length > FEW) {
    const count = (of: ReadonlyMap<string, string>): string => `${of.size} entries`;
    const want = `${count(after)}, ${differing.length} of them new or changed`;
    return [{ field: 'names', have: count(before), want }];
  }
  return differing.map(name => ({
    field: name,
    have: before.get(name) ?? 'missing',
    want: after.get(name) ?? 'absent',
  }));
}

/** By name; several addresses of one name in their order. */
function addresses(lines: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines.split('\n')) {
    const [address = '', ...called] = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
    for (const name of called) found.set(name, found.has(name) ? `${found.get(name)}, ${address}` : address);
  }
  return found;
}
