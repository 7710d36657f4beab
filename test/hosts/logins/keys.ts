import type { LoginRow } from './row.js';

/** What the user logs in with. */
export const KEYS: readonly LoginRow[] = [
  {
    situation: 'the key in the agent',
    config: ['IdentityFile {home}/.ssh/none'],
    environment: { SSH_AUTH_SOCK: '{home}/lone' },
    expected: 'works',
  },
  {
    situation: 'an agent that the configuration names',
    config: ['IdentityAgent {home}/lone', 'IdentityFile {home}/.ssh/none'],
    environment: { SSH_AUTH_SOCK: '/nowhere' },
    expected: 'works',
  },
  {
    situation: 'an agent that is not there',
    environment: { SSH_AUTH_SOCK: '/nowhere' },
    expected: 'works',
  },
  {
    situation: 'eight wrong keys in the agent before the right one, which is named',
    config: ['IdentityFile {home}/.ssh/right.pub', 'IdentitiesOnly yes'],
    environment: { SSH_AUTH_SOCK: '{home}/crowded' },
    expected: 'works',
  },
  {
    situation: 'eight wrong keys in the agent before the right one',
    config: ['IdentityFile {home}/.ssh/none'],
    environment: { SSH_AUTH_SOCK: '{home}/crowded' },
    expected:
      "host.auth: ssh root@{address}:{port:plain} hung up after too many keys: 9 were to be offered, the agent's 9 keys (name the right one in ~/.ssh/config: IdentityFile, and IdentitiesOnly yes)",
  },
  {
    situation: 'several key files, the right one last',
    config: [
      'IdentityFile {home}/.ssh/wrong1',
      'IdentityFile {home}/.ssh/none',
      'IdentityFile {home}/.ssh/right',
    ],
    expected: 'works',
  },
  { situation: 'an ECDSA key', config: ['IdentityFile {home}/.ssh/ecdsa'], expected: 'works' },
  {
    situation: 'an encrypted key that the agent holds',
    config: ['IdentitiesOnly yes', 'IdentityFile {home}/.ssh/locked'],
    environment: { SSH_AUTH_SOCK: '{home}/lone' },
    expected: 'works',
  },
  {
    situation: 'an encrypted key and its passphrase',
    config: ['IdentitiesOnly yes', 'IdentityFile {home}/.ssh/locked'],
    passphrase: 'secret',
    expected: 'works',
  },
  {
    situation: 'an encrypted key of the older format and its passphrase',
    config: ['IdentitiesOnly yes', 'IdentityFile {home}/.ssh/sealed'],
    passphrase: 'secret',
    expected: 'works',
  },
  {
    situation: 'an encrypted key and a wrong passphrase',
    config: ['IdentityFile {home}/.ssh/locked'],
    passphrase: 'wrong',
    expected:
      "host.auth: ssh root@{address}:{port:plain} can't be logged in to: that is not the passphrase of {home}/.ssh/locked (load the key first: ssh-add {home}/.ssh/locked)",
  },
  {
    situation: 'an encrypted key and nobody to ask',
    config: ['IdentityFile {home}/.ssh/locked'],
    expected:
      "host.auth: ssh root@{address}:{port:plain} can't be logged in to: the key {home}/.ssh/locked is encrypted (load the key first: ssh-add {home}/.ssh/locked)",
  },
  {
    situation: 'a key that the host does not take',
    config: ['IdentityFile {home}/.ssh/wrong1'],
    expected:
      'host.auth: ssh root@{address}:{port:plain} did not let root in: it took none of {home}/.ssh/wrong1 (let a key in: ssh-copy-id -p {port:plain} root@{address})',
  },
  {
    situation: 'no key at all',
    config: ['IdentityFile {home}/.ssh/none'],
    expected:
      'host.auth: ssh root@{address}:{port:plain} did not let root in: there was no key to offer (let a key in: ssh-copy-id -p {port:plain} root@{address})',
  },
  {
    situation: 'a host that wants a password beside the key',
    sshd: 'both',
    expected:
      'host.auth: ssh root@{address}:{port:both} did not let root in by a key alone: it wants password as well (topo can answer no questions there: let this user in by a key alone (AuthenticationMethods publickey))',
  },
  {
    situation: 'a host that takes passwords only',
    sshd: 'password',
    expected:
      'host.auth: ssh root@{address}:{port:password} did not let root in: it took none of {home}/.ssh/right, and takes password only (set PubkeyAuthentication yes in its sshd_config)',
  },
  {
    situation: 'a certificate',
    config: ['IdentityFile {home}/.ssh/certified'],
    expected: {
      ssh2: "host.transport: ssh root@{address}:{port:plain} is logged in to with the certificate {home}/.ssh/certified-cert.pub, and ssh2 can't do that (leave `transport: ssh2` out, or write `transport: openssh`)",
      openssh: 'works',
    },
  },
];
