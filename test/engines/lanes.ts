import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSandbox, parseSandboxList, sandboxAddresses, scriptArgv } from '../../src/tools/index.js';
import { mustRun, openOperator, runStep } from '../support/sandboxes.js';

/** An engine that sandbox hosts can have. */
export interface Lane {
  /** `20.10`, or the directory's name where it is not there. */
  readonly name: string;
  /** What its daemon says that it is, or begins with. */
  readonly version: string;
  /** The directory of its programs; undefined for the machine's own. */
  readonly engine?: string;
  /** Whether it leaves the rules of iptables to the host. */
  readonly nftables?: true;
  /** Why it can't be had here. */
  readonly missing?: string;
}

const CACHE = new URL('../../.cache/engines', import.meta.url).pathname;

/** The machine's own engine. */
export function ownLane(): Lane {
  const { stdout } = spawnSync('dockerd', ['--version'], { encoding: 'utf8' });
  const version = short(/version ([\d.]+)/.exec(stdout ?? '')?.[1] ?? 'own');
  return { name: version, version };
}

/** The machine's own engine, those that `get-engine` brought from Debian's suites, and the one that `build-engine` built; the oldest first. */
export function lanes(): readonly Lane[] {
  return [ownLane(), fetched('trixie'), fetched('sid'), fetched('29', '29')];
}

/** The machine's own engine with iptables-legacy, and where the host's iptables is another. */
export function legacyLanes(): { readonly legacy: Lane; readonly mixed: Lane } {
  return { legacy: fetched('legacy', 'own, legacy'), mixed: fetched('legacy-mixed', 'own, mixed') };
}

/** The newest engine with nftables as its backend: as it comes, and letting the fabric's mark through. */
export function nftablesLanes(): { readonly closed: Lane; readonly open: Lane } {
  return {
    closed: fetched('29-nftables', '29, nftables'),
    open: { ...fetched('29-nftables-marked', '29, nftables marked'), nftables: true },
  };
}

function fetched(directory: string, title?: string): Lane {
  const complete = join(CACHE, directory, 'complete');
  if (existsSync(complete)) {
    const version = readFileSync(complete, 'utf8').trim();
    return { name: title ?? short(version), version, engine: join(CACHE, directory, 'bin') };
  }
  const reason = join(CACHE, directory.split('-')[0]!, 'missing');
  const missing = existsSync(reason)
    ? readFileSync(reason, 'utf8').trim()
    : 'npm run test:engines fetches it, and says why where it cannot';
  return { name: title ?? directory, version: '', missing };
}

/** A lane's host as a topology declares it. */
export function sandboxOf({ engine }: Lane): string {
  return engine === undefined ? 'sandbox' : `{ sandbox: { engine: ${engine} } }`;
}

/**
 * Makes the sandbox hosts of a topology before topo does: what their engines keep of rules is then known when it plans, as it is of
 * any host that is there.
 */
export async function makeHosts(topology: string, hosts: Readonly<Record<string, Lane>>): Promise<void> {
  await using operator = disposing(await openOperator());
  const names = Object.keys(hosts).map(host => `${topology}-${host}`);
  const listed = await mustRun(operator.host, scriptArgv('sandbox-list', []));
  const addresses = sandboxAddresses(names, parseSandboxList(listed.stdout));
  for (const [host, { engine = '' }] of Object.entries(hosts)) {
    const name = `${topology}-${host}`;
    await runStep(operator.host, createSandbox({ name, topology, address: addresses.get(name)!, engine }));
  }
}

function disposing<T extends { close(): Promise<void> }>(host: T): { readonly host: T } & AsyncDisposable {
  return { host, [Symbol.asyncDispose]: () => host.close() };
}

/** Adds a line to the table that `npm run test:engines` ends with. */
export function report(...cells: readonly [lane: string, what: string, result: string]): void {
  mkdirSync(CACHE, { recursive: true });
  appendFileSync(join(CACHE, 'summary'), `${cells.join('\t')}\n`);
}

function short(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
