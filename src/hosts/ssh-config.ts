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
  readonly family: 4 | 6 | undefined;
  /** The hosts of ProxyJump, the first to log in to first. */
  readonly jumps: readonly Jump[];
  /** What it asks for that OpenSSH's own client alone can do, in words that go after "it". */
  readonly beyond: string | undefined;
}

/** `[user@]host[:port]`, as it stands in a ProxyJump or an `ssh://`. */
export interface Jump {
  readonly user?: string;
  readonly address: string;
  readonly port?: number;
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
export function sshConfigArgv(target: Jump, around: SshSurroundings, hasConfig: boolean): readonly string[] {
  return ['ssh', '-G', ...sshOptions(target, around, hasConfig), '--', target.address];
}

/** The options that tell OpenSSH which host is meant, and by which configuration. */
export function sshOptions(
  target: Jump,
  { homedir, passwdHome }: SshSurroundings,
  hasConfig: boolean,
): readonly string[] {
  return [
    ...(homedir === passwdHome ? [] : ['-F', hasConfig ? `${homedir}/.ssh/config` : 'none']),
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
  ];
}

/** Reads what `ssh -G` printed of a host: a keyword and its value a line, some keywords several times. */
export function parseSshConfig(text: string, around: SshSurroundings, original = ''): SshConfig {
  const values = keywords(text);
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
    family: one('addressfamily') === 'inet' ? 4 : one('addressfamily') === 'inet6' ? 6 : undefined,
    jumps: jumpsOf(one('proxyjump'), { n: original, h: one('hostname'), p: one('port'), r: one('user') }),
    beyond: beyond(one),
  };
}

function keywords(text: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
}

/** A ProxyJump takes tokens, and `ssh -G` leaves them as they are. */
function jumpsOf(
  value: string | undefined,
  tokens: Readonly<Record<string, string | undefined>>,
): readonly Jump[] {
  if (value === undefined || value === 'none') return [];
  return value
    .replace(/%([nhpr%])/g, (_, token: string) => (token === '%' ? '%' : (tokens[token] ?? '')))
    .split(',')
    .map(jump => parseJump(jump.trim()));
}

function parseJump(text: string): Jump {
  const [, user, six, plain, port] =
    /^(?:ssh:\/\/)?(?:(.*)@)?(?:\[([^\]]+)\]|([^:]*|.*:.*:[^:]*))(?::(\d+))?\/?$/.exec(text) ?? [];
  return {
    address: six ?? plain ?? text,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

/** ssh2 has no code for these. */
function beyond(one: (key: string) => string | undefined): string | undefined {
  const set = (key: string): string | undefined => (one(key) === 'none' ? undefined : one(key));
  const [command, keys, certificate, token] = [
    set('proxycommand'),
    set('knownhostscommand'),
    set('certificatefile'),
    set('pkcs11provider'),
  ];
  if (command !== undefined) return `is reached through ProxyCommand '${command}'`;
  if (keys !== undefined) return `has its keys from KnownHostsCommand '${keys}'`;
  if (certificate !== undefined) return `is logged in to with the certificate ${certificate}`;
  if (token !== undefined) return `is logged in to with a key of ${token}`;
  return undefined;
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
