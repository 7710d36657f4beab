import type { LoginRow } from './row.js';

const GATE =
  'Host gate\n  HostName {address}\n  Port {port:gate}\n  User root\n  IdentityFile {home}/.ssh/right';
const FAR = ['HostName 127.0.0.1'];

/** Addresses, jumps and what else lies between. */
export const WAYS: readonly LoginRow[] = [
  { situation: 'an alias with a port and a key', expected: 'works' },
  {
    situation: 'an IPv4 address, a user and a port in the topology file',
    config: [],
    entries: ['Host 198.18.*\n  IdentityFile {home}/.ssh/right'],
    target: { form: { is: 'ssh', user: 'root', address: '{address}', port: 0 } },
    expected: 'works',
  },
  {
    situation: 'an IPv6 address with its zone',
    config: ['HostName {link}%%topo-sandbox'],
    expected: 'works',
  },
  { situation: 'one jump', config: [...FAR, 'ProxyJump gate'], entries: [GATE], expected: 'works' },
  {
    situation: 'two jumps, the second as the first sees it',
    config: [...FAR, 'ProxyJump gate,inner'],
    entries: [
      GATE,
      'Host inner\n  HostName 127.0.0.1\n  Port {port:rsa}\n  User dash\n  IdentityFile {home}/.ssh/second',
    ],
    expected: 'works',
  },
  {
    situation: 'a jump host that has a jump host itself',
    config: [...FAR, 'ProxyJump inner'],
    entries: [
      GATE,
      'Host inner\n  HostName 127.0.0.1\n  Port {port:rsa}\n  User root\n  ProxyJump gate\n  IdentityFile {home}/.ssh/right',
    ],
    expected: 'works',
  },
  {
    situation: 'a jump for all hosts, and none for this one',
    config: ['ProxyJump none'],
    entries: ['Host *\n  ProxyJump nowhere.invalid'],
    expected: 'works',
  },
  {
    situation: 'a jump that is its own jump',
    config: [...FAR, 'ProxyJump gate'],
    entries: [GATE, 'Host *\n  ProxyJump gate'],
    expected:
      'host.ssh-config: the way to gate has more than 8 jumps, or goes in a ring (correct ProxyJump in ~/.ssh/config: `ProxyJump none` for the jump host itself)',
  },
  {
    situation: 'a jump host whose key is not known',
    config: [...FAR, 'ProxyJump gate'],
    entries: [GATE],
    known: '[127.0.0.1]:{port:plain} {key}',
    expected:
      "host.key-unknown: [{address}]:{port:gate} shows the ssh-ed25519 key SHA256:…, which is not known (compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: ssh-keyscan -p {port:gate} {address} >> {own}/.ssh/known_hosts (or set StrictHostKeyChecking accept-new for it in ~/.ssh/config))",
  },
  {
    situation: 'a jump host that lets nobody through',
    config: [...FAR, 'ProxyJump root@{address}:{port:closed}'],
    entries: ['Host {address}\n  IdentityFile {home}/.ssh/right'],
    expected:
      'host.jump: ssh root@{address}:{port:closed} lets nobody through (set AllowTcpForwarding yes in its sshd_config)',
  },
  {
    situation: 'a port behind the jump host where nothing listens',
    config: [...FAR, 'Port {port:nothing}', 'ProxyJump gate'],
    entries: [GATE],
    expected:
      "host.unreachable: ssh root@127.0.0.1:{port:nothing} through {address} can't be reached from there: Connection refused (check its address as the jump host sees it, and that sshd runs there)",
  },
  {
    situation: 'a jump host that does not let the user in',
    config: [...FAR, 'ProxyJump gate'],
    entries: [
      'Host gate\n  IdentitiesOnly yes\n  IdentityFile {home}/.ssh/wrong1',
      GATE.replace('right', 'wrong1'),
    ],
    expected:
      'host.auth: ssh root@{address}:{port:gate} did not let root in: it took none of {home}/.ssh/wrong1 (let a key in: ssh-copy-id -p {port:gate} root@{address})',
  },
  {
    situation: 'a ProxyCommand',
    config: ['ProxyCommand busybox nc %h %p'],
    expected: {
      ssh2: "host.transport: ssh root@{address}:{port:plain} is reached through ProxyCommand 'busybox nc %h %p', and ssh2 can't do that (leave `transport: ssh2` out, or write `transport: openssh`)",
      openssh: 'works',
    },
  },
];
