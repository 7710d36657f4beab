import { WAYS } from './logins/ways.js';
import { KEYS } from './logins/keys.js';
import { HOST_KEYS } from './logins/host-keys.js';
import { HOSTS } from './logins/hosts.js';
import type { LoginRow } from './logins/row.js';

/** What sshd_config says beside what a sandbox's own does. */
export const SSHDS: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  gate: ['HostKey /run/login/gate'],
  closed: ['AllowTcpForwarding no'],
  streamless: ['AllowStreamLocalForwarding no'],
  single: ['MaxSessions 1'],
  pair: ['MaxSessions 2', 'AllowStreamLocalForwarding no'],
  shut: ['MaxSessions 0'],
  crowd: ['MaxStartups 1'],
  forced: ['ForceCommand echo This is a gate.'],
  both: ['AuthenticationMethods publickey,password', 'PasswordAuthentication yes'],
  password: ['PubkeyAuthentication no', 'PasswordAuthentication yes'],
  rsa: ['HostKey /run/login/key', 'HostKey /run/login/rsa'],
  signed: ['HostKey /run/login/signed', 'HostCertificate /run/login/signed-cert.pub'],
};

/** The situations, at least one for each thing that OpenSSH users have. */
export const LOGINS: readonly LoginRow[] = [...WAYS, ...KEYS, ...HOST_KEYS, ...HOSTS];
