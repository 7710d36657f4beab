import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, type TopoError } from '../core/index.js';
import { hostError } from './errors.js';
import {
  judgeKey,
  keysOf,
  keyType,
  knownHostName,
  orderAlgorithms,
  parseKnownHosts,
  type KnownKey,
  type Verdict,
} from './known-hosts.js';
import type { SshConfig } from './ssh-config.js';

/** Which host, by which files its key is judged, and whether a new one is taken. */
export interface KeyPolicy {
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly alias: string | undefined;
  readonly keys: readonly KnownKey[];
  readonly acceptNew: boolean;
  /** The file that a new key is written to; undefined for none. */
  readonly file: string | undefined;
  /** What OpenSSH's client would be handed to get there, where ssh-keyscan would not. */
  readonly written: string | undefined;
  /** Whether the topology file could have new keys accepted; a jump host is not in it. */
  readonly jump: boolean;
}

/** What of a hop its own configuration does not say. `through`: the hops before it. */
export type HopFacts = Pick<KeyPolicy, 'acceptNew' | 'jump' | 'written'> & {
  readonly through: readonly string[];
};

/** How a host's key is judged, by its configuration. `acceptNew`: the topology file says so. */
export async function keyPolicy(host: string, config: SshConfig, how: HopFacts): Promise<KeyPolicy> {
  const scannable = how.through.length === 0 && config.hostKeyAlias === undefined;
  return {
    host,
    hostname: config.hostname,
    port: config.port,
    alias: config.hostKeyAlias,
    keys: await readKnownHosts([...config.userKnownHosts, ...config.globalKnownHosts]),
    acceptNew: how.acceptNew || config.strict === 'accept-new',
    file: config.userKnownHosts[0],
    written: scannable ? undefined : how.written,
    jump: how.jump,
  };
}

/** Whether a host's key may be trusted: `new` is to be remembered, an error says what is wrong and what to do. */
export function checkHostKey(policy: KeyPolicy, key: Buffer): 'known' | 'new' | TopoError {
  return judged(policy, keyType(key), key.toString('base64'), fingerprint(key));
}

/** Why a host's key may not be trusted, by its type and fingerprint (`SHA256:…`); undefined where it may. */
export function keyRefusal(policy: KeyPolicy, type: string, shown: string): TopoError | undefined {
  const known = policy.keys.find(key => fingerprint(Buffer.from(key.blob, 'base64')) === shown);
  const verdict = judged(policy, type, known?.blob ?? '', shown);
  return typeof verdict === 'string' ? undefined : verdict;
}

function judged(policy: KeyPolicy, type: string, blob: string, shown: string): 'known' | 'new' | TopoError {
  const judge = (name: string): Verdict => judgeKey(policy.keys, name, type, blob);
  const [name, ...others] = knownNames(policy);
  const verdict = judge(name);
  if (verdict.is === 'known') return 'known';
  if (verdict.is === 'unknown' && others.some(other => judge(other).is === 'known')) return 'known';
  if (verdict.is === 'unknown' && policy.acceptNew && verdict.others.length === 0) return 'new';
  return refusal(policy, name, `${type} key ${shown}`, verdict);
}

/** Host key algorithms, best first, with those at the head of which a key is known. */
export function offeredAlgorithms(policy: KeyPolicy, algorithms: readonly string[]): readonly string[] {
  return knownNames(policy).reduceRight<readonly string[]>(
    (ordered, name) => orderAlgorithms(policy.keys, name, ordered),
    algorithms,
  );
}

/** Whether all that is known of a host is the authority that signs its keys. */
export function onlyAuthority(policy: KeyPolicy): boolean {
  const known = knownNames(policy).flatMap(name => keysOf(policy.keys, name));
  return known.some(key => key.marker === '@cert-authority') && !known.some(key => key.marker === '');
}

/** Writes a key that was taken to the host's known_hosts file. Throws `host.key-file` where it can't. */
export async function rememberHostKey(policy: KeyPolicy, key: Buffer): Promise<void> {
  const { file } = policy;
  if (file === undefined) return;
  const line = `${knownNames(policy)[0]} ${keyType(key)} ${key.toString('base64')}\n`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const text = await readFile(file, 'utf8').catch(() => '');
    await appendFile(file, /[^\n]$/.test(text) ? `\n${line}` : line, { mode: 0o600 });
  } catch (cause) {
    throw hostError(
      policy.host,
      'host.key-file',
      `the new key can't be written to ${file}: ${messageOf(cause)}`,
      {
        hint: 'make the file writable, or name another: UserKnownHostsFile in ~/.ssh/config',
        cause,
      },
    );
  }
}

/** All keys of some known_hosts files; those that are not there hold none. */
async function readKnownHosts(files: readonly string[]): Promise<readonly KnownKey[]> {
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text, i) => parseKnownHosts(text, files[i]!));
}

/** Under which names a host may stand in known_hosts: OpenSSH takes a key of port 22 on another port, too. */
function knownNames({ hostname, port, alias }: KeyPolicy): readonly [string, ...string[]] {
  const name = knownHostName(hostname, port, alias);
  return port === 22 || alias !== undefined ? [name] : [name, knownHostName(hostname, 22)];
}

function refusal(
  policy: KeyPolicy,
  name: string,
  shown: string,
  verdict: Exclude<Verdict, { is: 'known' }>,
): TopoError {
  const { host } = policy;
  switch (verdict.is) {
    case 'revoked':
      return hostError(
        host,
        'host.key-revoked',
        `${name} shows the ${shown}, which is revoked by ${place(verdict.by)}`,
        {
          hint: 'do not connect: whoever answers there holds a key that was withdrawn',
        },
      );
    case 'changed':
      return hostError(
        host,
        'host.key-changed',
        `${name} shows the ${shown}, which is another than ${place(verdict.by)} has`,
        {
          hint: `if the host was set up anew, remove that line (ssh-keygen -R '${name}' -f ${verdict.by.file}); else someone may be between you and it`,
        },
      );
    case 'unknown': {
      const [other] = verdict.others;
      const known =
        other === undefined ? '' : `; only ${other.marker || other.type} is known, by ${place(other)}`;
      return hostError(host, 'host.key-unknown', `${name} shows the ${shown}, which is not known${known}`, {
        hint: `compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ${learning(policy, other === undefined)}`,
      });
    }
  }
}

/** How a key becomes known. Where a key of another type is known, a new one is never accepted by itself. */
function learning({ written, hostname, port, file, jump }: KeyPolicy, acceptable: boolean): string {
  const accept = jump
    ? ' (or set StrictHostKeyChecking accept-new for it in ~/.ssh/config)'
    : ' (or set accept_new_host_key: true)';
  if (written !== undefined) return `log in once by hand: ssh ${written}`;
  const scan = `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${hostname} >> ${file ?? '~/.ssh/known_hosts'}`;
  return acceptable ? scan + accept : scan;
}

/** As `ssh-keygen -l` prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function place({ file, line }: KnownKey): string {
  return `${file}:${line}`;
}
