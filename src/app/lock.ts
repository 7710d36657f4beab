import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, TopoError, isLost } from '../core/index.js';
import type { Channel, Host, HostName } from '../core/index.js';
import { LOCK_WORDS, lockArgv } from '../tools/index.js';
import { diagnosticOf } from './connections.js';
import { NotReady } from './not-ready.js';
import type { Context } from './types.js';

const HEARTBEAT_MS = 5_000;
const RETRY_MS = 500;

/** Locks that are held; freed by `release`, or by the hosts themselves when the connections end. */
export interface Locks {
  /**
   * Takes the lock of a host again on a new connection, from what the lost one may have left. Throws `lock.lost` where somebody
   * else was faster.
   */
  retake(host: Host): Promise<void>;
  release(): Promise<void>;
}

/** What locks are taken for and by whom. */
export interface Claim {
  readonly topology: string;
  /** For others to read: `alon@tera (pid 12)`. */
  readonly who: string;
  /** Tells the locks of this run from all others; random. */
  readonly token: string;
}

type Around = Pick<Context, 'emit' | 'signal' | 'now'>;

/**
 * Takes the topology's lock on every given host, in sorted order so that two runs can't wait for each other.
 * Waits up to `waitMs` for another holder and then throws `lock.held`, naming host, holder and age; of several hosts that refuse, NotReady with all.
 */
export async function lockAll(
  hosts: readonly Host[],
  claim: Claim,
  waitMs: number,
  context: Around,
): Promise<Locks> {
  const deadline = context.now() + waitMs;
  const held = new Map<HostName, Channel>();
  const beat = setInterval(() => held.forEach(channel => channel.write(LOCK_WORDS.alive)), HEARTBEAT_MS);
  const release = async (): Promise<void> => {
    clearInterval(beat);
    const channels = [...held.values()];
    held.clear();
    channels.forEach(channel => channel.write(LOCK_WORDS.farewell));
    await Promise.all(channels.map(channel => channel.close()));
  };
  const failed: TopoError[] = [];
  try {
    for (const host of [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // After a failure nothing is waited for any more: the others are only asked, so that all is told at once.
      const until = failed.length > 0 ? -Infinity : deadline;
      const channel = await lockOne(host, claim, until, context).catch(refused);
      if (channel instanceof TopoError) failed.push(channel);
      else held.set(host.name, channel);
    }
  } catch (error) {
    await release();
    throw error;
  }
  if (failed.length > 0) {
    await release();
    throw failed.length === 1 ? failed[0]! : allOf(failed);
  }
  const retake = async (host: Host): Promise<void> => {
    if (held.has(host.name)) held.set(host.name, await takeBack(host, claim, context));
  };
  return { retake, release };
}

/** What a host says no by; all else is thrown, a lost connection too: the locks are taken anew then. */
function refused(error: unknown): TopoError {
  if (error instanceof TopoError && error.host !== undefined && !isLost(error)) return error;
  throw error;
}

function allOf(failed: readonly TopoError[]): NotReady {
  return new NotReady(
    failed.map(error => diagnosticOf(error, error.host!)),
    EXIT.failed,
  );
}

async function lockOne(
  host: Host,
  { topology, who, token }: Claim,
  deadline: number,
  context: Around,
): Promise<Channel> {
  for (let told = false; ; await sleep(RETRY_MS, undefined, { signal: context.signal })) {
    const channel = await host.start(lockArgv(topology, who, token, 'wait'));
    const answer = await firstLine(channel);
    if (answer === 'held') return channel;
    await channel.close();
    host.closed.throwIfAborted();
    if (answer === 'own') throw twice(host);
    if (!answer.startsWith('busy')) throw broken(host, answer);
    const holder = describeHolder(answer, context.now());
    if (context.now() > deadline) throw heldBy(host, topology, holder);
    if (!told) context.emit({ type: 'phase', phase: 'lock', text: `waiting for ${holder} on ${host.name}` });
    told = true;
  }
}

async function takeBack(host: Host, { topology, who, token }: Claim, context: Around): Promise<Channel> {
  const channel = await host.start(lockArgv(topology, who, token, 'take'));
  const answer = await firstLine(channel);
  if (answer === 'held') return channel;
  await channel.close();
  host.closed.throwIfAborted();
  throw answer.startsWith('busy')
    ? lostTo(host, topology, describeHolder(answer, context.now()))
    : broken(host, answer);
}

async function firstLine(channel: Channel): Promise<string> {
  for await (const line of createInterface({ input: channel.stdout })) return line;
  return '';
}

/** `busy <who> <epoch seconds>` → `alon@tera (pid 12), since 40 s`. */
function describeHolder(answer: string, now: number): string {
  const match = /^busy (.*) (\d+)$/.exec(answer);
  if (!match) return 'another topo';
  return `${match[1]}, since ${Math.max(0, Math.round(now / 1000 - Number(match[2])))} s`;
}

function heldBy(host: Host, topology: string, holder: string): TopoError {
  return new TopoError(`topology ${topology} is being changed by ${holder} (lock on ${host.name})`, {
    code: 'lock.held',
    who: 'user',
    host: host.name,
    hint: 'wait for it to end; the lock frees itself when that topo ends or its connection breaks. `topo unlock` breaks it',
    retryable: true,
  });
}

function lostTo(host: Host, topology: string, holder: string): TopoError {
  const message = `while the connection was down, topology ${topology} was taken over by ${holder} (lock on ${host.name})`;
  return new TopoError(message, {
    code: 'lock.lost',
    who: 'user',
    host: host.name,
    hint: 'wait for it to end, then run the same command again: it carries on from what is really there',
    exit: EXIT.partial,
  });
}

/** We hold it ourselves already: by another name of the same machine. */
function twice(host: Host): TopoError {
  return new TopoError(`this is the same machine as another host of the file (${host.described})`, {
    code: 'host.twice',
    who: 'host',
    host: host.name,
    hint: 'give one machine one name',
  });
}

function broken(host: Host, answer: string): TopoError {
  return new TopoError(`cannot take the lock on ${host.name}: ${answer || 'no answer'}`, {
    code: 'lock.failed',
    who: 'host',
    host: host.name,
    hint: 'topo needs root (or sudo without a password) and a writable /run there',
  });
}
