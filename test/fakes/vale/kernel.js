// What the kernel side of netmap's VALE does with what vale-ctl asks of it, as measured on a real one (transcripts/): pure, on the state
// of one network namespace. A Refusal is an answer of the kernel's; a Fault is what nobody has seen it do, an End what a real kernel
// does not survive.

/** The kernel's own words for an errno, of what was asked. */
export class Refusal extends Error {}

/** No test may ever get here. */
export class Fault extends Error {}

/** The kernel dies here, with its lock held. */
export class End extends Fault {}

const BUSY = 'Device or resource busy';
const INVALID = 'Invalid argument';
const NO_DEVICE = 'No such device or address';
const NO_MEMORY = 'Cannot allocate memory';
const UNSUPPORTED = 'Operation not supported';
const NO_ENTRY = 'No such file or directory';
const BAD_ADDRESS = 'Bad address';

/** Slots of a switch (`bridge full 252`). */
const PORTS = 252;
/** Slots that -l gives a port that is not there. */
const NONE = 255;
/** Processors of the machine that was watched: polling wants one of them left over. */
const PROCESSORS = 2;

/** A namespace with no switch in it; `most`: the module's max_bridges. */
export function emptyNamespace(most) {
  return { bridges: Array.from({ length: most }, () => null) };
}

/** All ports, by switch and slot: what a list shows. */
export function listed({ bridges }) {
  return bridges.flatMap((bridge, index) =>
    bridge === null
      ? []
      : Object.entries(bridge.ports)
          .map(([slot, port]) => ({ ...port, index, slot: Number(slot), of: bridge.name }))
          .sort((a, b) => a.slot - b.slot),
  );
}

/**
 * Attaches a device of the namespace, with its host stack or without; gives the slot. `machine`: the devices, the parameters of the
 * module, whether the driver of a kind is netmap's own, and how many devices are attached in all namespaces.
 */
export function attach(space, name, withHost, machine) {
  const { on, port } = parts(name);
  const index = bridgeFor(space, on);
  const bridge = space.bridges[index];
  if (port === '') throw new Refusal(INVALID);
  if (entryOf(bridge, port)) throw new Refusal(BUSY);
  const device = machine.devices.find(d => d.name === port || d.altnames.includes(port));
  if (!device || device.name === 'lo') throw new Refusal(INVALID);
  if (listed(space).some(p => p.device === device.index && !p.isBare) || device.isTaken)
    throw new Refusal(BUSY);
  if (device.name !== port)
    throw new Fault(`nobody has seen ${port} attached, another name of ${device.name}`);
  // A persistent port is netmap's own: it has memory of its own, and no host stack that could be a second port.
  const driver = device.own ? undefined : driverOf(device, machine);
  if (device.mtu > machine.bufSize) throw new Refusal(INVALID);
  const free = slotsOf(bridge);
  const needed = withHost && driver ? 2 : 1;
  const isFull = driver !== undefined && machine.attached + 1 > roomFor(machine);
  if (free.active + needed > PORTS || isFull) throw new Refusal(NO_MEMORY);
  const made = bridge ?? { name: on, order: free.order, active: 0, ports: {} };
  const [slot, second] = made.order.slice(made.active);
  made.ports[slot] = { name: port, device: device.index, driver };
  if (needed === 2) made.ports[second] = { name: `${port}^`, hostOf: slot };
  made.active += needed;
  space.bridges[index] = made;
  return slot;
}

/** Detaches a device, and its host stack with it; gives the slot that it had. */
export function detach(space, name) {
  const { index, bridge, key, found } = attachedAt(space, name);
  if (found.hostOf !== undefined)
    throw new End(`-d ${name} is an oops in the kernel: every vale-ctl hangs from then on`);
  if (found.isPolled) throw new Refusal(BUSY);
  const slot = Number(key);
  const host = Object.entries(bridge.ports).find(([, p]) => p.hostOf === slot);
  release(bridge, slot, host && Number(host[0]));
  delete bridge.ports[slot];
  if (host) delete bridge.ports[host[0]];
  if (bridge.active === 0) space.bridges[index] = null;
  return slot;
}

/** Starts polling: `how` is a mode, the first processor and how many of them. */
export function poll(space, name, [mode, first, count = 0]) {
  const { found } = attachedAt(space, name);
  if (mode !== 1 || count < 1 || count >= PROCESSORS) throw new Refusal(INVALID);
  if (first !== 0) throw new Fault(`nobody has polled ${name} from processor ${first}`);
  if (found.isPolled) throw new Refusal(BAD_ADDRESS);
  found.isPolled = true;
}

