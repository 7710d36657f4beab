import {
  canonicalJson,
  digest,
  type Diagnostic,
  type EngineVolume,
  type Found,
  type Inventory,
  type ResourceKind,
  type Scope,
} from '../core/index.js';
import { adopt, createVolume, removeVolume } from '../tools/index.js';
import { adoptionDifference, adoptionOf, disownSteps, type Adoption } from './adoption.js';
import { byOwner, findMarked, holderText } from './marked.js';
import { marks } from './marks.js';
import { unread } from './unread.js';

/** A named volume. */
export interface VolumeSpec {
  readonly name: string;
  /** Absent: `local`. */
  readonly driver?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** The user's and Compose's. */
  readonly labels: Readonly<Record<string, string>>;
  readonly topology: string;
  /** It is there already and somebody else's: only looked for. */
  readonly external?: true;
}

export interface VolumeState {
  readonly name: string;
  readonly adopted?: Adoption;
}

/** Holds data: once there it is as wanted, whatever its labels say, and is never replaced. */
export const volume: ResourceKind<VolumeSpec, VolumeState> = {
  name: 'volume',
  noun: 'volume',
  after: [],
  reads: ['volumes'],
  dependsOn: () => [],
  read: (inventory, scope) =>
    unread(inventory, ['volumes'], scope) ?? [
      ...findOwn(inventory, scope),
      ...byOwner(scope.wanted).external.map(w => findExternal(inventory, scope, w)),
    ],
  diff: (_, have) => adoptionDifference(have.adopted),
  steps(change) {
    if (change.verb === 'delete') {
      const { name, adopted } = change.have;
      return [removeVolume(name), ...disownSteps(adopted, { noun: 'volume', ref: name }, name)];
    }
    const { id, group, spec } = change.want;
    if (spec.external) return [];
    const mark = marks({
      topology: spec.topology,
      id,
      group,
      hash: digest(spec.name),
      spec: { labels: spec.labels },
    });
    if (change.verb !== 'create') {
      const { name: ref } = change.have;
      return [adopt({ noun: 'volume', ref, topology: spec.topology, labels: mark }, ref)];
    }
    return [
      createVolume({
        Name: spec.name,
        Driver: spec.driver ?? 'local',
        ...(Object.keys(spec.options ?? {}).length > 0 && { DriverOpts: spec.options! }),
        Labels: { ...spec.labels, ...mark },
      }),
    ];
  },
  destructive: change => change.verb === 'delete',
};

/** Those that the topology made or is to make. What is declared external now is nobody's stray. */
function findOwn(inventory: Inventory, scope: Scope<VolumeSpec>): readonly Found<VolumeState>[] {
  const { own: wanted, external } = byOwner(scope.wanted);
  const others = new Set(external.map(w => w.spec.name));
  const listed = inventory.volumes.filter(v => !others.has(v.name));
  const found = findMarked<VolumeSpec, EngineVolume, VolumeState & EngineVolume>(
    { ...scope, wanted },
    listed,
    (item, mark) => ({ ...item, ...adoptionOf(mark) }),
    v => holderText(v, 'volume', `driver ${v.driver}`),
  );
  const specs = new Map(wanted.map(w => [w.id, w.spec]));
  return found.flatMap((one): readonly Found<VolumeState>[] => {
    if (one.is !== 'ours') return [one];
    const spec = specs.get(one.id);
    if (spec && spec.name !== one.state.name) return []; // The file gave it another name: that is another volume.
    const why = spec && otherwise(spec, one.state, scope.host);
    return [why ? { is: 'unknown', id: one.id, why } : { ...one, state: stateOf(one.state) }];
  });
}

function stateOf({ name, adopted }: VolumeState): VolumeState {
  return { name, ...(adopted && { adopted }) };
}

function findExternal(
  inventory: Inventory,
  { host }: Scope<VolumeSpec>,
  { id, spec }: Scope<VolumeSpec>['wanted'][number],
): Found<VolumeState> {
  if (inventory.volumes.some(v => v.name === spec.name))
    return { is: 'ours', id, state: { name: spec.name } };
  const why: Diagnostic = {
    severity: 'error',
    code: 'volume.absent',
    summary: `there is no volume ${spec.name} on ${host}, and it is external`,
    hint: `make it there: docker volume create ${spec.name}; or leave external out, for topo to make it`,
    host,
  };
  return { is: 'unknown', id, why };
}

/**
 * An engine can't give a volume another driver or other options, and to make it again would lose what is in it. Of the options of other
 * drivers than the engine's own it is not known how they are listed.
 */
function otherwise(spec: VolumeSpec, have: EngineVolume, host: string): Diagnostic | undefined {
  const { driver = 'local', options = {} } = spec;
  const hasSame = driver !== 'local' || canonicalJson(options) === canonicalJson(have.options);
  if (driver === have.driver && hasSame) return undefined;
  const what =
    driver === have.driver
      ? `other driver_opts (${namesThatDiffer(options, have.options).join(', ')})`
      : `the driver ${have.driver}, not ${driver}`;
  return {
    severity: 'error',
    code: 'volume.changed',
    summary: `volume ${spec.name} was made with ${what}, and can't be changed`,
    hint: `give the volume another name; or save what is in it and remove it by hand (docker volume rm ${spec.name} on ${host}), for topo to make it anew`,
    host,
  };
}

/** Without the values: some are passwords. */
function namesThatDiffer(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(name => a[name] !== b[name]).sort();
}
