import { describe, expect, it } from 'vitest';
import { explainOpenssh, lastWords, type Told } from '../../src/hosts/openssh-explain.js';
import type { Logins } from '../../src/hosts/ssh-auth.js';
import { parseSshConfig } from '../../src/hosts/ssh-config.js';
import { hopOf, type Hop } from '../../src/hosts/ssh-route.js';

const around = { homedir: '/none', passwdHome: '/none', environment: {} };

function hop(address: string, user: string): Promise<Hop> {
  const config = parseSshConfig(`hostname ${address}\nport 2222\nuser ${user}`, around);
  return hopOf('tera', config, { acceptNew: false, through: [], written: undefined, jump: false });
}

const keys: Logins = { methods: () => [], count: 7, tried: ['/k'], locked: ['/k'], sealed: [] };

async function explained(said: string, more: Partial<Told> = {}): Promise<Error> {
  const route = [await hop('192.0.2.7', 'ann')];
  const loginsOf = (): Promise<Logins> => Promise.resolve(keys);
  return explainOpenssh({ route, said, loginsOf, answered: false, late: false, ...more });
}

const MET = 'debug1: SSH2_MSG_KEXINIT received\r\n';
const SHOWN = `${MET}debug1: Server host key: ssh-ed25519 SHA256:kNGUBXOlmfhP\r\n`;
const FAILED = 'Host key verification failed.\r\n';

/** As OpenSSH 9.2 says it, with addresses of documentation. */
const SAID: readonly (readonly [code: string, said: string, hint: string])[] = [
  ['host.refused', 'ssh: connect to host 192.0.2.7 port 2222: Connection refused\r\n', 'sshd'],
  ['host.unreachable', 'ssh: connect to host 192.0.2.7 port 2222: No route to host\r\n', 'firewalls'],
  ['host.unreachable', 'ssh: connect to host 192.0.2.7 port 2222: Connection timed out\r\n', 'firewalls'],
  ['host.unreachable', 'Connection timed out during banner exchange\r\n', 'firewalls'],
  [
    'host.unreachable',
    'ssh: Could not resolve hostname tera: Name or service not known\r\n',
    '~/.ssh/config',
  ],
  [
    'host.key-unknown',
    `${SHOWN}No ED25519 host key is known for [192.0.2.7]:2222 and you have requested strict checking.\r\n${FAILED}`,
    'ssh-keyscan -p 2222 192.0.2.7',
  ],
  [
    'host.key-unknown',
    `${MET}No matching host key fingerprint found in DNS.\r\n${FAILED}`,
    'try `ssh` to it by hand',
  ],
  [
    'host.key-revoked',
    `${SHOWN}@       WARNING: REVOKED HOST KEY DETECTED!               @\r\n${FAILED}`,
    'withdrawn',
  ],
  [
    'host.auth',
    'ann@192.0.2.7: Permission denied (publickey,password).\r\n',
    'ssh-copy-id -p 2222 ann@192.0.2.7',
  ],
  [
    'host.auth',
    'debug1: Server accepts key: /k ED25519 SHA256:Ht9Z explicit\r\nann@192.0.2.7: Permission denied (publickey).\r\n',
    'ssh-add /k',
  ],
  [
    'host.auth',
    'Received disconnect from 192.0.2.7 port 2222:2: Too many authentication failures\r\nDisconnected from 192.0.2.7 port 2222\r\n',
    'IdentitiesOnly',
  ],
  [
    'host.busy',
    'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 192.0.2.7 port 2222\r\n',
    'MaxStartups',
  ],
  ['host.openssh', 'sh: 4: ssh: not found\n', 'openssh-client'],
  [
    'host.handshake',
    'Unable to negotiate with 192.0.2.7 port 2222: no matching cipher found.\r\n',
    'by hand',
  ],
  ['host.handshake', `${MET}Connection closed by 192.0.2.7 port 2222\r\n`, 'by hand'],
];

describe("what OpenSSH's client says of a login that it did not get", () => {
  it.each(SAID)('is %s: %s', async (code, said, hint) => {
    expect(await explained(said)).toMatchObject({
      code,
      host: 'tera',
      hint: expect.stringContaining(hint) as string,
    });
  });

  it('is of the login that comes after those that were made', async () => {
    const route = [
      await hop('192.0.2.1', 'jo'),
      await hop('192.0.2.2', 'jane'),
      await hop('192.0.2.7', 'ann'),
    ];
    const made = 'Authenticated to 192.0.2.1 ([192.0.2.1]:2222) using "publickey".\r\n';
    const denied = 'jane@192.0.2.2: Permission denied (publickey).\r\n';
    const after = 'kex_exchange_identification: Connection closed by remote host\r\n';
    const error = await explained(`${made}${denied}${after}`, { route });
    expect(error.message).toContain('ssh jane@192.0.2.2:2222 did not let jane in');
    const closed = 'channel 0: open failed: administratively prohibited: open failed\r\n';
    expect(await explained(`${made}${closed}${after}`, { route })).toMatchObject({
      code: 'host.jump',
      message: 'ssh jo@192.0.2.1:2222 lets nobody through',
    });
  });

  it('tells a wrong passphrase from one that nobody was asked for', async () => {
    const asked = 'debug1: Server accepts key: /k ED25519 SHA256:Ht9Z\r\n';
    const denied = 'ann@192.0.2.7: Permission denied (publickey).\r\n';
    expect((await explained(asked + denied, { answered: true })).message).toContain(
      'not the passphrase of /k',
    );
    expect((await explained(asked + denied)).message).toContain('/k is encrypted');
  });

  it('is a host that does not answer where it says nothing for too long', async () => {
    expect(await explained('', { late: true })).toMatchObject({ code: 'host.unreachable', retryable: true });
  });

  it('ends with the last line that is not of -v', () => {
    const said =
      'Timeout, server not responding.\r\ndebug1: channel 0: free\r\nTransferred: sent 5, received 6 bytes\r\n';
    expect(lastWords(said)).toBe('Timeout, server not responding.');
  });
});
