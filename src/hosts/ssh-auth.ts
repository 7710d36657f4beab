import { readFile } from 'node:fs/promises';
import type ssh2 from 'ssh2';
import type { AnyAuthMethod, IdentityCallback, ParsedKey, PublicKeyEntry } from 'ssh2';
import { keyType } from './known-hosts.js';
import type { SshConfig } from './ssh-config.js';

/** The ways to log in, and what is told when none of them worked. */
export interface Logins {
  /** In the order they are tried. `locked` hears of a key that the server would take, and that needs its passphrase. */
  readonly methods: (locked: (path: string) => void) => readonly AnyAuthMethod[];
  /** How many keys are offered. */
  readonly count: number;
  readonly tried: readonly string[];
  /** Keys that are encrypted, and whose public half is known. */
  readonly locked: readonly string[];
  /** Keys that are encrypted, and of which not even the public half is known: they can't be offered before. */
  readonly sealed: readonly string[];
}

/** A key file: its public half where that is known, and the private one where it can be used as it is. */
interface KeyFile {
  readonly path: string;
  readonly blob: string | undefined;
  readonly key: ParsedKey | undefined;
  readonly publicKey: ParsedKey | undefined;
  readonly encrypted: boolean;
}

/**
 * As OpenSSH: keys of the configuration first, those that the agent holds by the agent; then the agent's other keys unless
 * IdentitiesOnly; last the encrypted ones, so that nobody is asked for nothing. A server hangs up after a few wrong keys
 * (MaxAuthTries), so none is offered twice. `unlocked`: keys whose passphrase was given, by their path.
 */
export async function loginsOf(
  lib: typeof ssh2,
  config: SshConfig,
  unlocked: ReadonlyMap<string, ParsedKey>,
): Promise<Logins> {
  const { user: username, agent: socket } = config;
  const read = await Promise.all(
    config.identityFiles.map(path => readKeyFile(lib, path, unlocked.get(path))),
  );
  const files = read.filter(f => f !== undefined);
  const held = socket === undefined ? new Set<string>() : await agentKeys(lib, socket);
  const named = new Set(files.flatMap(f => (f.blob === undefined ? [] : [f.blob])));
  const own = files.filter(f => !held.has(f.blob ?? ''));
  const usable = own.filter(f => f.key !== undefined);
  const locked = own.filter(f => f.key === undefined && f.encrypted && f.publicKey !== undefined);
  const others = config.identitiesOnly ? [] : [...held].filter(blob => !named.has(blob));
  const byAgent = (wanted: (blob: string) => boolean): AnyAuthMethod[] =>
    socket !== undefined && [...held].some(wanted)
      ? [{ type: 'agent', username, agent: filteredAgent(lib, socket, wanted) }]
      : [];
  const methods: Logins['methods'] = tell => [
    ...byAgent(blob => named.has(blob)),
    ...usable.map(f => ({ type: 'publickey' as const, username, key: f.key! })),
    ...byAgent(blob => others.includes(blob)),
    ...locked.map(f => ({ type: 'agent' as const, username, agent: lockedKey(lib, f, tell) })),
  ];
  const inAgent = [...held].filter(blob => named.has(blob)).length + others.length;
  return {
    methods,
    count: inAgent + usable.length + locked.length,
    tried: [
      ...(inAgent > 0 ? [`the agent's ${inAgent} keys`] : []),
      ...[...usable, ...locked].map(f => f.path),
    ],
    locked: locked.map(f => f.path),
    sealed: own.filter(f => f.encrypted && f.publicKey === undefined).map(f => f.path),
  };
}

/** Opens an encrypted key with a passphrase; undefined where that is a wrong one. */
export async function unlock(
  { utils }: typeof ssh2,
  path: string,
  passphrase: string,
): Promise<ParsedKey | undefined> {
  const result = utils.parseKey(await readFile(path), passphrase);
  return result instanceof Error ? undefined : [result].flat()[0];
}

async function readKeyFile(
  { utils }: typeof ssh2,
  path: string,
  unlocked: ParsedKey | undefined,
): Promise<KeyFile | undefined> {
  const [priv, pub] = await Promise.all(
    [path, `${path}.pub`].map(file => readFile(file).catch(() => undefined)),
  );
  const beside = parsed(utils, pub) ?? parsed(utils, priv && publicHalf(priv));
  const publicKey = beside ?? parsed(utils, priv);
  if (priv === undefined && publicKey === undefined) return undefined;
  const result = unlocked ?? (priv === undefined ? undefined : utils.parseKey(priv));
  const key = result instanceof Error ? undefined : [result].flat()[0];
  const blob = (key ?? publicKey)?.getPublicSSH().toString('base64');
  const encrypted = result instanceof Error && /encrypted|passphrase/i.test(result.message);
  return { path, blob, key: key?.isPrivateKey() ? key : undefined, publicKey, encrypted };
}

/**
 * The public key that an OpenSSH private key file holds in the clear, as a line of a .pub file (PROTOCOL.key: a magic word,
 * then cipher, kdf, its options, the number of keys, and the public key, each but the number with its length before it).
 */
function publicHalf(file: Buffer): Buffer | undefined {
  const [, armoured] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(file.toString('latin1')) ?? [];
  const data = Buffer.from(armoured ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (!data.toString('latin1').startsWith(magic)) return undefined;
  let at = magic.length;
  const text = (): Buffer => data.subarray(at + 4, (at += 4 + data.readUInt32BE(at)));
  text();
  text();
  text();
  at += 4;
  const blob = text();
  return Buffer.from(`${keyType(blob)} ${blob.toString('base64')}`);
}

function parsed(utils: typeof ssh2.utils, content: Buffer | undefined): ParsedKey | undefined {
  if (content === undefined) return undefined;
  const result = utils.parseKey(content);
  return result instanceof Error ? undefined : [result].flat()[0];
}

/** The public keys that an agent holds, in base64; none where it does not answer. */
function agentKeys({ OpenSSHAgent }: typeof ssh2, socket: string): Promise<ReadonlySet<string>> {
  return new Promise(resolve =>
    new OpenSSHAgent(socket).getIdentities((_error, keys) => resolve(new Set((keys ?? []).map(blobOf)))),
  );
}

function filteredAgent(
  { OpenSSHAgent }: typeof ssh2,
  socket: string,
  wanted: (blob: string) => boolean,
): ssh2.OpenSSHAgent {
  const agent = new OpenSSHAgent(socket);
  const all = agent.getIdentities.bind(agent);
  agent.getIdentities = (callback: IdentityCallback<ParsedKey>) =>
    all((error, keys) =>
      callback(
        error,
        keys?.filter(key => wanted(blobOf(key))),
      ),
    );
  return agent;
}

/** A key that is offered by its public half alone: if the server would take it, its passphrase is worth asking for. */
function lockedKey(
  { BaseAgent }: typeof ssh2,
  { path, publicKey }: KeyFile,
  tell: (path: string) => void,
): ssh2.BaseAgent {
  return new (class extends BaseAgent<ParsedKey> {
    getIdentities(callback: IdentityCallback<ParsedKey>): void {
      callback(null, [publicKey!]);
    }

    sign(): void {
      tell(path);
    }
  })();
}

function blobOf(key: ParsedKey | PublicKeyEntry): string {
  const entry = 'pubKey' in key ? key.pubKey : key;
  const parsedKey = 'pubKey' in entry ? entry.pubKey : entry;
  if (typeof parsedKey === 'string') return parsedKey;
  return (Buffer.isBuffer(parsedKey) ? parsedKey : parsedKey.getPublicSSH()).toString('base64');
}
