import { readFile } from 'node:fs/promises';
import type { Jump, SshSurroundings } from './ssh-config.js';

/** What OpenSSH takes where nothing is said. */
const DEFAULTS = [
  ['identityfile', '~/.ssh/id_rsa'],
  ['identityfile', '~/.ssh/id_ecdsa'],
  ['identityfile', '~/.ssh/id_ed25519'],
  ['userknownhostsfile', '~/.ssh/known_hosts ~/.ssh/known_hosts2'],
  ['globalknownhostsfile', '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2'],
  ['port', '22'],
] as const;

/** What needs OpenSSH to be understood: to pass over it would be to go by another configuration than the user wrote. */
const TOO_MUCH = /^[ \t]*(include\b.*|match\b.*\b(?:exec|canonical|final|localnetwork|tagged)\b.*)$/im;

/**
 * The configuration of a host where OpenSSH is not installed, in the form that `ssh -G` prints: from `~/.ssh/config` and
 * /etc/ssh/ssh_config. Throws a plain Error that names the line that only OpenSSH understands.
 */
export async function readSshConfigFiles(
  target: Jump,
  user: string,
  around: SshSurroundings,
): Promise<string> {
  const paths = [`${around.homedir}/.ssh/config`, '/etc/ssh/ssh_config'];
  const texts = await Promise.all(paths.map(path => readFile(path, 'utf8').catch(() => '')));
  return computeSshConfig(
    texts.map((text, i) => ({ path: paths[i]!, text })),
    target,
    user,
  );
}

/** The same from what stands in the files. A value that was got first stays, identity files add up. */
export async function computeSshConfig(
  files: readonly { readonly path: string; readonly text: string }[],
  target: Jump,
  user: string,
): Promise<string> {
  const { default: SshConfig } = await import('ssh-config');
  const asked = { Host: target.address, ...(target.user === undefined ? {} : { User: target.user }) };
  const found = new Map<string, string[]>();
  if (target.port !== undefined) found.set('port', [String(target.port)]);
  for (const { path, text } of files) {
    const [line] = TOO_MUCH.exec(text) ?? [];
    if (line !== undefined) throw new Error(`'${line.trim()}' of ${path} is for OpenSSH alone to read`);
    const computed = SshConfig.parse(plain(text, target.address)).compute(asked, {
      ignoreCase: true,
      matchExec: false,
    });
    for (const [key, value] of Object.entries(computed)) {
      const list = key === 'identityfile' ? [value].flat() : [[value].flat().join(' ')];
      if (key === 'identityfile' || !found.has(key)) found.set(key, [...(found.get(key) ?? []), ...list]);
    }
  }
  const all = new Map([['hostname', [target.address]], ['user', [target.user ?? user]], ...found]);
  const lines = [...all].flatMap(([key, values]) => values.map(value => `${key} ${value}`));
  const rest = DEFAULTS.filter(([key]) => !all.has(key)).map(([key, value]) => `${key} ${value}`);
  return [...lines, ...rest].join('\n');
}

/** The package's Match goes by `HostName` and `User` in just this spelling, and by the value as it is written. */
function plain(text: string, address: string): string {
  return text
    .replace(/^([ \t]*)user\b/gim, '$1User')
    .replace(/^([ \t]*)hostname\b(.*)$/gim, (_, indent: string, rest: string) => {
      return `${indent}HostName${rest.replaceAll('%h', address)}`;
    });
}
