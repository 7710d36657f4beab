import { resourceId } from '../core/index.js';
import type {
  Difference,
  Found,
  Inventory,
  Link,
  Resource,
  ResourceId,
  ResourceKind,
  Scope,
  Step,
  ValeDriver,
  ValeInventory,
  ValePort,
  ValeRecord,
} from '../core/index.js';
import {
  attachPort,
  detachPort,
  plainFrames,
  releaseDevice,
  takeDevice,
  type Feature,
  type Sender,
} from '../tools/index.js';
import { isOurs } from './device.js';
import { changed } from './fields.js';
import { portClaim } from './plug.js';
import { offloadDifferences, offloadersOf } from './senders.js';
import { unread } from './unread.js';

/** A device of the host that is attached to a VALE switch. The switch is nothing but what is attached to it. */
export interface ValePortSpec {
  readonly topology: string;
  /** The words that vale-ctl is called with. */
  readonly ctl: readonly string[];
  /** VALE's name of the switch. */
  readonly switch: string;
  /** `id`: the wire that it is an end of; absent: it is the host's own. */
  readonly device: { readonly id?: ResourceId; readonly name: string };
  /** Bytes. */
  readonly mtu: number;
  readonly hostStack: boolean;
  readonly driver: ValeDriver;
  /** Devices whose frames come to the switch, and have to come whole. */
  readonly senders: readonly Sender[];
  /** What a device of the host's own must not do to frames, while it is attached. */
  readonly without: readonly Feature[];
}

/** What is in VALE's list for it: mostly one port, but a device that is gone stays on its switch when the next one goes to another. */
export interface ValePortState {
  readonly topology: string;
  readonly ctl: readonly string[];
  readonly ports: readonly {
    readonly port: ValePort;
    /** What was written down when it was attached. */
    readonly record?: ValeRecord;
    /** The device of that name as it is now, where it is the one that was attached. */
    readonly link?: Link;
    /** How a device of the host's own was before it was taken stands on the host. */
    readonly isTaken: boolean;
  }[];
  /** Senders whose frames do not come whole. */
  readonly offloaders: readonly Sender[];
  /** What of a device of the host's own is not as a switch needs it. */
  readonly amiss: readonly Difference[];
}

/**
 * A kernel hangs where an attached device, its other end, or the container with that goes, until somebody detaches it: so this goes
 * first, and so does what was left in the list by a container that was killed. It is ours by the mark of the device, or, once that
 * is gone, by what was written down of it on the host.
 */
export const valePort: ResourceKind<ValePortSpec, ValePortState> = {
  name: 'vale_port',
  noun: 'VALE port',
  after: ['container', 'enslave', 'holder', 'tap', 'tunnel', 'veth'],
  reads: ['vale', 'links'],
  goesFirst: true,
  dependsOn: ({ spec }) =>
    spec.device.id === undefined ? [] : [{ on: spec.device.id, because: 'its device is an end of it' }],
  read(inventory, scope) {
    const missing = unread(inventory, ['vale', 'links'], scope);
    if (missing) return missing;
    const { vale } = inventory;
    return vale
      ? [
          ...scope.wanted.flatMap(want => readWanted(vale, inventory, want)),
          ...strays(vale, inventory, scope),
          ...forgotten(vale, scope),
        ]
      : [];
  },
  diff: (want, { ports, offloaders, amiss }) => [
    ...differences(want, ports),
    ...amiss,
    ...offloadDifferences(offloaders).map(({ mend: _, ...difference }) => difference),
  ],
  claims: ({ spec }) => [portClaim(spec.device.name)],
  holds: ({ ports }) => ports.map(({ port }) => portClaim(port.device)),
  without: (have, want, gone) =>
    want.spec.device.id !== undefined && gone.has(want.spec.device.id) ? undefined : have,
  steps(change) {
    switch (change.verb) {
      case 'create':
        return attach(change.want);
      case 'update':
        return [
          ...change.have.offloaders.map(plainFrames),
          ...(change.have.amiss.length > 0 ? take(change.want.spec) : []),
        ];
      case 'replace':
        return [...detach(change.have), ...attach(change.want)];
      case 'delete':
        return detach(change.have);
    }
  },
};

function attach({ id, spec }: Resource<ValePortSpec>): readonly Step[] {
  const { device, switch: on, hostStack, driver, senders } = spec;
  return [
    ...senders.map(plainFrames),
    attachPort(spec, { switch: on, device: device.name, hostStack, driver, id }),
    ...take(spec),
  ];
}

/** netmap has a card give on no more than it did (seen), and takes what the kernel puts together for larger than its buffers (seen). */
function take({ device, topology, without }: ValePortSpec): readonly Step[] {
  return device.id === undefined ? [takeDevice(device.name, topology, without)] : [];
}

/** A device of the host's own is as it was before it is detached: what stands in the list is found again by a run after one that was killed. */
function detach({ ports, ...caller }: ValePortState): readonly Step[] {
  return ports.flatMap(({ port, isTaken }) => [
    ...(isTaken ? [releaseDevice(port.device, caller.topology)] : []),
    detachPort(caller, port),
  ]);
}

