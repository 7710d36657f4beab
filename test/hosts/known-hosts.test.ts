import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  judgeKey,
  keyType,
  knownHostName,
  orderAlgorithms,
  parseKnownHosts,
} from '../../src/hosts/known-hosts.js';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIGb7XlnVKOnzcQgVWcqpdyMlfBPhEbLoSh3UKr3mVcTq';
const OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ5g7jE2uP6v1m2hJ9gkqQm0wXq3fZ0cWJ1uYy8rN4Ab';

function judge(text: string, name: string, blob = KEY, type = 'ssh-ed25519'): string {
  const verdict = judgeKey(parseKnownHosts(text, 'kh'), name, type, blob);
  if (verdict.is === 'changed' || verdict.is === 'revoked')
    return `${verdict.is} ${verdict.by.file}:${verdict.by.line}`;
  return verdict.is;
}

describe('judging a host key', () => {
  it.each([
    ['a plain name', `tera ssh-ed25519 ${KEY}`, 'tera', 'known'],
    ['one of several names', `rog,tera ssh-ed25519 ${KEY} a comment`, 'tera', 'known'],
    ['another name', `rog ssh-ed25519 ${KEY}`, 'tera', 'unknown'],
    ['a name that only begins like it', `tera ssh-ed25519 ${KEY}`, 'tera2', 'unknown'],
    ['a port of its own', `[tera]:2222 ssh-ed25519 ${KEY}`, '[tera]:2222', 'known'],
    ['the same host on port 22', `tera ssh-ed25519 ${KEY}`, '[tera]:2222', 'unknown'],
    ['a wildcard', `*.lab.example ssh-ed25519 ${KEY}`, 'a.lab.example', 'known'],
    ['a wildcard does not take its dot for any character', `a.b ssh-ed25519 ${KEY}`, 'aXb', 'unknown'],
    ['one character', `lab? ssh-ed25519 ${KEY}`, 'lab7', 'known'],
    ['a negated name', `*.lab,!b.lab ssh-ed25519 ${KEY}`, 'b.lab', 'unknown'],
    ['an upper-case pattern', `TERA ssh-ed25519 ${KEY}`, 'tera', 'known'],
    ['another key of the type', `# one\n\ntera ssh-ed25519 ${OTHER}`, 'tera', 'changed kh:3'],
    ['both keys', `tera ssh-ed25519 ${OTHER}\ntera ssh-ed25519 ${KEY}`, 'tera', 'known'],
    ['a key of another type only', `tera ssh-rsa AAAA`, 'tera', 'unknown'],
    ['a revoked key', `tera ssh-ed25519 ${KEY}\n@revoked * ssh-ed25519 ${KEY}`, 'tera', 'revoked kh:2'],
    ['a revoked key of others', `@revoked * ssh-ed25519 ${OTHER}\ntera ssh-ed25519 ${KEY}`, 'tera', 'known'],
    ['an authority is no key', `@cert-authority * ssh-ed25519 ${KEY}`, 'tera', 'unknown'],
    ['garbage', 'tera\ntera ssh-ed25519\n|1|x\n@odd tera ssh-ed25519 AAAA', 'tera', 'unknown'],
  ])('%s', (_title, text, name, expected) => {
    expect(judge(text, name)).toBe(expected);
  });

  it.skipIf(spawnSync('which', ['ssh-keygen']).status !== 0)('finds names that ssh-keygen has hashed', () => {
    const directory = mkdtempSync(join(tmpdir(), 'topo-kh-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const file = join(directory, 'known_hosts');
    writeFileSync(file, `tera ssh-ed25519 ${KEY}\n[rog]:2222 ssh-ed25519 ${KEY}\n`);
    spawnSync('ssh-keygen', ['-H', '-f', file]);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('tera');
    expect([
      judge(text, 'tera'),
      judge(text, '[rog]:2222'),
      judge(text, 'rog'),
      judge(text, 'tera', OTHER),
    ]).toEqual(['known', 'known', 'unknown', 'changed kh:1']);
  });
});

describe('words for a host', () => {
  it('has the port where it is not 22, and an alias as it is', () => {
    expect([
      knownHostName('Tera', 22),
      knownHostName('fd00::1', 2222),
      knownHostName('tera', 2222, 'Lab'),
    ]).toEqual(['tera', '[fd00::1]:2222', 'lab']);
  });

  it('reads the type from a key as it travels', () => {
    expect(keyType(Buffer.from(KEY, 'base64'))).toBe('ssh-ed25519');
  });

  it('offers the algorithms first for which there is a key', () => {
    const all = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'];
    const order = (text: string): readonly string[] =>
      orderAlgorithms(parseKnownHosts(text, 'kh'), 'tera', all);
    expect(order('tera ssh-rsa AAAA')).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
    ]);
    expect(order('@revoked tera ssh-rsa AAAA\nrog ecdsa-sha2-nistp256 AAAA')).toEqual(all);
  });
});
