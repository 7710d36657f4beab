// What stands in for a machine with netmap, in the mount namespace that it was put up in (stand-in.sh): the module's parameters and the
// device node are files, as the kernel has them; what the kernel would remember lies beside them, and dies with them.
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { emptyNamespace, End, listed } from './kernel.js';

const MODULE = '/sys/module/netmap';
const MEMORY = `${MODULE}/emulator`;
/** Ports of netmap's own are such devices, told by their port and their number: `ip` shows nothing else that has no other end. */
const OWN = { kind: 'vxlan', port: 9 };

/** Why /dev/netmap can't be opened, in the kernel's words; undefined: it can. */
export function closed() {
  try {
    accessSync('/dev/netmap', constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return error.code === 'EACCES' ? 'Permission denied' : 'No such file or directory';
  }
}

/** Whether what a kernel does not survive is played out, as a replay wants it, or told as a fault. */
function isPlayedOut() {
  return existsSync(`${MEMORY}/played-out`);
}

/** Tells of something that no test may do. */
export function blame(what) {
  appendFileSync(`${MEMORY}/faults`, `${what}\n`);
  process.stderr.write(`emulator: ${what}\n`);
}

/** Runs `change` on what the kernel knows of the namespace of this process, alone; keeps what becomes of it. */
export function inKernel(change) {
  lock();
  try {
    const inode = /\d+/.exec(readlinkSync('/proc/self/ns/net'))[0];
    const all = read();
    const space = (all.spaces[inode] ??= emptyNamespace(parameter('max_bridges')));
    const before = listed(space);
    const machine = machineOf(all);
    const result = change(space, machine);
    if (machine.attached === 0 && listed(space).length > 0) tellMemory(all.memory);
    queue(before, listed(space), machine.devices, inode);
    writeFileSync(`${MEMORY}/kernel.json`, JSON.stringify(all));
    return result;
  } catch (error) {
    if (error instanceof End && isPlayedOut()) wait(2 ** 31);
    throw error;
  } finally {
    rmdirSync(`${MEMORY}/lock`);
  }
}

function machineOf(all) {
  const ports = Object.values(all.spaces).flatMap(listed);
  const attached = ports.filter(p => p.driver !== undefined).length;
  // Taken over only while nothing at all is attached.
  if (attached === 0)
    all.memory = {
      bufSize: parameter('buf_size'),
      bufNum: parameter('buf_num'),
      ringNum: parameter('ring_num'),
    };
  const own = (all.own ??= {});
  const ids = new Set(Object.values(own).map(o => o.id));
  return {
    ...all.memory,
    attached,
    own,
    admode: parameter('admode'),
    slots: parameter('generic_ringsize'),
    native: readdirSync(`${MODULE}/holders`),
    devices: devices(own),
    isPlayedOut: isPlayedOut(),
    // The first memory that is nobody's; that of attached devices is 1.
    free: Array.from({ length: ids.size + 1 }, (_, i) => i + 2).find(id => !ids.has(id)),
  };
}

/** A persistent port becomes a device of this namespace. */
export function makeDevice(name, { own }, memory) {
  const number = Math.max(0, ...Object.keys(own).map(Number)) + 1;
  const mac = `02:00:00:00:01:${String(number).padStart(2, '0')}`;
  ip('link', 'add', name, 'address', mac, 'type', OWN.kind, 'id', `${number}`, 'dstport', `${OWN.port}`);
  ip('link', 'set', name, 'mtu', '1500');
  own[number] = memory;
}

/** A persistent port's device goes, and what was known of it. */
export function removeDevice({ name, number }, { own }) {
  ip('link', 'del', name);
  delete own[number];
}

/** The emulated driver has a queue of its own on what is attached, and leaves a common one behind. */
function queue(before, after, known, inode) {
  if (parameter('generic_txqdisc') === 0) return;
  const generic = ports => new Set(ports.filter(p => p.driver === 'generic').map(p => p.device));
  const [was, is] = [generic(before), generic(after)];
  for (const { index, name } of known.filter(d => was.has(d.index) !== is.has(d.index)))
    execFileSync(`${MEMORY}/tc`, ['qdisc', 'replace', 'dev', name, 'root', 'pfifo', 'limit', '1000']);
  const names = known.filter(d => is.has(d.index)).map(d => `${inode} ${d.name}\n`);
  const others = readFileSync(`${MEMORY}/queues`, 'utf8')
    .split(/(?<=\n)/)
    .filter(l => !l.startsWith(`${inode} `));
  writeFileSync(`${MEMORY}/queues`, [...others, ...names].join(''));
}

/** What is in force, which a change of the parameters alters only once nothing is attached. */
function tellMemory({ bufSize, bufNum, ringNum }) {
  const current = {
    buf_curr_size: bufSize,
    buf_curr_num: bufNum,
    ring_curr_num: ringNum,
    if_curr_num: parameter('if_num'),
  };
  for (const [name, value] of Object.entries(current))
    writeFileSync(`${MODULE}/parameters/${name}`, `${value}\n`);
}

function read() {
  return JSON.parse(readFileSync(`${MEMORY}/kernel.json`, 'utf8'));
}

function parameter(name) {
  return Number(readFileSync(`${MODULE}/parameters/${name}`, 'utf8'));
}

function lock() {
  for (let tries = 0; ; tries += 1) {
    try {
      mkdirSync(`${MEMORY}/lock`);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST' || (tries > 2000 && !isPlayedOut())) throw error;
      wait(5);
    }
  }
}

/** `time` in milliseconds. */
function wait(time) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
}

function ip(...args) {
  return execFileSync(`${MEMORY}/ip`, args, { encoding: 'utf8' });
}

/** The devices of this namespace. A port of a bridge, or what bears a macvlan, has a receive handler already. */
function devices(own) {
  const rows = JSON.parse(ip('-j', '-d', 'link', 'show') || '[]');
  const parents = new Set(rows.filter(r => r.linkinfo?.info_kind === 'macvlan').map(r => r.link));
  return rows.map(r => ({
    name: r.ifname,
    altnames: r.altnames ?? [],
    index: r.ifindex,
    mtu: r.mtu,
    kind: r.linkinfo?.info_kind ?? '',
    isTaken: r.master !== undefined || parents.has(r.ifname),
    ...ownOf(r.linkinfo, own),
  }));
}

function ownOf({ info_kind: kind, info_data: data } = {}, own) {
  return kind === OWN.kind && data.port === OWN.port ? { number: data.id, own: own[data.id] } : {};
}
