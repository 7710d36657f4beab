import type { SshConfig } from './ssh-config.js';

/** Seconds between two questions for a sign of life, and how many may stay without an answer. */
const ALIVE = { interval: 2, misses: 3 };

/** What the master says on its output when it takes commands. */
export const READY = 'topo-ready';

/** How OpenSSH's client finds a host: the words before its own options and the name at the end. */
export interface OpensshWay {
  /** `-F`, `-l`, `-p` and the like. */
  readonly options: readonly string[];
  /** As the user would hand it to ssh. */
  readonly address: string;
}

export interface OpensshLogin {
  readonly way: OpensshWay;
  readonly acceptNew: boolean;
  /** Whether it may ask for passphrases and the like at the terminal. */
  readonly asks: boolean;
  /** Seconds. */
  readonly connectTimeout: number;
}

/**
 * The argv of the connection that all else goes through. Forwardings, commands and other extras of the user's configuration
 * are for the user's own sessions. Only -v says which of the logins on the way failed and why, and is handed on to the ssh of a jump.
 */
export function masterArgv(control: string, login: OpensshLogin): readonly string[] {
  const { way, acceptNew, asks, connectTimeout } = login;
  const set = {
    BatchMode: asks ? 'no' : 'yes',
    ClearAllForwardings: 'yes',
    ConnectTimeout: connectTimeout,
    ControlPersist: 'no',
    EscapeChar: 'none',
    ForkAfterAuthentication: 'no',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    LocalCommand: `echo ${READY}`,
    PermitLocalCommand: 'yes',
    RemoteCommand: 'none',
    ServerAliveCountMax: ALIVE.misses,
    ServerAliveInterval: ALIVE.interval,
    StrictHostKeyChecking: acceptNew ? 'accept-new' : 'yes',
    Tunnel: 'no',
    UpdateHostKeys: 'no',
  };
  return [
    'ssh',
    '-v',
    '-M',
    '-N',
    '-T',
    '-S',
    control,
    ...optionWords(set),
    ...way.options,
    '--',
    way.address,
  ];
}

/**
 * The argv of one command over a master. Without the master it must fail, not make a connection of its own: there is no
 * host to connect to.
 */
export function sessionArgv(control: string, line: string): readonly string[] {
  return [...client(control), '--', 'master', line];
}

/** The argv that has a socket of this machine lead to one of the host. */
export function forwardArgv(control: string, local: string, remote: string): readonly string[] {
  return [...client(control), '-O', 'forward', '-L', `${local}:${remote}`, '--', 'master'];
}

/** The argv that ends with 0 where the master lives. */
export function checkArgv(control: string): readonly string[] {
  return [...client(control), '-O', 'check', '--', 'master'];
}

/** A host as a configuration has it that stands in no file. */
export function wayOf(config: SshConfig): OpensshWay {
  const { user, port, hostname } = config;
  return {
    options: ['-F', 'none', '-l', user, '-p', String(port), ...settled(config)],
    address: hostname,
  };
}

/** What was decided of keys and agents, where OpenSSH by itself would go by another home directory. */
export function settled(config: SshConfig): readonly string[] {
  const files = (paths: readonly string[]): string =>
    paths.length === 0 ? 'none' : paths.map(quoted).join(' ');
  return [
    ...config.identityFiles.flatMap(path => ['-o', `IdentityFile=${quoted(path)}`]),
    ...optionWords({
      IdentitiesOnly: config.identitiesOnly ? 'yes' : 'no',
      IdentityAgent: config.agent === undefined ? 'none' : quoted(config.agent),
      UserKnownHostsFile: files(config.userKnownHosts),
      GlobalKnownHostsFile: files(config.globalKnownHosts),
    }),
  ];
}

function client(control: string): readonly string[] {
  return [
    'ssh',
    '-F',
    'none',
    '-T',
    '-S',
    control,
    ...optionWords({ BatchMode: 'yes', ProxyCommand: 'false' }),
  ];
}

function optionWords(options: Readonly<Record<string, string | number>>): readonly string[] {
  return Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/** One word of ssh_config: `%` would begin a token. */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}
