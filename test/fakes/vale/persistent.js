// Persistent ports (-n, -r): devices of netmap's own. Pure: which names and ring settings it takes, and the memory that they have.
import { Fault, Refusal } from './kernel.js';

const MOST_SLOTS = 4096;
const MOST_RINGS = 16;
const USUAL = { slots: 1024, rings: 1 };
/** Sizes of memory that were seen, by slots and rings. */
const SIZES = { '1024,1024,1,1': 42369024, '512,256,2,4': 18857984 };

/** Refuses what no port can be called. */
export function checkName(name, devices) {
  const isFit = name !== '' && name.length < 16 && !/[\s/]/.test(name) && !name.startsWith('vale');
  if (!isFit) throw new Refusal('Invalid argument');
  if (devices.some(d => d.name === name)) throw new Refusal('File exists');
}

/** What -C says of slots and rings, forced into what there may be; `ignored`: numbers that it has no use for. */
export function ringsOf(text = '') {
  const [tx, rx, txRings, rxRings, ...ignored] = text.split(',').map(n => Number.parseInt(n, 10) || 0);
  if (rxRings === undefined && rx !== undefined) throw new Fault(`nobody has seen what -C ${text} makes`);
  const within = (n, most, usual) => (n === 0 ? usual : Math.min(n, most));
  const slots = [tx, rx ?? tx].map(n => within(n, MOST_SLOTS, USUAL.slots));
  const rings = [txRings ?? 1, rxRings ?? 1].map(n => within(n, MOST_RINGS, USUAL.rings));
  return { slots, rings, ignored };
}

/** The memory of a port, as -g tells it. */
export function memory({ slots, rings }, id) {
  return { size: SIZES[[...slots, ...rings].join(',')], slots, rings, id };
}

/** The persistent port of a name, to be removed. */
export function removable(name, devices, isAttached) {
  const device = devices.find(d => d.name === name);
  if (!device) throw new Refusal('No such device or address');
  if (!device.own) throw new Refusal('Invalid argument');
  if (isAttached(device)) throw new Refusal('Device or resource busy');
  return device;
}
