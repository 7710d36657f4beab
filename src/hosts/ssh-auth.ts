import { readFile } from 'node:fs/promises';
import type ssh2 from 'ssh2';
import type { AnyAuthMethod, IdentityCallback, ParsedKey, PublicKeyEntry } from 'ssh2';
import type { SshConfig } from './ssh-config.js';

/** The ways to log in, in the order they are tried, and what is told when none of them worked. */
export interface Logins {
  readonly methods: readonly AnyAuthMethod[];
  readonly tried: readonly string[];
  /** Keys that are encrypted and were not offered. */
  readonly encrypted: readonly string[];
}

/** A key file: its public half in base64 where that is known, and the private one where it can be used as it is. */
interface KeyFile {
  readonly path: string;
  readonly blob: string | undefined;
  readonly key: ParsedKey | undefined;
  readonly encrypted: boolean;
}

/**
 * As OpenSSH: keys of the configuration first, those that the agent holds by the agent; then the agent's other keys unless
 * IdentitiesOnly. A server hangs up after a few wrong keys (MaxAuthTries), so none is offered twice.
 */
export async function loginsOf(lib: typeof ssh2, config: SshConfig): Promise<Logins> {
  const files = (await Promise.all(config.identityFiles.map(path => readKeyFile(lib, path)))).filter(
    f => f !== undefined,
  );
  const held = config.agent === undefined ? new Set<string>() : await agentKeys(lib, config.agent);
  const named = new Set(files.flatMap(f => (f.blob === undefined ? [] : [f.blob])));
  const usable = files.filter(f => f.key !== undefined && !held.has(f.blob ?? ''));
  const agent = (wanted: (blob: string) => boolean): AnyAuthMethod[] =>
    config.agent !== undefined && [...held].some(wanted)
      ? [{ type: 'agent', username: config.user, agent: filteredAgent(lib, config.agent, wanted) }]
      : [];
  return {
    methods: [
      ...agent(blob => named.has(blob)),
      ...usable.map(f => ({ type: 'publickey' as const, username: config.user, key: f.key! })),
      ...(config.identitiesOnly ? [] : agent(blob => !named.has(blob))),
    ],
    tried: [...usable.map(f => f.path), ...(held.size > 0 ? [`the agent's ${held.size} keys`] : [])],
    encrypted: files.filter(f => f.encrypted && !held.has(f.blob ?? '')).map(f => f.path),
  };
}

async function readKeyFile({ utils }: typeof ssh2, path: string): Promise<KeyFile | undefined> {
  const [priv, pub] = await Promise.all(
    [path, `${path}.pub`].map(file => readFile(file).catch(() => undefined)),
  );
  const publicKey = parsed(utils, pub ?? priv);
  if (priv === undefined && publicKey === undefined) return undefined;
  const result = priv === undefined ? undefined : utils.parseKey(priv);
  const key = result instanceof Error ? undefined : [result].flat()[0];
  const blob = (key ?? publicKey)?.getPublicSSH().toString('base64');
  const encrypted = result instanceof Error && /encrypted|passphrase/i.test(result.message);
  return { path, blob, key: key?.isPrivateKey() ? key : undefined, encrypted };
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

function blobOf(key: ParsedKey | PublicKeyEntry): string {
  const entry = 'pubKey' in key ? key.pubKey : key;
  const parsedKey = 'pubKey' in entry ? entry.pubKey : entry;
  if (typeof parsedKey === 'string') return parsedKey;
  return (Buffer.isBuffer(parsedKey) ? parsedKey : parsedKey.getPublicSSH()).toString('base64');
}
