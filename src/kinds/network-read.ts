import {
  overlap,
  parsePrefix,
  type Diagnostic,
  type EngineNetwork,
  type Found,
  type Inventory,
  type Resource,
  type ResourceId,
  type Scope,
} from '../core/index.js';
import { adoptionOf, type Adoption } from './adoption.js';
import { byOwner, findMarked, holderText } from './marked.js';
import { markOf, type Mark } from './marks.js';
import {
  bridgeOf,
  foundFields,
  inspectedFields,
  networkFields,
  type NetworkFields,
} from './network-fields.js';
import type { NetworkSpec } from './network-spec.js';
import { unread } from './unread.js';

/** A network as it is, with the containers on it, stopped ones included. */
export interface NetworkState {
  readonly id: string;
  readonly name: string;
  /** Whom its labels say it was made for, and who wants it now. */
  readonly madeFor: ResourceId;
  readonly wantedBy: ResourceId | undefined;
  readonly fields: NetworkFields;
  readonly adopted?: Adoption;
  /** All that the engine lists, those that it chose by itself as well. */
  readonly subnets: readonly string[];
  readonly attached: readonly { readonly id: string; readonly name: string; readonly ours: boolean }[];
}

/** The networks of a topology on a host. A wanted one whose bridge device or addresses somebody else has is foreign. */
export function findNetworks(
  inventory: Inventory,
  scope: Scope<NetworkSpec>,
): readonly Found<NetworkState>[] {
  const blind = unread(inventory, ['networks', 'containers'], scope);
  if (blind) return blind;
  const { own, external } = byOwner(scope.wanted);
  const others = new Set(external.map(w => w.spec.name));
  const found = findMarked<NetworkSpec, EngineNetwork, NetworkState>(
    { ...scope, wanted: own },
    inventory.networks.filter(n => !others.has(n.name)),
    (item, mark, want) => stateOf(item, mark, want, inventory, scope.topology),
    describe,
  );
  const known = new Set(found.map(f => f.id));
  const held = own.flatMap(({ id, spec }): readonly Found<NetworkState>[] => {
    const holder = known.has(id) ? undefined : holderOf(inventory, scope.topology, spec);
    return holder === undefined ? [] : [{ is: 'foreign', id, holder }];
  });
  return [...found, ...held, ...external.map(want => findExternal(want, inventory, scope))];
}

function stateOf(
  item: EngineNetwork,
  mark: Mark,
  want: Resource<NetworkSpec> | undefined,
  inventory: Inventory,
  topology: string,
): NetworkState {
  const { adopted } = mark;
  const wanted = want && networkFields(want.spec);
  const applied = adopted === 'now' ? inspectedFields(item.inspected, wanted) : appliedFields(mark.spec);
  const fields = foundFields(item, applied, wanted);
  // Which bridge the engine chose for it matters to nobody but a switch.
  const keeps = adopted && want && !want.spec.fabric && CHOSEN.test(want.spec.bridge);
  return {
    id: item.id,
    name: item.name,
    madeFor: mark.id,
    wantedBy: want?.id,
    fields: keeps ? { ...fields, bridge: wanted?.bridge } : fields,
    ...adoptionOf(mark),
    subnets: item.subnets,
    attached: attachedTo(item, inventory, topology),
  };
}

/** The names that topo chooses for bridges. */
const CHOSEN = /^tb[a-z2-7]{10}$/;

function findExternal(
  want: Resource<NetworkSpec>,
  inventory: Inventory,
  { host, topology }: Scope<NetworkSpec>,
): Found<NetworkState> {
  const { id, spec } = want;
  const item = inventory.networks.find(n => n.name === spec.name);
  if (item)
    return {
      is: 'ours',
      id,
      state: stateOf(item, { topology, id, hash: '', spec: undefined }, want, inventory, topology),
    };
  const why: Diagnostic = {
    severity: 'error',
    code: 'network.absent',
    summary: `there is no network ${spec.name} on ${host}, and it is external`,
    hint: `make it there: docker network create ${spec.name}; or leave external out, for topo to make it`,
    host,
  };
  return { is: 'unknown', id, why };
}

function attachedTo(item: EngineNetwork, inventory: Inventory, topology: string): NetworkState['attached'] {
  const on = inventory.containers.filter(c => {
    const endpoint = c.networks[item.name];
    return endpoint !== undefined && (endpoint.networkId === '' || endpoint.networkId === item.id);
  });
  return on.map(c => ({ id: c.id, name: c.name, ours: markOf(c.labels)?.topology === topology }));
}

/** The engine would take over a bridge device that is there (seen on 20.10), and refuse addresses that a network has. */
function holderOf(inventory: Inventory, topology: string, want: NetworkSpec): string | undefined {
  const others = inventory.networks.filter(n => markOf(n.labels)?.topology !== topology);
  const { bridge } = networkFields(want);
  const sameBridge = others.find(n => bridge !== undefined && bridgeOf(n) === bridge);
  if (sameBridge) return describe(sameBridge);
  const overlapping = others.find(n => overlaps(n.subnets, want.subnets));
  if (overlapping) return describe(overlapping);
  if (bridge === undefined) return undefined;
  const isOurs = inventory.networks.some(n => bridgeOf(n) === want.bridge);
  const device = isOurs ? undefined : inventory.links.find(l => l.name === want.bridge);
  return device && `network device ${device.name}`;
}

function overlaps(theirs: readonly string[], wanted: NetworkSpec['subnets']): boolean {
  const prefixes = theirs.flatMap(s => parsePrefix(s) ?? []);
  return wanted.flatMap(w => parsePrefix(w.subnet) ?? []).some(w => prefixes.some(p => overlap(p, w)));
}

function describe(item: EngineNetwork): string {
  return holderText(item, 'network', [item.driver, ...item.subnets].join(', '));
}

/** What was last applied is what `networkFields` gave then, gone through JSON. */
function appliedFields(spec: unknown): Partial<NetworkFields> {
  return typeof spec === 'object' && spec !== null ? spec : {};
}
