import { topologyOfMark } from '../core/index.js';
import type { Inventory, Link, ResourceId, VppInterface, VppState } from '../core/index.js';
import {
  createHostInterface,
  deleteHostInterface,
  hostInterfaceName,
  takeDevice,
  plainFrames,
  releaseDevice,
  type Sender,
} from '../tools/index.js';
import { changed } from './fields.js';
import { portClaim } from './plug.js';
import { offloadDifferences, offloadersOf } from './senders.js';
import { vppInterfaceKind, type VppInterfaceSpec } from './vpp-interface.js';

/** A network device of the host that VPP takes frames from and gives frames to (af_packet). */
export interface VppHostInterfaceSpec extends VppInterfaceSpec {
  /** `id`: of the wire that it is an end of; absent: it is the host's own. */
  readonly device: { readonly id?: ResourceId; readonly name: string };
  /** VPP's own on it: it tells the interface from a foreign one while it has no tag. */
  readonly mac: string;
  /** The device at the other end of the wire, whose frames VPP can take only as they go over a wire; absent: not to be told. */
  readonly sender?: Sender;
}

/** What the host says of the device beneath such an interface. */
interface Beneath {
  readonly device: string;
  readonly topology: string;
  /** Absent where there is none of that name. */
  readonly link?: Link;
  /** The interface is on a device that is gone, whatever has its name now. */
  readonly isDead: boolean;
  /** How it was before it was taken stands on the host. */
  readonly isTaken: boolean;
  /** The sender, where what it sends is no frames as they go over a wire. */
  readonly offloaders: readonly Sender[];
}

/** Such an interface outlives its device without a word, and stays as it is when a device of the same name comes: it has to be made anew then. */
export const vppHostInterface = vppInterfaceKind<VppHostInterfaceSpec, Beneath>({
  name: 'vpp_host_interface',
  noun: 'VPP host-interface',
  after: ['tap', 'tunnel', 'veth', 'vpp_domain'],
  names: /^host-/,
  needs: ({ device: { id, name } }) =>
    id === undefined ? [] : [{ on: id, because: `it is on the device ${name}` }],
  more: beneath,
  isOwn: ({ mac }, found) => found.mac === mac,
  fixed: (want, { stuck, up }, { device, link, isDead }) => [
    ...(isDead ? changed('device', 'one that is gone', device) : []),
    // VPP has it up once, and does not see what becomes of it; a wire's is looked after as a wire.
    ...(want.device.id === undefined && want.port.up && up && link?.up === false
      ? changed(`${device} state`, 'down', 'up')
      : []),
    ...(stuck === undefined ? [] : changed('transmit queue', `blocked, ${stuck} frames stuck`, 'free')),
  ],
  around: ({ device: { id, name }, topology }, { link, offloaders }) => [
    ...(id !== undefined || !link || link.promiscuous
      ? []
      : changed(`${name} promiscuity`, 'off', 'on').map(d => ({ ...d, mend: takeDevice(name, topology) }))),
    ...offloadDifferences(offloaders),
  ],
  claims: ({ device }) => [portClaim(device.name)],
  holds: (_, { device }) => [portClaim(device)],
  create: ({ device, mac }) => createHostInterface(device.name, mac),
  remove: (_, { device }) => [deleteHostInterface(device)],
  before: ({ device: { id, name }, topology }) => (id === undefined ? [takeDevice(name, topology)] : []),
  made: ({ sender }) => (sender ? [plainFrames(sender)] : []),
  removed: ({ device, topology, isTaken }) => (isTaken ? [releaseDevice(device, topology)] : []),
});

/** Its sockets name the devices they are on by index; where one is on none any more, it is that whose device has no socket. */
function beneath(
  { name, tag }: VppInterface,
  { attached }: VppState,
  inventory: Inventory,
  spec: VppHostInterfaceSpec | undefined,
): Beneath {
  const device = name.slice(hostInterfaceName('').length);
  const link = inventory.links.find(l => l.name === device);
  const isLeft = link !== undefined && attached?.includes(-1) === true && !attached.includes(link.index);
  const topology = tag === undefined ? '' : (topologyOfMark(tag) ?? '');
  const offloaders = offloadersOf(spec?.sender ? [spec.sender] : [], inventory);
  return {
    device,
    topology,
    ...(link && { link }),
    isDead: link === undefined || isLeft,
    isTaken: inventory.taken.includes(device),
    offloaders,
  };
}
