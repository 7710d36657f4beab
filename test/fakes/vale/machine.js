// What stands in for a machine with netmap, in the mount namespace that it was put up in (stand-in.sh): the module's parameters and the
// device node are files, as the kernel has them; what the kernel would remember lies beside them, and dies with them.
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  constants,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { emptyNamespace, listed } from './kernel.js';

const MODULE = '/sys/module/netmap';
const MEMORY = `${MODULE}/emulator`;

/** Why /dev/netmap can't be opened, in the kernel's words; undefined: it can. */
export function closed() {
  try {
    accessSync('/dev/netmap', constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return error.code === 'EACCES' ? 'Permission denied' : 'No such file or directory';
  }
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
    const most = parameter('max_bridges');
    const all = read();
    const space = (all.spaces[inode] ??= emptyNamespace(most));
    const attached = Object.values(all.spaces)
      .flatMap(listed)
      .filter(p => p.device !== undefined).length;
    // Taken over only while nothing at all is attached.
    if (attached === 0)
      all.memory = {
        bufSize: parameter('buf_size'),
        bufNum: parameter('buf_num'),
        ringNum: parameter('ring_num'),
      };
    const machine = {
      ...all.memory,
      attached,
      admode: parameter('admode'),
      slots: parameter('generic_ringsize'),
      native: readdirSync(`${MODULE}/holders`),
      devices: devices(),
    };
    const result = change(space, machine);
    if (attached === 0 && listed(space).length > 0) tellMemory(all.memory);
    writeFileSync(`${MEMORY}/kernel.json`, JSON.stringify(all));
    return result;
  } finally {
    rmdirSync(`${MEMORY}/lock`);
  }
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
      if (error.code !== 'EEXIST' || tries > 2000) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** The devices of this namespace. A port of a bridge, or what bears a macvlan, has a receive handler already. */
function devices() {
  const text = execFileSync(`${MEMORY}/ip`, ['-j', '-d', 'link', 'show'], {
    encoding: 'utf8',
  });
  const rows = JSON.parse(text || '[]');
  const parents = new Set(rows.filter(r => r.linkinfo?.info_kind === 'macvlan').map(r => r.link));
  return rows.map(r => ({
    name: r.ifname,
    altnames: r.altnames ?? [],
    index: r.ifindex,
    mtu: r.mtu,
    kind: r.linkinfo?.info_kind ?? '',
    isTaken: r.master !== undefined || parents.has(r.ifname),
  }));
}
