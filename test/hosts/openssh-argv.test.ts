import { describe, expect, it } from 'vitest';
import { checkArgv, forwardArgv, masterArgv, sessionArgv, settled } from '../../src/hosts/openssh-argv.js';
import { parseSshConfig } from '../../src/hosts/ssh-config.js';

const login = {
  way: { options: ['-F', '/home/ann/config'], address: 'tera' },
  acceptNew: false,
  asks: false,
  connectTimeout: 15,
};

describe("OpenSSH's client", () => {
  it('gets the host as one word after all options', () => {
    expect(masterArgv('/tmp/c', login).slice(-4)).toEqual(['-F', '/home/ann/config', '--', 'tera']);
  });

  it('asks nobody, unless somebody is there', () => {
    expect(masterArgv('/tmp/c', login)).toContain('BatchMode=yes');
    expect(masterArgv('/tmp/c', { ...login, asks: true })).toContain('BatchMode=no');
  });

  it('takes a new key only where that was asked for', () => {
    expect(masterArgv('/tmp/c', login)).toContain('StrictHostKeyChecking=yes');
    expect(masterArgv('/tmp/c', { ...login, acceptNew: true })).toContain('StrictHostKeyChecking=accept-new');
  });

  it.each([
    ['a command', sessionArgv('/tmp/c', 'true')],
    ['a forwarding', forwardArgv('/tmp/c', '/tmp/s', '/run/docker.sock')],
    ['a question', checkArgv('/tmp/c')],
  ])('makes no connection of its own for %s where the master is gone', (_, argv) => {
    expect(argv.join(' ')).toContain('-F none -T -S /tmp/c -o BatchMode=yes -o ProxyCommand=false');
    expect(argv).toContain('--');
  });

  it('is told of files with spaces and per cent signs as they are', () => {
    const around = { homedir: '/home/ann', passwdHome: '/home/ann', environment: {} };
    const config = parseSshConfig('identityfile /keys/my 100%\nuserknownhostsfile /a /b', around);
    expect(settled(config).filter(word => word !== '-o')).toEqual([
      'IdentityFile="/keys/my 100%%"',
      'IdentitiesOnly=no',
      'IdentityAgent=none',
      'UserKnownHostsFile="/a" "/b"',
      'GlobalKnownHostsFile=none',
    ]);
  });
});
