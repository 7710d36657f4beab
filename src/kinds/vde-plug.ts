import { markPrefix, VDE_NO_VLAN, VDE_UNTAGGED } from '../core/index.js';
import type {
  Difference,
  Found,
  Inventory,
  PortVlans,
  ResourceId,
  ResourceKind,
  VdePlug,
  VdePort,
} from '../core/index.js';
import { setVdeVlans, startVdePlug, stopVdePlug, vdePlugStem, type VdePlugPlace } from '../tools/index.js';
import { changed } from './fields.js';
import { idsOfMarks } from './recorded.js';
import { unread } from './unread.js';

/** A vde_plug2tap process: a port of a switch, and at its other end a tap, which it makes and which goes with it. */
export interface VdePlugSpec extends VdePlugPlace {
  readonly topology: string;
  readonly key: string;
  /** Absent: somebody else runs the switch. */
  readonly switch?: ResourceId;
}

export interface VdePlugState extends VdePlug {
  /** The port that it is in; `none`: the switch knows nothing of it; absent: the switch was not asked. */
  readonly port?: VdePort | 'none';
}

/**
 * Known by the notes on it. When its tap goes, with the namespace of a container that ended, it runs on and holds a port for nothing;
 * when its switch goes, so does it (both seen).
 */
export const vdePlug: ResourceKind<VdePlugSpec, VdePlugState> = {
  name: 'vde_plug',
  noun: 'VDE plug',
  after: ['sandbox', 'vde_switch'],
  reads: ['vde'],
  dependsOn: ({ spec }) =>
    spec.switch === undefined ? [] : [{ on: spec.switch, because: 'it is plugged into that switch' }],
  read(inventory, scope) {
    const missing = unread(inventory, ['vde'], scope);
    if (missing) return missing;
    const { topology, wanted } = scope;
    const idOf = idsOfMarks(inventory, scope, 'vde_plug');
    const byKey = new Map(wanted.map(w => [w.spec.key, w]));
    const own = inventory.vde.plugs.filter(p => p.topology === topology);
    return own.map((plug): Found<VdePlugState> => {
      const want = byKey.get(plug.key);
      const id = want?.id ?? idOf(`${markPrefix(topology)}${plug.key}`);
      const port = want && portOf(inventory, want.spec, plug);
      return { is: 'ours', id, state: { ...plug, ...(port && { port }) } };
    });
  },
  diff(want, have) {
    if (have.pid === undefined) return [anew('process', 'dead', 'running')];
    if (have.tap === undefined) return [anew('tap', 'gone', want.tap)];
    if (have.directory !== want.directory) return [anew('switch', have.directory, want.directory)];
    if (have.port === 'none') return [anew('port', 'none', 'one of the switch')];
    return have.port ? vlanDifferences(want.vlans, have.port) : [];
  },
  without: (have, want, gone) =>
    want.spec.switch !== undefined && gone.has(want.spec.switch) ? undefined : have,
  steps(change) {
    switch (change.verb) {
      case 'create':
      case 'replace':
        return [startVdePlug(change.want.spec)];
      case 'update': {
        const { vlans, stem } = change.want.spec;
        const tagged = typeof change.have.port === 'object' ? change.have.port.tagged : [];
        return vlans
          ? [
              setVdeVlans(
                stem,
                vlans,
                tagged.filter(id => !vlans.tagged.includes(id)),
              ),
            ]
          : [];
      }
      case 'delete':
        return [stopVdePlug(vdePlugStem(change.have.topology, change.have.key))];
    }
  },
};

function portOf(
  { vde }: Inventory,
  { management = '' }: VdePlugSpec,
  { pid }: VdePlug,
): VdePlugState['port'] {
  const ports = vde.ports[management];
  if (!ports || ports.length === 0 || pid === undefined) return undefined;
  return ports.find(port => port.pids.includes(pid)) ?? 'none';
}

/** A port with VLANs is kept for its plug, so that no guest of others comes into them; any other can't be told anything for long. */
function vlanDifferences(want: PortVlans | undefined, have: VdePort): readonly Difference[] {
  const kept = want !== undefined;
  if (have.isKept !== kept) return [anew('port', have.isKept ? 'kept' : 'any', kept ? 'kept' : 'any')];
  const untagged = want ? (want.untagged ?? VDE_NO_VLAN) : VDE_UNTAGGED;
  const differences = [
    ...changed('untagged VLAN', vlanText(have.untagged), vlanText(untagged)),
    ...changed('tagged VLANs', have.tagged.join(' ') || 'none', want?.tagged.join(' ') || 'none'),
  ];
  return kept ? differences : differences.map(d => ({ ...d, replace: true as const }));
}

function vlanText(id: number): string {
  return id === VDE_NO_VLAN ? 'none' : `${id}`;
}

function anew(field: string, have: string, want: string): Difference {
  return { field, have, want, replace: true };
}
