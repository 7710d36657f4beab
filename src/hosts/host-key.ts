import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hostError } from './errors.js';
import {
  judgeKey,
  keyType,
  knownHostName,
  parseKnownHosts,
  type KnownKey,
  type Verdict,
} from './known-hosts.js';

/** Which host, by which files its key is judged, and whether a new one is taken. */
export interface KeyPolicy {
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly alias: string | undefined;
  readonly keys: readonly KnownKey[];
  readonly acceptNew: boolean;
}

/** All keys of some known_hosts files; those that are not there hold none. */
export async function readKnownHosts(files: readonly string[]): Promise<readonly KnownKey[]> {
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text, i) => parseKnownHosts(text, files[i]!));
}

/** Whether a host's key may be trusted: `new` is to be remembered, an error says what is wrong and what to do. */
export function checkHostKey(policy: KeyPolicy, key: Buffer): 'known' | 'new' | Error {
  const name = knownHostName(policy.hostname, policy.port, policy.alias);
  const verdict = judgeKey(policy.keys, name, keyType(key), key.toString('base64'));
  if (verdict.is === 'known') return 'known';
  if (verdict.is === 'unknown' && policy.acceptNew && verdict.others.length === 0) return 'new';
  return refusal(policy, name, `${keyType(key)} key ${fingerprint(key)}`, verdict);
}

/** Writes a key that was taken to a known_hosts file. */
export async function rememberHostKey(file: string, policy: KeyPolicy, key: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const name = knownHostName(policy.hostname, policy.port, policy.alias);
  await appendFile(file, `${name} ${keyType(key)} ${key.toString('base64')}\n`, { mode: 0o600 });
}

function refusal(
  { host, hostname, port }: KeyPolicy,
  name: string,
  shown: string,
  verdict: Exclude<Verdict, { is: 'known' }>,
): Error {
  const scan = `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${hostname} >> ~/.ssh/known_hosts`;
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
        hint: `compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ${scan} (or set accept_new_host_key: true)`,
      });
    }
  }
}

/** As `ssh-keygen -l` prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function place({ file, line }: KnownKey): string {
  return `${file}:${line}`;
}
