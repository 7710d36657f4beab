import { describe, expect, it } from 'vitest';
import { computeSshConfig } from '../../src/hosts/ssh-config-file.js';
import { parseSshConfig, sshConfigArgv } from '../../src/hosts/ssh-config.js';

const around = {
  homedir: '/home/ann',
  passwdHome: '/home/ann',
  environment: { SSH_AUTH_SOCK: '/tmp/agent', MINE: '/tmp/mine' },
};

/** As OpenSSH 9.2 prints it, shortened. */
const PRINTED = `host tera
user ann
hostname 192.0.2.7
port 2222
identitiesonly yes
stricthostkeychecking ask
hostkeyalias tera-key
identityfile ~/.ssh/id_lab
identityfile %d/.ssh/id_other
identityfile none
globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2
userknownhostsfile /home/ann/.ssh/known_hosts /home/ann/.ssh/known_hosts2
connecttimeout 7
serveraliveinterval 0
`;

describe('what ssh -G prints', () => {
  it('is read into what topo acts on', () => {
    expect(parseSshConfig(PRINTED, around)).toEqual({
      hostname: '192.0.2.7',
      user: 'ann',
      port: 2222,
      identityFiles: ['/home/ann/.ssh/id_lab', '/home/ann/.ssh/id_other'],
      identitiesOnly: true,
      agent: '/tmp/agent',
      userKnownHosts: ['/home/ann/.ssh/known_hosts', '/home/ann/.ssh/known_hosts2'],
      globalKnownHosts: ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      strict: 'yes',
      hostKeyAlias: 'tera-key',
      connectTimeout: 7,
      family: undefined,
      jumps: [],
      beyond: undefined,
    });
  });

  it.each([
    ['none', undefined],
    ['SSH_AUTH_SOCK', '/tmp/agent'],
    ['$MINE', '/tmp/mine'],
    ['~/agent', '/home/ann/agent'],
  ])('takes the agent from identityagent %s', (value, expected) => {
    expect(parseSshConfig(`identityagent ${value}`, around).agent).toBe(expected);
  });

  it.each([
    ['accept-new', 'accept-new'],
    ['false', 'accept-new'],
    ['true', 'yes'],
    ['ask', 'yes'],
  ])('takes stricthostkeychecking %s as %s', (value, expected) => {
    expect(parseSshConfig(`stricthostkeychecking ${value}`, around).strict).toBe(expected);
  });

  it.each([
    ['gate', [{ address: 'gate' }]],
    ['ann@gate:2200', [{ user: 'ann', address: 'gate', port: 2200 }]],
    ['ssh://ann@gate:2200/', [{ user: 'ann', address: 'gate', port: 2200 }]],
    ['bob@[fd00::1]:22,fd00::2', [{ user: 'bob', address: 'fd00::1', port: 22 }, { address: 'fd00::2' }]],
    ['%r@%n.gate,%h%%', [{ user: 'ann', address: 'tera.gate' }, { address: '192.0.2.7%' }]],
    ['none', []],
  ])('takes the way from proxyjump %s', (value, expected) => {
    const text = `${PRINTED}proxyjump ${value}\n`;
    expect(parseSshConfig(text, around, 'tera').jumps).toEqual(expected);
  });

  it.each([
    ['proxycommand nc -X 5 %h %p', "is reached through ProxyCommand 'nc -X 5 %h %p'"],
    ['proxycommand none', undefined],
    ['knownhostscommand /bin/keys', "has its keys from KnownHostsCommand '/bin/keys'"],
    ['certificatefile ~/.ssh/c.pub', 'is logged in to with the certificate ~/.ssh/c.pub'],
    ['pkcs11provider /lib/p.so', 'is logged in to with a key of /lib/p.so'],
    ['pkcs11provider none', undefined],
  ])('knows that %s is beyond ssh2', (line, expected) => {
    expect(parseSshConfig(line, around).beyond).toBe(expected);
  });

  it('puts the given home directory where OpenSSH went by the password database', () => {
    const moved = { ...around, homedir: '/tmp/home' };
    const config = parseSshConfig(PRINTED, moved);
    expect(config.userKnownHosts[0]).toBe('/tmp/home/.ssh/known_hosts');
    expect(config.identityFiles[0]).toBe('/tmp/home/.ssh/id_lab');
  });
});

describe('asking OpenSSH', () => {
  it('gives the host as one word after all options', () => {
    expect(sshConfigArgv({ user: 'ann', address: 'tera', port: 2222 }, around, true)).toEqual(
      'ssh -G -l ann -p 2222 -- tera'.split(' '),
    );
  });

  it("names the given home's file where that is another home", () => {
    const moved = { ...around, homedir: '/tmp/home' };
    expect(sshConfigArgv({ address: 'tera' }, moved, true)).toEqual(
      'ssh -G -F /tmp/home/.ssh/config -- tera'.split(' '),
    );
    expect(sshConfigArgv({ address: 'tera' }, moved, false)).toEqual('ssh -G -F none -- tera'.split(' '));
  });
});

describe('the configuration where OpenSSH is not installed', () => {
  const compute = async (text: string, target = { address: 'tera' }, system = ''): Promise<unknown> => {
    const files = [
      { path: '~/.ssh/config', text },
      { path: '/etc/ssh/ssh_config', text: system },
    ];
    return parseSshConfig(await computeSshConfig(files, target, 'ann'), around, target.address);
  };

  it('is the defaults where there is no file', async () => {
    const config = await compute('');
    expect(config).toMatchObject({ hostname: 'tera', user: 'ann', port: 22, strict: 'yes' });
    expect(config).toMatchObject({
      agent: '/tmp/agent',
      identityFiles: ['rsa', 'ecdsa', 'ed25519'].map(type => `/home/ann/.ssh/id_${type}`),
      userKnownHosts: ['/home/ann/.ssh/known_hosts', '/home/ann/.ssh/known_hosts2'],
    });
  });

  it('takes what stands first, from all entries that fit, and adds identity files up', async () => {
    const text = `
      host tera rog
        HostName %h.lab
        PORT 2222
        IdentityFile ~/.ssh/lab
        UserKnownHostsFile ~/.ssh/known_lab /tmp/known
        ProxyJump gate
      Host * !rog
        Port 22
        IdentityFile "~/.ssh/my key"
        User bob
      Match host tera.lab user bob
        IdentitiesOnly yes
      Host other
        User eve`;
    expect(await compute(text, undefined, 'User carl\nConnectTimeout 5\n')).toMatchObject({
      hostname: 'tera.lab',
      user: 'bob',
      port: 2222,
      identityFiles: ['/home/ann/.ssh/lab', '/home/ann/.ssh/my key'],
      userKnownHosts: ['/home/ann/.ssh/known_lab', '/tmp/known'],
      jumps: [{ address: 'gate' }],
      connectTimeout: 5,
      identitiesOnly: true,
    });
    expect(await compute(text, { address: 'rog' })).toMatchObject({ user: 'ann', hostname: 'rog.lab' });
  });

  it('is overruled by what the topology file says', async () => {
    const target = { address: 'tera', user: 'eve', port: 7 };
    const text = 'Host tera\n  User bob\n  Port 22\n';
    expect(await compute(text, target)).toMatchObject({ user: 'eve', port: 7 });
  });

  it.each(['Include conf.d/*', 'Match exec "test -e /x"', '  match host x exec true', 'Match final host x'])(
    'is refused where only OpenSSH understands it: %s',
    async line => {
      await expect(compute(`Host a\n${line}\n`)).rejects.toThrow(`'${line.trim()}' of ~/.ssh/config`);
    },
  );
});
