import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { TopoError } from '../core/index.js';
import type { Channel, Host } from '../core/index.js';
import { lockArgv } from '../tools/index.js';
import type { Context } from './types.js';

const HEARTBEAT_MS = 5_000;
const RETRY_MS = 500;

/** Locks that are held; freed by `release`, or by the hosts themselves when the connections end. */
export interface Locks {
  release(): Promise<void>;
}

/**
 * Takes the topology's lock on every given host, in sorted order so that two runs can't wait for each other.
 * Waits up to `waitMs` for another holder and then throws `lock.held`, naming host, holder and age.
 */
export async function lockAll(
  hosts: readonly Host[],
  topology: string,
  who: string,
  waitMs: number,
  context: Pick<Context, 'emit' | 'signal' | 'now'>,
): Promise<Locks> {
  const deadline = context.now() + waitMs;
  const held: Channel[] = [];
  const beats: NodeJS.Timeout[] = [];
  const release = async (): Promise<void> => {
    beats.forEach(clearInterval);
    await Promise.all(held.map(c => c.close()));
  };
  try {
    for (const host of [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const channel = await lockOne(host, topology, who, deadline, context, held.length > 0);
      held.push(channel);
      beats.push(setInterval(() => channel.write('.'), HEARTBEAT_MS));
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

async function lockOne(
  host: Host,
  topology: string,
  who: string,
  deadline: number,
  context: Pick<Context, 'emit' | 'signal' | 'now'>,
  holding: boolean,
): Promise<Channel> {
  for (let told = false; ; await sleep(RETRY_MS, undefined, { signal: context.signal })) {
    const channel = await host.start(lockArgv(topology, who));
    const answer = await firstLine(channel);
    if (answer === 'held') return channel;
    await channel.close();
    if (!answer.startsWith('busy')) throw broken(host, answer);
    if (holding && answer.startsWith(`busy ${who} `)) throw twice(host);
    const holder = describeHolder(answer, context.now());
    if (context.now() > deadline) throw heldBy(host, topology, holder);
    if (!told) context.emit({ type: 'phase', phase: 'lock', text: `waiting for ${holder} on ${host.name}` });
    told = true;
  }
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
    hint: 'wait for it to end; the lock frees itself when that topo ends or its connection breaks',
    retryable: true,
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
