import { describe, expect, it } from 'vitest';
import { explainOpenssh, lastWords, opensshLate } from '../../src/hosts/openssh-explain.js';

const at = {
  host: 'tera',
  described: 'ssh (openssh) ann@192.0.2.7:2222',
  user: 'ann',
  hostname: '192.0.2.7',
  port: 2222,
  asks: false,
};

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
    'No ED25519 host key is known for [192.0.2.7]:2222 and you have requested strict checking.\r\nHost key verification failed.\r\n',
    'ssh-keyscan -p 2222 192.0.2.7',
  ],
  [
    'host.key-changed',
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nOffending ED25519 key in /home/ann/.ssh/known_hosts:3\r\nHost key verification failed.\r\n',
    'ssh-keygen -R',
  ],
  [
    'host.key-revoked',
    '@       WARNING: REVOKED HOST KEY DETECTED!               @\r\nHost key verification failed.\r\n',
    'withdrawn',
  ],
  [
    'host.auth',
    'ann@192.0.2.7: Permission denied (publickey,password).\r\n',
    'ssh-copy-id -p 2222 ann@192.0.2.7',
  ],
  [
    'host.auth',
    'Received disconnect from 192.0.2.7 port 2222:2: Too many authentication failures\r\nDisconnected from 192.0.2.7 port 2222\r\n',
    'ssh-add',
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
];

describe("what OpenSSH's client says of a login that it did not get", () => {
  it.each(SAID)('is %s: %s', (code, said, hint) => {
    const error = explainOpenssh(at, said);
    expect(error).toMatchObject({ code, host: 'tera', hint: expect.stringContaining(hint) as string });
    expect(error.message).toContain(lastWords(said));
  });

  it('names the line that a changed key contradicts', () => {
    const said = SAID.find(([code]) => code === 'host.key-changed')![1];
    expect(explainOpenssh(at, said).message).toContain('/home/ann/.ssh/known_hosts:3');
  });

  it('is a host that does not answer where it says nothing for too long', () => {
    expect(opensshLate(at, '')).toMatchObject({ code: 'host.unreachable', retryable: true });
  });
});
