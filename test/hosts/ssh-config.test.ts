import { describe, expect, it } from 'vitest';
import { defaultSshConfig, parseSshConfig, sshConfigArgv } from '../../src/hosts/ssh-config.js';

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
      proxy: undefined,
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

  it('knows a jump or a proxy command', () => {
    expect(parseSshConfig('proxyjump ann@gate:22', around).proxy).toBe('ann@gate:22');
    expect(parseSshConfig('proxycommand nc -X 5 %h %p', around).proxy).toBe('nc -X 5 %h %p');
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

it('goes by the defaults where OpenSSH is not installed', () => {
  const config = defaultSshConfig({ address: 'tera' }, 'ann', around);
  expect(config).toMatchObject({
    hostname: 'tera',
    user: 'ann',
    port: 22,
    strict: 'yes',
    agent: '/tmp/agent',
  });
  expect(config.identityFiles).toContain('/home/ann/.ssh/id_ed25519');
});
