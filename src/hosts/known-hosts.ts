import { createHmac } from 'node:crypto';

/** A line of a known_hosts file that holds a key (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownKey {
  readonly file: string;
  readonly line: number;
  readonly marker: '' | '@revoked' | '@cert-authority';
  readonly patterns: string;
  readonly type: string;
  /** Base64 of the key as it travels. */
  readonly blob: string;
}

/** What is known of a host's key. `changed`: another key of the same type is known. */
export type Verdict =
  | { readonly is: 'known' }
  | { readonly is: 'unknown'; readonly others: readonly KnownKey[] }
  | { readonly is: 'changed' | 'revoked'; readonly by: KnownKey };

/** The keys of a known_hosts file. Lines that are no keys (comments, garbage) are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownKey[] {
  return text.split('\n').flatMap((raw, index) => {
    const words = raw.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift()! : '';
    const [patterns, type, blob] = words;
    if (
      !isMarker(marker) ||
      patterns === undefined ||
      patterns.startsWith('#') ||
      type === undefined ||
      blob === undefined
    )
      return [];
    return [{ file, line: index + 1, marker, patterns, type, blob }];
  });
}

/** The name under which a host stands in known_hosts: an alias as it is, a port other than 22 as `[name]:port`. */
export function knownHostName(hostname: string, port: number, alias?: string): string {
  if (alias !== undefined) return alias.toLowerCase();
  return port === 22 ? hostname.toLowerCase() : `[${hostname.toLowerCase()}]:${port}`;
}

/** The lines that speak of a host. */
export function keysOf(keys: readonly KnownKey[], name: string): readonly KnownKey[] {
  return keys.filter(key => matches(key.patterns, name));
}

/** Judges a key that a host gave, `blob` being its base64. A revoked key is refused wherever else it may stand. */
export function judgeKey(keys: readonly KnownKey[], name: string, type: string, blob: string): Verdict {
  const ours = keysOf(keys, name);
  const revoked = ours.find(key => key.marker === '@revoked' && key.blob === blob);
  if (revoked) return { is: 'revoked', by: revoked };
  const plain = ours.filter(key => key.marker === '');
  if (plain.some(key => key.blob === blob)) return { is: 'known' };
  const changed = plain.find(key => key.type === type);
  if (changed) return { is: 'changed', by: changed };
  return { is: 'unknown', others: ours.filter(key => key.marker !== '@revoked') };
}

/**
 * Host key algorithms with those first of which a key is known: else the server may show a key of another type than the
 * one that could be checked. An `ssh-rsa` key signs as rsa-sha2-* (RFC 8332).
 */
export function orderAlgorithms(
  keys: readonly KnownKey[],
  name: string,
  algorithms: readonly string[],
): readonly string[] {
  const known = keysOf(keys, name)
    .filter(key => key.marker === '')
    .map(key => key.type);
  const first = new Set(
    known.flatMap(type => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type])),
  );
  return [...algorithms.filter(a => first.has(a)), ...algorithms.filter(a => !first.has(a))];
}

/** The type of a key as it travels (RFC 4253, 6.6: its name comes first, its length before that). */
export function keyType(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

function isMarker(marker: string): marker is KnownKey['marker'] {
  return marker === '' || marker === '@revoked' || marker === '@cert-authority';
}

/** `|1|salt|hash`, or patterns of which one must match and none that begins with `!` may. */
function matches(patterns: string, name: string): boolean {
  if (patterns.startsWith('|')) return matchesHash(patterns, name);
  const list = patterns.toLowerCase().split(',');
  const hits = (pattern: string): boolean => wildcard(pattern).test(name);
  return (
    list.some(p => !p.startsWith('!') && hits(p)) && !list.some(p => p.startsWith('!') && hits(p.slice(1)))
  );
}

function matchesHash(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split('|');
  if (version !== '1' || salt === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function wildcard(pattern: string): RegExp {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