/** Nothing of a port can be changed while it is attached: with the adapter of a patched driver another MTU is the end of the kernel (seen). */
function differences(want: ValePortSpec, ports: ValePortState['ports']): readonly Difference[] {
  const [first, ...more] = ports;
  const found = [
    ...more.map(({ port }) => ({ field: 'attached', have: `also on ${port.switch}`, want: 'once' })),
    ...(first ? portDifferences(want, first) : []),
  ];
  return found.map(d => ({ ...d, replace: true as const }));
}

function portDifferences(
  want: ValePortSpec,
  { port, record, link }: ValePortState['ports'][number],
): readonly Omit<Difference, 'replace'>[] {
  if (!link)
    return [{ field: 'device', have: 'gone, and still in the list of its switch', want: 'attached' }];
  return [
    ...changed('switch', port.switch, want.switch),
    ...changed('device', port.device, want.device.name),
    ...changed('host stack', port.hostStack, want.hostStack),
    ...changed('driver', record?.driver ?? want.driver, want.driver),
    // Of a device of the host's own nothing else is changed.
    ...(want.device.id === undefined ? [] : changed('mtu', link.mtu, want.mtu)),
  ];
}

function readWanted(
  vale: ValeInventory,
  inventory: Inventory,
  { id, spec }: Resource<ValePortSpec>,
): readonly Found<ValePortState>[] {
  const own = portsOf(vale, inventory, spec.topology).filter(
    ({ port, record }) => record?.id === id || port.device === spec.device.name,
  );
  const listed = vale.ports.filter(p => p.device === spec.device.name);
  const foreign = listed.find(p => !own.some(o => o.port === p));
  if (foreign)
    return [
      {
        is: 'foreign',
        id,
        holder: `port ${foreign.device} of VALE switch ${foreign.switch}, which topo did not attach,`,
      },
    ];
  if (own.length === 0) return [];
  const offloaders = offloadersOf(spec.senders, inventory);
  const amiss = spec.device.id === undefined ? untaken(spec, inventory) : [];
  return [
    { is: 'ours', id, state: { topology: spec.topology, ctl: spec.ctl, ports: own, offloaders, amiss } },
  ];
}

/** What of a device of the host's own is not as it was taken. */
function untaken({ device: { name }, without }: ValePortSpec, inventory: Inventory): readonly Difference[] {
  const own = inventory.offloading.filter(o => o.device === name && o.path === undefined);
  const isPromiscuous = inventory.links.find(l => l.name === name)?.promiscuous === true;
  return [
    ...changed(`${name} promiscuity`, isPromiscuous ? 'on' : 'off', 'on'),
    ...(without.includes('gro') && own.some(o => o.joins)
      ? changed(`${name} joining of frames`, 'on', 'off')
      : []),
    ...(without.includes('tx') && own.some(o => !o.joins) ? changed(`${name} offloads`, 'on', 'off') : []),
  ];
}

/** Of what is attached for this topology: by the mark of its device, or by what was written down. */
function portsOf(vale: ValeInventory, { links, taken }: Inventory, topology: string): ValePortState['ports'] {
  const records = new Map(vale.records.map(r => [`${r.switch}:${r.device}`, r]));
  return vale.ports.flatMap(port => {
    const record = records.get(`${port.switch}:${port.device}`);
    const link = links.find(l => l.name === port.device);
    if (!record && !(link && isOurs(link, topology))) return [];
    const same = link && (record === undefined || record.index === link.index);
    const isTaken = taken.includes(port.device);
    return [{ port, ...(record && { record }), ...(same && { link }), isTaken }];
  });
}

function strays(
  vale: ValeInventory,
  inventory: Inventory,
  { topology, host, wanted }: Scope<ValePortSpec>,
): readonly Found<ValePortState>[] {
  const ids = new Set(wanted.map(w => w.id));
  const devices = new Set(wanted.map(w => w.spec.device.name));
  return portsOf(vale, inventory, topology).flatMap((one): readonly Found<ValePortState>[] => {
    const { port, record } = one;
    const id = record?.id ?? resourceId(host, 'vale_port', `${port.switch}:${port.device}`);
    if (ids.has(id) || devices.has(port.device)) return [];
    return [{ is: 'ours', id, state: { topology, ctl: vale.ctl, ports: [one], offloaders: [], amiss: [] } }];
  });
}

/** What was written down by a run that was killed before it attached that, or after it detached it; what is still wanted is written anew. */
function forgotten(
  vale: ValeInventory,
  { topology, host, wanted }: Scope<ValePortSpec>,
): readonly Found<ValePortState>[] {
  const named = (p: { readonly switch: string; readonly device: string }): string =>
    `${p.switch}:${p.device}`;
  const known = new Set([
    ...vale.ports.map(named),
    ...wanted.map(({ spec }) => named({ switch: spec.switch, device: spec.device.name })),
  ]);
  return vale.records.flatMap((record): readonly Found<ValePortState>[] => {
    if (known.has(named(record))) return [];
    const port = { switch: record.switch, device: record.device, hostStack: false };
    const state = {
      topology,
      ctl: vale.ctl,
      ports: [{ port, record, isTaken: false }],
      offloaders: [],
      amiss: [],
    };
    return [{ is: 'ours', id: resourceId(host, 'vale_port', named(record)), state }];
  });
}
