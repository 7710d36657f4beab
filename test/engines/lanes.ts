import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An engine that sandbox hosts can have. */
export interface Lane {
  /** `20.10`, or the suite's name where it is not there. */
  readonly name: string;
  /** The directory of its programs; undefined for the machine's own. */
  readonly engine?: string;
  /** Why it can't be had here. */
  readonly missing?: string;
}

const CACHE = new URL('../../.cache/engines', import.meta.url).pathname;

/** The machine's own engine. */
export function ownLane(): Lane {
  const version = spawnSync('dockerd', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  return { name: short(/version ([\d.]+)/.exec(version)?.[1] ?? 'own') };
}

/** The machine's own engine and those that `get-engine` brought from Debian's suites, the oldest first. */
export function lanes(): readonly Lane[] {
  return [ownLane(), ...['trixie', 'sid'].map(fetched)];
}

function fetched(suite: string): Lane {
  const complete = join(CACHE, suite, 'complete');
  if (!existsSync(complete))
    return { name: suite, missing: 'npm run test:engines fetches it, and says why where it cannot' };
  return { name: short(readFileSync(complete, 'utf8').trim()), engine: join(CACHE, suite, 'bin') };
}

/** A lane's host as a topology declares it. */
export function sandboxOf({ engine }: Lane): string {
  return engine === undefined ? 'sandbox' : `{ sandbox: { engine: ${engine} } }`;
}

function short(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
