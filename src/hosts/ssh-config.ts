/** What `ssh -G` says of a host, as far as it is acted on. Paths are absolute. */
export interface SshConfig {
  readonly hostname: string;
  readonly user: string;
  readonly port: number;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** A socket's path, or undefined for no agent. */
  readonly agent: string | undefined;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly strict: 'yes' | 'accept-new';
  readonly hostKeyAlias: string | undefined;
  /** Seconds. */
  readonly connectTimeout: number | undefined;
  /** A ProxyJump or ProxyCommand, word for word. */
  readonly proxy: string | undefined;
}

/** What stands in for `~`, for tokens and for variables of the configuration. */
export interface SshSurroundings {
  readonly homedir: string;
  /** The home directory that OpenSSH itself goes by: it asks the password database, not HOME. */
  readonly passwdHome: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The argv that asks OpenSSH for a host's configuration, with all its includes, matches and patterns resolved. Where topo
 * was given another home directory than OpenSSH would take, its file is named, if it has one.
 */
export function sshConfigArgv(
  target: { readonly user?: string; readonly address: string; readonly port?: number },
  { homedir, passwdHome }: SshSurroundings,
  hasConfig: boolean,
): readonly string[] {
  return [
    'ssh',
    '-G',
    ...(homedir === passwdHome ? [] : ['-F', hasConfig ? `${homedir}/.ssh/config` : 'none']),
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    '--',
    target.address,
  ];
}

/** Reads what `ssh -G` printed: a keyword and its value a line, some keywords several times. */
export function parseSshConfig(text: string, around: SshSurroundings): SshConfig {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, [...(values.get(key) ?? []), value]);
  }
  const one = (key: string): string | undefined => values.get(key)?.[0];
  const files = (key: string): readonly string[] =>
    (one(key) ?? '')
      .split(' ')
      .filter(f => f !== '' && f !== 'none')
      .map(f => path(f, around));
  return {
    hostname: one('hostname') ?? '',
    user: one('user') ?? '',
    port: Number(one('port') ?? 22),
    identityFiles: (values.get('identityfile') ?? []).filter(f => f !== 'none').map(f => path(f, around)),
    identitiesOnly: one('identitiesonly') === 'yes',
    agent: agentOf(one('identityagent'), around),
    userKnownHosts: files('userknownhostsfile'),
    globalKnownHosts: files('globalknownhostsfile'),
    strict: ['accept-new', 'no', 'off', 'false'].includes(one('stricthostkeychecking') ?? '')
      ? 'accept-new'
      : 'yes',
    hostKeyAlias: one('hostkeyalias'),
    connectTimeout: seconds(one('connecttimeout')),
    proxy: one('proxyjump') ?? one('proxycommand'),
  };
}

/** The configuration of a host where OpenSSH is not installed: its defaults. */
export function defaultSshConfig(
  target: { readonly user?: string; readonly address: string; readonly port?: number },
  user: string,
  around: SshSurroundings,
): SshConfig {
  const lines = [
    `hostname ${target.address}`,
    `user ${target.user ?? user}`,
    `port ${target.port ?? 22}`,
    ...['id_rsa', 'id_ecdsa', 'id_ed25519'].map(name => `identityfile ~/.ssh/${name}`),
    'userknownhostsfile ~/.ssh/known_hosts ~/.ssh/known_hosts2',
    'globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2',
  ];
  return parseSshConfig(lines.join('\n'), around);
}

function agentOf(value: string | undefined, around: SshSurroundings): string | undefined {
  if (value === 'none') return undefined;
  if (value === undefined || value === 'SSH_AUTH_SOCK')
    return around.environment['SSH_AUTH_SOCK'] || undefined;
  return value.startsWith('$') ? around.environment[value.slice(1)] : path(value, around);
}

/** `~` and `%d` are the home directory; OpenSSH has already put its own idea of it into some values. */
function path(value: string, { homedir, passwdHome }: SshSurroundings): string {
  const unquoted = value.replace(/^"(.*)"$/, '$1').replace(/^(~|%d)(?=\/)/, homedir);
  return unquoted.startsWith(`${passwdHome}/.ssh/`) ? homedir + unquoted.slice(passwdHome.length) : unquoted;
}

function seconds(value: string | undefined): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}
