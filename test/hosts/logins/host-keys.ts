import type { LoginRow } from './row.js';

/** How the host proves to be the one that is meant. */
export const HOST_KEYS: readonly LoginRow[] = [
  { situation: 'a host key known by a hashed name', known: '{hashed}', expected: 'works' },
  {
    situation: 'a host key known by the name without its port',
    known: '{address} {key}',
    expected: 'works',
  },
  {
    situation: 'a host key known by a pattern',
    known: '[198.18.*.?*]:*,!rog {key}',
    expected: 'works',
  },
  {
    situation: 'a host key known by a pattern that leaves this host out',
    known: '[198.18.*]:*,![{address}]:* {key}',
    expected:
      "host.key-unknown: [{address}]:{port:plain} shows the ssh-ed25519 key SHA256:…, which is not known (compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ssh-keyscan -p {port:plain} {address} >> {own}/.ssh/known_hosts (or set accept_new_host_key: true))",
  },
  {
    situation: 'a host key known by an alias',
    config: ['HostKeyAlias Tera'],
    known: 'tera {key}',
    expected: 'works',
  },
  {
    situation: 'a host key in the second known_hosts file',
    config: ['UserKnownHostsFile {home}/.ssh/no_known_hosts {home}/.ssh/known_hosts'],
    expected: 'works',
  },
  {
    situation: 'a host of which only the RSA key is known',
    sshd: 'rsa',
    known: '[{address}]:{port:rsa} {key:rsa}',
    expected: 'works',
  },
  {
    situation: 'an unknown host key',
    known: '',
    expected:
      "host.key-unknown: [{address}]:{port:plain} shows the ssh-ed25519 key SHA256:…, which is not known (compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ssh-keyscan -p {port:plain} {address} >> {own}/.ssh/known_hosts (or set accept_new_host_key: true))",
  },
  {
    situation: 'an unknown host key under an alias',
    config: ['HostKeyAlias tera'],
    known: '',
    expected:
      "host.key-unknown: tera shows the ssh-ed25519 key SHA256:…, which is not known (compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: log in once by hand: ssh it)",
  },
  {
    situation: 'a host key that has changed',
    known: '# mine\n[{address}]:{port:plain} {key:gate}',
    expected:
      "host.key-changed: [{address}]:{port:plain} shows the ssh-ed25519 key SHA256:…, which is another than {own}/.ssh/known_hosts:2 has (if the host was set up anew, remove that line (ssh-keygen -R '[{address}]:{port:plain}' -f {own}/.ssh/known_hosts); else someone may be between you and it)",
  },
  {
    situation: 'a host key that was revoked',
    known: '[{address}]:{port:plain} {key}\n@revoked * {key}',
    expected:
      'host.key-revoked: [{address}]:{port:plain} shows the ssh-ed25519 key SHA256:…, which is revoked by {own}/.ssh/known_hosts:2 (do not connect: whoever answers there holds a key that was withdrawn)',
  },
  {
    situation: 'a new host key that is to be accepted',
    config: ['StrictHostKeyChecking accept-new'],
    known: '# without an end of line',
    use: async open => {
      await (await open()).close();
      await (await open()).close();
    },
    expected: 'works',
  },
  {
    situation: 'a host key of another type than the known one, new ones being accepted',
    config: ['StrictHostKeyChecking accept-new'],
    known: '[{address}]:{port:plain} {key:rsa}',
    expected:
      "host.key-unknown: [{address}]:{port:plain} shows the ssh-ed25519 key SHA256:…, which is not known; only ssh-rsa is known, by {own}/.ssh/known_hosts:1 (compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ssh-keyscan -p {port:plain} {address} >> {own}/.ssh/known_hosts)",
  },
  {
    situation: 'a host key that an authority signed',
    sshd: 'signed',
    known: '@cert-authority [{address}]:* {key:ca}',
    expected: {
      ssh2: "host.transport: ssh root@{address}:{port:signed} is known by its authority (@cert-authority) alone, and ssh2 can't do that (leave `transport: ssh2` out, or write `transport: openssh`)",
      openssh: 'works',
    },
  },
];
