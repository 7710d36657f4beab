import { expect } from 'vitest';
import type { LoginRow } from './row.js';

const version = { via: 'docker', method: 'GET', path: '/version' } as const;

/** What sshd, the shell and the user of the host allow. */
export const HOSTS: readonly LoginRow[] = [
  {
    situation: 'a host that forwards no sockets, and a dozen followers',
    sshd: 'streamless',
    use: async open => {
      const host = await open();
      const events = Array.from({ length: 12 }, () => host.engineStream({ ...version, path: '/events' }));
      expect((await Promise.all(events)).map(e => e.status)).toEqual(Array(12).fill(200));
      expect(await host.engine(version)).toMatchObject({ status: 200 });
      await host.close();
    },
    expected: 'works',
  },
  { situation: 'a host that forwards nothing at all', sshd: 'closed', expected: 'works' },
  {
    situation: 'one session a connection',
    sshd: 'single',
    use: async open => {
      const host = await open();
      const held = await host.start(['cat']);
      const commands = Array.from({ length: 6 }, (_, i) => host.exec(['echo', String(i)]));
      expect((await Promise.all(commands)).map(c => c.stdout)).toEqual([
        '0\n',
        '1\n',
        '2\n',
        '3\n',
        '4\n',
        '5\n',
      ]);
      await held.close();
      await host.close();
    },
    expected: 'works',
  },
  {
    situation: 'two sessions a connection, and no forwarding of sockets',
    sshd: 'pair',
    use: async open => {
      const host = await open();
      const events = Array.from({ length: 5 }, () => host.engineStream({ ...version, path: '/events' }));
      expect((await Promise.all(events)).map(e => e.status)).toEqual(Array(5).fill(200));
      await host.close();
    },
    expected: 'works',
  },
  {
    situation: 'no session at all',
    sshd: 'shut',
    expected:
      'host.session: ssh root@{address}:{port:shut} opened no session (raise MaxSessions in its sshd_config)',
  },
  {
    situation: 'one login at a time, and five at once',
    sshd: 'crowd',
    alone: true,
    use: async open => {
      const hosts = await Promise.all(Array.from({ length: 5 }, open));
      await Promise.all(hosts.map(host => host.close()));
    },
    expected: 'works',
  },
  { situation: 'a ~/.bashrc that prints and takes a second', config: ['User noisy'], expected: 'works' },
  { situation: 'fish as login shell', config: ['User fish'], expected: 'works' },
  { situation: 'tcsh as login shell', config: ['User tcsh'], expected: 'works' },
  { situation: 'dash as login shell', config: ['User dash'], expected: 'works' },
  {
    situation: 'no login shell',
    config: ['User nobody1'],
    expected:
      'host.shell: the login shell on ssh nobody1@{address}:{port:plain} runs no commands: it ended with 1, and said: This account is currently not available. (look at what it runs (ForceCommand, ~/.bashrc and the like), or give the user another: chsh -s /bin/sh)',
  },
  {
    situation: 'a command that the host forces',
    sshd: 'forced',
    expected:
      'host.shell: the login shell on ssh root@{address}:{port:forced} runs no commands: it ended with 0, and said: This is a gate. (look at what it runs (ForceCommand, ~/.bashrc and the like), or give the user another: chsh -s /bin/sh)',
  },
  { situation: 'a user with sudo', config: ['User sandy'], expected: 'works' },
  {
    situation: 'a user with sudo by password',
    config: ['User pat'],
    expected:
      "host.sudo: user pat can't become root there: sudo: a password is required (let it: 'pat ALL=(root) NOPASSWD: ALL' in /etc/sudoers.d/topo, or log in as root)",
  },
  {
    situation: 'a user of the docker group, for what only the engine does',
    config: ['User docky'],
    use: async open => {
      const host = await open();
      expect(await host.engine(version)).toMatchObject({ status: 200 });
      await host.close();
    },
    expected: 'works',
  },
  {
    situation: 'a user of the docker group, for the network',
    config: ['User docky'],
    expected:
      "host.sudo: user docky can't become root there: sudo: a password is required (let it: 'docky ALL=(root) NOPASSWD: ALL' in /etc/sudoers.d/topo, or log in as root)",
  },
  {
    situation: 'a user who may use neither sudo nor the engine',
    config: ['User pat'],
    use: async open => {
      const host = await open();
      try {
        await host.engine(version);
      } finally {
        await host.close();
      }
    },
    expected:
      "engine.permission: user pat may not use the engine's socket /var/run/docker.sock on ssh pat@{address}:{port:plain} (usermod -aG docker pat, or allow sudo without a password)",
  },
  {
    situation: 'a port where nothing listens',
    config: ['Port {port:nothing}'],
    expected:
      'host.refused: ssh root@{address}:{port:nothing} refused the connection (look whether sshd runs there and listens on that port)',
  },
  {
    situation: 'a port where something else than sshd answers',
    config: ['Port {port:web}'],
    expected:
      'host.busy: ssh root@{address}:{port:web} hung up before it said who it is (look whether that is sshd, and whether it has more logins at a time than MaxStartups allows)',
  },
  {
    situation: 'a port that accepts and says nothing',
    config: ['Port {port:mute}', 'ConnectTimeout 1'],
    expected:
      'host.unreachable: ssh root@{address}:{port:mute} did not answer in time (check that it is up, and the route and firewalls to it)',
  },
  {
    situation: 'a name that is not there',
    config: ['HostName nowhere.invalid'],
    expected:
      "host.unreachable: the name of ssh root@nowhere.invalid:{port:plain} can't be resolved (check the address in the topology file and in ~/.ssh/config)",
  },
];