/** Stops polling. */
export function stopPolling(space, name) {
  const { found } = attachedAt(space, name);
  if (!found.isPolled) throw new Refusal(BAD_ADDRESS);
  delete found.isPolled;
}

/** The slots of a port, by the name of it; of one that is not on its switch the second is a number that means none. */
export function lookUp(space, name) {
  const [on, port] = name.split(':');
  const index = space.bridges.findIndex(b => b?.name === on);
  if (index < 0 || port === undefined || port === '' || name.length > 31) throw new Refusal(NO_ENTRY);
  const [slot] = entryOf(space.bridges[index], port) ?? [NONE];
  return { index, slot: Number(slot) };
}

/**
 * What the memory of a port is, for -g: that of an attached device, of a persistent port, or of one that is made for the question and
 * gone again. An attached persistent port loses its switch's name by the question, and nobody can detach it by any other.
 */
export function memoryOf(space, name, { devices, free, isPlayedOut }) {
  const attached = listed(space).find(p => !p.isBare && (p.name === name || `${p.of}:${p.name}` === name));
  if (attached?.driver === 'native')
    throw new Fault(`nobody has asked -g ${name} of a natively attached device`);
  if (attached?.driver) return { size: 343019520, id: 1 };
  const own = devices.find(d => d.own && (d.name === name || d.index === attached?.device))?.own;
  if (attached && own) {
    if (!isPlayedOut)
      throw new Fault(`-g ${name} of an attached persistent port: nothing detaches it any more`);
    entryOf(space.bridges[attached.index], attached.name)[1].isBare = true;
    return own;
  }
  if (own) return own;
  if (!name.includes(':')) throw new Refusal(NO_DEVICE);
  parts(name);
  return { size: 42369024, id: free };
}

/** The slot and the port of a name; bare ones have lost theirs. */
function entryOf(bridge, port) {
  return Object.entries(bridge?.ports ?? {}).find(([, p]) => p.name === port && !p.isBare);
}

function attachedAt(space, name) {
  const { on, port } = parts(name, NO_DEVICE);
  const index = space.bridges.findIndex(b => b?.name === on);
  const bridge = space.bridges[index];
  const [key, found] = entryOf(bridge, port) ?? [];
  if (!found) throw new Refusal(NO_DEVICE);
  return { index, bridge, key, found };
}

function parts(name, ifMisnamed = NO_MEMORY) {
  if (!name.startsWith('val')) throw new Refusal(INVALID);
  const at = name.indexOf(':');
  const on = at < 0 ? name : name.slice(0, at);
  if (at < 0 || on.length > 15 || !/^[A-Za-z0-9_]+$/.test(on)) throw new Refusal(ifMisnamed);
  if (on !== 'val' && !on.startsWith('vale')) throw new Fault(`nobody has seen a switch named ${on}`);
  return { on, port: name.slice(at + 1) };
}

function bridgeFor(space, on) {
  const known = space.bridges.findIndex(b => b?.name === on);
  if (known >= 0) return known;
  const free = space.bridges.indexOf(null);
  if (free < 0) throw new Refusal(NO_MEMORY);
  return free;
}

/** admode: 0 native where there is such an adapter, 1 native only, 2 emulated only. */
function driverOf({ kind }, { admode, native }) {
  if (admode !== 2 && native.includes(kind)) return 'native';
  if (admode === 1) throw new Refusal(UNSUPPORTED);
  return 'generic';
}

/**
 * How many devices the memory is enough for: each takes four rings, of its own and its host stack's, in each direction, and a buffer for
 * each slot of them; two buffers are kept back (39 devices with 163840 buffers and 1024 slots), and eight rings (48 with 200).
 */
function roomFor({ bufNum, ringNum, slots }) {
  return Math.min(Math.floor((bufNum - 2) / (4 * slots)), Math.floor((ringNum - 8) / 4));
}

function slotsOf(bridge) {
  return bridge ?? { active: 0, order: Array.from({ length: PORTS + 2 }, (_, i) => i) };
}

/** The slots in use stand first; of those given back, the last is the first to be had again. */
function release(bridge, slot, host) {
  const { order } = bridge;
  const left = new Set(host === undefined ? [slot] : [slot, host]);
  for (let i = 0; left.size > 0;) {
    const at = order[i];
    // The device's own is looked for first; its host stack's only from where that was found.
    if (at === slot ? left.has(slot) : left.has(at)) {
      left.delete(at);
      bridge.active -= 1;
      [order[i], order[bridge.active]] = [order[bridge.active], at];
    } else i += 1;
  }
}
