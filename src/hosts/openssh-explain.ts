import { hostError } from './errors.js';

/** A login that OpenSSH's client did not get. */
export interface Refused {
  readonly host: string;
  readonly described: string;
  readonly user: string;
  readonly hostname: string;
  readonly port: number;
  /** Whether it could ask at a terminal. */
  readonly asks: boolean;
}

interface Reason {
  readonly code: string;
  readonly what: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** What is to be looked for in the words of ssh, the first that is there counts. `$1`: what the pattern caught. */
const REASONS: readonly (readonly [RegExp, (at: Refused, caught: string) => Reason])[] = [
  [/REVOKED HOST KEY/, revoked],
  [/IDENTIFICATION HAS CHANGED[^]*?(?:Offending \S+ key in (\S+)|$)/, changed],
  [/No (\S+) host key is known for|Host key verification failed/, unknown],
  [/Connection refused/, at => refused(at)],
  [/Could not resolve hostname/, at => unresolved(at)],
  [/No route to host|Network is unreachable|Operation timed out|Connection timed out/, at => unreachable(at)],
  [/Permission denied \(([^)]*)\)|Too many authentication failures/, notLetIn],
  [/(?:Connection (?:closed|reset) by|kex_exchange_identification)/, hungUp],
  [/ssh: not found|ssh: command not found/, noClient],
];

/** Why there is no connection, by what OpenSSH's client said; its own last line is in the message. */
export function explainOpenssh(at: Refused, said: string): Error {
  for (const [pattern, reason] of REASONS) {
    const match = pattern.exec(said);
    if (match) return errorOf(at, reason(at, match[1] ?? ''), said);
  }
  return errorOf(
    at,
    {
      code: 'host.handshake',
      what: `no ssh session with ${at.described}`,
      hint: 'try `ssh` to it by hand: it says more',
      retryable: true,
    },
    said,
  );
}

/** It neither came about nor failed. */
export function opensshLate(at: Refused, said: string): Error {
  return errorOf(at, { ...unreachable(at), what: `${at.described} did not answer in time` }, said);
}

/** The last line that ssh said. */
export function lastWords(said: string): string {
  return said.trim().split(/\r?\n/).at(-1)?.trim() ?? '';
}

function errorOf({ host }: Refused, { code, what, hint, retryable }: Reason, said: string): Error {
  const last = lastWords(said);
  return hostError(host, code, last === '' ? what : `${what}: ${last}`, {
    hint,
    ...(retryable === undefined ? {} : { retryable }),
  });
}

function revoked({ described }: Refused): Reason {
  return {
    code: 'host.key-revoked',
    what: `${described} shows a key that is revoked`,
    hint: 'do not connect: whoever answers there holds a key that was withdrawn',
  };
}

function changed({ described }: Refused, place: string): Reason {
  const by = place === '' ? 'its known_hosts' : place;
  const file = place.replace(/:\d+$/, '');
  return {
    code: 'host.key-changed',
    what: `${described} shows another key than ${by} has`,
    hint: `if the host was set up anew, remove that line${file === '' ? '' : ` (ssh-keygen -R … -f ${file})`}; else someone may be between you and it`,
  };
}

function unknown({ described, hostname, port }: Refused, type: string): Reason {
  const scan = `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${hostname} >> ~/.ssh/known_hosts`;
  return {
    code: 'host.key-unknown',
    what: `${described} shows ${type === '' ? 'a' : `an ${type}`} key which is not known`,
    hint: `compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ${scan} (or set accept_new_host_key: true)`,
  };
}

function refused({ described }: Refused): Reason {
  return {
    code: 'host.refused',
    what: `${described} refused the connection`,
    hint: 'look whether sshd runs there and listens on that port',
    retryable: true,
  };
}

function unresolved({ described }: Refused): Reason {
  return {
    code: 'host.unreachable',
    what: `the name of ${described} can't be resolved`,
    hint: 'check the address in the topology file and in ~/.ssh/config',
    retryable: true,
  };
}

function unreachable({ described }: Refused): Reason {
  return {
    code: 'host.unreachable',
    what: `${described} can't be reached`,
    hint: 'check that it is up, and the route and firewalls to it',
    retryable: true,
  };
}

function notLetIn({ described, user, hostname, port, asks }: Refused, takes: string): Reason {
  const copy = `let a key in: ssh-copy-id ${port === 22 ? '' : `-p ${port} `}${user}@${hostname}`;
  return {
    code: 'host.auth',
    what: `${described} did not let ${user} in${takes === '' ? '' : `, and takes ${takes}`}`,
    hint: asks ? copy : `${copy}; a key with a passphrase: ssh-add first`,
  };
}

function hungUp({ described }: Refused): Reason {
  return {
    code: 'host.busy',
    what: `${described} hung up before the login`,
    hint: 'look whether that is sshd, and whether it has more logins at a time than MaxStartups allows',
    retryable: true,
  };
}

function noClient(): Reason {
  return {
    code: 'host.openssh',
    what: "OpenSSH's client is not on this machine",
    hint: 'install it: apt-get install openssh-client, or leave `transport: openssh` out',
  };
}
