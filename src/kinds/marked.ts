import { parseResourceId, type Found, type Resource, type ResourceId, type Scope } from '../core/index.js';
import { ADOPTED } from '../tools/index.js';
import { markOf, type Mark } from './marks.js';

/** What the engine keeps under a name, with labels. */
export interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** How a kind makes its state of what the engine lists; `want` is undefined for strays. */
export type StateOf<Item, Spec, State> = (item: Item, mark: Mark, want: Resource<Spec> | undefined) => State;

/**
 * The wanted ones and the strays among what the engine lists. A wanted one is known by its id, wherever it was renamed to;
 * else by its name, if what has that name is of this topology and not wanted for itself (the id moved: say, a stack was
 * renamed). Whatever else has its name is foreign. Wanted ones come in their own order, then strays sorted by id. `kind`: where the
 * engine's list has things of several kinds, that which is looked for.
 */
export function findMarked<Spec extends { readonly name: string }, Item extends Labelled, State>(
  scope: Scope<Spec>,
  items: readonly Item[],
  stateOf: StateOf<Item, Spec, State>,
  describe: (item: Item) => string,
  kind?: string,
): readonly Found<State>[] {
  const wanted = new Set(scope.wanted.map(r => r.id));
  const all = items.flatMap(item => {
    const mark = markOf(item.labels);
    return mark?.topology === scope.topology ? [{ item, mark }] : [];
  });
  const ours = kind === undefined ? all : all.filter(o => parseResourceId(o.mark.id)?.kind === kind);
  const taken = new Set<Item>();
  const found = scope.wanted.flatMap((want): readonly Found<State>[] => {
    const named = (item: Item): boolean => item.name === want.spec.name;
    const same = ours.filter(o => o.mark.id === want.id);
    const own =
      same.find(o => named(o.item)) ?? same[0] ?? ours.find(o => named(o.item) && !wanted.has(o.mark.id));
    if (own) {
      taken.add(own.item);
      return [{ is: 'ours', id: want.id, state: stateOf(own.item, own.mark, want) }];
    }
    const holder = items.find(named);
    const isStray = holder !== undefined && all.some(o => o.item === holder);
    return holder && !isStray ? [foreign(want.id, describe(holder), holder)] : [];
  });
  const strays = ours
    .filter(o => !wanted.has(o.mark.id) && !taken.has(o.item))
    .sort((a, b) => (a.mark.id < b.mark.id ? -1 : 1))
    .map(({ item, mark }): Found<State> => {
      const group = mark.group && { group: mark.group };
      return { is: 'ours', id: mark.id, state: stateOf(item, mark, undefined), ...group };
    });
  return [...found, ...strays];
}

function foreign(id: ResourceId, holder: string, { labels }: Labelled): Found<never> {
  return { is: 'foreign', id, holder, ...(labels[ADOPTED] === 'could' && { adoptable: true }) };
}

/** What a topology is to make, and what is external: there already, and somebody else's. */
export function byOwner<Spec extends { readonly external?: true }>(
  wanted: readonly Resource<Spec>[],
): { readonly own: readonly Resource<Spec>[]; readonly external: readonly Resource<Spec>[] } {
  return { own: wanted.filter(w => !w.spec.external), external: wanted.filter(w => w.spec.external) };
}

/** `container web (image nginx, running)`, and whose it is where another topology made it. */
export function holderText(item: Labelled, noun: string, details: string): string {
  const other = markOf(item.labels)?.topology;
  return `${noun} ${item.name} (${details})${other === undefined ? '' : ` of topology '${other}'`}`;
}
