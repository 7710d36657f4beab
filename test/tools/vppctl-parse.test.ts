import { describe, expect, test } from 'vitest';
import { parseVpp } from '../../src/tools/index.js';
import { vppAnswer, vppSaid } from '../support/vpp-recorded.js';

const VERSION = vppAnswer('01-identity', 'show version verbose');
const BEGIN = ['version', VERSION] as const;
const END = ['end', VERSION] as const;

describe('what a VPP has', () => {
  test('one that was just started: nothing but local0', () => {
    const said = vppSaid([
      BEGIN,
      ['show interface', vppAnswer('01-identity', 'show interface')],
      ['show interface addr', vppAnswer('01-identity', 'show interface addr')],
      ['show vxlan tunnel', vppAnswer('01-identity', 'show vxlan tunnel')],
      END,
    ]);
    expect(parseVpp(said)).toEqual({
      facts: { is: 'running', version: 'v25.10-release', pid: 17_244 },
      state: {
        called: [],
        plugins: [],
        interfaces: [
          {
            name: 'local0',
            index: 0,
            up: false,
            mtu: 0,
            group: 0,
            bvi: false,
            addresses: [],
          },
        ],
        domains: [],
        tunnels: [],
        fib: [],
      },
      inside: {},
    });
  });

  test('the VPPs of containers, beside one of the host that gives no answer; those that tell nothing are left out', () => {
    const version = vppAnswer('01-identity', 'show version');
    const said = vppSaid([
      ['= 1 show version verbose', 'connect: No such file or directory'],
      ['inside a', `${version}${vppAnswer('07-memif', 'show interface addr')}`],
      ['inside b', 'connect: Connection refused'],
      ['inside c', version],
      ['memif host', vppAnswer('07-memif', 'show memif')],
      ['memif a', 'interface memif1/0\n  flags admin-up slave zero-copy\n'],
      ['inside d', 'connect: Permission denied'],
    ]);
    const { facts, inside } = parseVpp(said)!;
    expect(facts.is).toBe('missing');
    expect(Object.keys(inside)).toEqual(['a', 'b']);
    expect(inside['a']!.version).toBe('25.10-release');
    expect(inside['a']!.interfaces.map(i => i.name)).toContain('local0');
    expect(inside['a']!.interfaces.find(i => i.name === 'memif1/0')).toMatchObject({ connected: false });
    expect(inside['b']).toEqual({ interfaces: [] });
  });

  test('ports of a domain, its BVI, addresses', () => {
    const said = vppSaid([
      BEGIN,
      ['show interface', vppAnswer('05-bvi', 'show interface', 4)],
      ['show interface addr', vppAnswer('05-bvi', 'show interface addr', 0)],
      ['show bridge-domain detail', vppAnswer('05-bvi', 'show bridge-domain 10 detail')],
      END,
    ]);
    const { interfaces, domains } = parseVpp(said)!.state!;
    expect(interfaces.filter(i => i.domain === 10).map(i => [i.name, i.up, i.bvi, i.addresses])).toEqual([
      ['bvi10', false, true, ['10.1.0.254/24']],
      ['host-va1', true, false, []],
      ['host-va2', true, false, []],
    ]);
    // It was refused as a second BVI.
    expect(interfaces.find(i => i.name === 'loop0')?.bound).toBe('partly in 10');
    expect(domains).toEqual([
      {
        id: 10,
        index: 1,
        learn: true,
        forward: true,
        flood: true,
        unknownUnicast: 'flood',
        arpTerm: false,
        age: 0,
        arp: [],
      },
    ]);
  });

  test('flags, tag and addresses of a domain that answers ARP', () => {
    const told = vppAnswer('04-bridge', 'show bridge-domain 20 arp', 1);
    const said = vppSaid([
      BEGIN,
      ['show bridge-domain detail', `${told}\r\n  BD-Tag: fabric-owner-1\r\n`],
      END,
    ]);
    expect(parseVpp(said)!.state!.domains).toMatchObject([
      {
        id: 20,
        learn: false,
        unknownUnicast: 'drop',
        flood: false,
        arpTerm: true,
        age: 5,
        tag: 'fabric-owner-1',
        arp: [
          { address: '10.1.0.7', mac: '02:00:00:00:00:08' },
          { address: 'fd00::7', mac: '02:00:00:00:00:07' },
        ],
      },
    ]);
  });

  test('static entries of the L2 FIB, without filters, the BVI and what was learned', () => {
    const said = vppSaid([BEGIN, ['show l2fib', vppAnswer('04-bridge', 'show l2fib add', 1)], END]);
    expect(parseVpp(said)!.state!.fib).toEqual([
      { mac: '02:00:00:00:02:01', domain: 1, interface: 2 },
      { mac: '02:00:00:00:02:07', domain: 2, interface: 1 },
    ]);
  });

  test('tunnels', () => {
    const said = vppSaid([BEGIN, ['show vxlan tunnel', vppAnswer('06-vxlan', 'show vxlan tunnel', 2)], END]);
    expect(parseVpp(said)!.state!.tunnels[1]).toEqual({
      instance: 5,
      local: '10.99.0.1',
      remote: '10.99.0.2',
      vni: 14,
      port: 4789,
      index: 3,
    });
  });

  test('tags, of which (none) is none', () => {
    const tags = ['host-va1', 'host-va2'].map(name => vppAnswer('09-tags', `show interface tag ${name}`));
    const said = vppSaid([
      BEGIN,
      ['show interface addr', 'host-va1 (dn):\r\nhost-va2 (dn):\r\n'],
      ['tags', tags.join('')],
      END,
    ]);
    expect(parseVpp(said)!.state!.interfaces.map(i => i.tag)).toEqual(['owner:demo', undefined]);
  });

  describe('frames that wait in a transmit queue', () => {
    const waiting = (n: number) =>
      [
        'show hardware-interfaces',
        vppAnswer('06b-frame-sizes', 'show hardware-interfaces host-ul0', n),
      ] as const;
    const stuck = (rest: readonly (readonly [string, string])[]): number | undefined => {
      const said = vppSaid([
        BEGIN,
        ['show interface', 'host-ul0                          1      up          9000/0/0/0     \r\n'],
        ['show interface addr', 'host-ul0 (up):\r\n'],
        ...rest,
        END,
      ]);
      return parseVpp(said)!.state!.interfaces[0]!.stuck;
    };
    const errors = ['show errors', vppAnswer('06b-frame-sizes', 'show errors')] as const;

    test('it is blocked where they still do later, and sending failed', () => {
      expect(stuck([waiting(0), errors, waiting(1)])).toBe(11);
    });

    test('it is not where sending never failed, or they are gone by then', () => {
      expect(stuck([waiting(0), ['show errors', ''], waiting(1)])).toBeUndefined();
      expect(stuck([waiting(0), errors, waiting(2)])).toBe(17);
      expect(stuck([waiting(0), errors, waiting(3)])).toBeUndefined();
    });
  });

  test('another name than what it was made as, and one of two words, whose lines are not those of another', () => {
    const said = vppSaid([
      BEGIN,
      [
        'show interface',
        'loop21                            1     down         9000/0/0/0\r\ntwo words                         2     down         9000/0/0/0\r\n',
      ],
      ['show interface addr', vppAnswer('04c-roles', 'show interface addr', 3)],
      [
        'show hardware-interfaces',
        'loop21                             1    down  loop21\r\ntwo words                          2    down  loop22\r\n',
      ],
      END,
    ]);
    const { interfaces } = parseVpp(said)!.state!;
    expect(interfaces.map(i => [i.name, i.made, i.domain])).toEqual([
      ['host-va1', undefined, 20],
      ['local0', undefined, undefined],
      ['loop21', undefined, 20],
      ['two words', 'loop22', undefined],
    ]);
  });

  test('what was refused as a second BVI is half in: a member by its own words, and none by those of the domain', () => {
    const said = vppSaid([
      BEGIN,
      ['show interface', 'host-va1                          3      up          9000/0/0/0\r\n'],
      ['show interface addr', vppAnswer('04c-roles', 'show interface addr', 0)],
      ['show bridge-domain detail', vppAnswer('04c-roles', 'show bridge-domain 20 int', 3)],
      END,
    ]);
    const [port] = parseVpp(said)!.state!.interfaces;
    expect(port).toMatchObject({ name: 'host-va1', bound: 'partly in 20' });
    expect(port).not.toHaveProperty('domain');
  });

  test('names as long as they are, though tables cut them', () => {
    const said = vppSaid([
      BEGIN,
      ['show interface', vppAnswer('11b-long-names', 'show interface', 4)],
      ['show interface addr', vppAnswer('11b-long-names', 'show interface addr', 4)],
      END,
    ]);
    const named = parseVpp(said)!.state!.interfaces.map(i => [i.name.length, i.index, i.mtu]);
    expect(named).toEqual([
      [6, 0, 0],
      [33, 1, 9000],
    ]);
  });
});

describe('the sockets of VPP', () => {
  const packet = vppAnswer(
    '02c-stale-attachment',
    'ip netns exec nsa cat /proc/net/packet; ip netns exec nsa ss -0 -p -H 2>/dev/null | tr -s " "; ip -n nsa -o link | cut -c1-60',
    1,
  );

  test('its own by their inodes, one of a device that is gone', () => {
    const said = vppSaid([BEGIN, ['sockets', `fd 2120409\nfd 7\n${packet}`], END]);
    expect(parseVpp(said)!.state!.attached).toEqual([-1]);
  });

  test('unknown where nobody could look', () => {
    const { state } = parseVpp(vppSaid([BEGIN, END]))!;
    expect(state).not.toHaveProperty('attached');
    expect(state).not.toHaveProperty('vhostNet');
  });

  test.each([
    ['dev null\ndev vhost-net\n', true],
    ['dev null\n', false],
    ['', undefined],
  ])('of what makes taps VPP sees %j', (seen, vhostNet) => {
    const said = vppSaid([BEGIN, ['sockets', `fd 7\n${seen}${packet}`], END]);
    expect(parseVpp(said)!.state!.vhostNet).toBe(vhostNet);
  });
});

describe('a VPP that gives no answer', () => {
  const stopped = (exit: number, words: string, said: string): string | undefined =>
    parseVpp(vppSaid([[`= ${exit} ${words}`, said]]))?.facts.is === 'running'
      ? 'running'
      : (parseVpp(vppSaid([[`= ${exit} ${words}`, said]]))?.facts as { code: string }).code;

  test.each([
    [1, 'connect: No such file or directory', 'vpp.absent'],
    [1, 'connect: Connection refused', 'vpp.absent'],
    [1, 'connect: Permission denied', 'vpp.denied'],
    [126, "timeout: failed to run command 'vppctl': Permission denied", 'vpp.absent'],
    [127, "timeout: failed to run command 'vppctl': No such file or directory", 'vpp.absent'],
    [1, 'Error response from daemon: No such container: vpp', 'vpp.absent'],
    [124, '', 'vpp.hangs'],
    [3, 'something else', 'vpp.unreachable'],
  ])('exit %i, %s: %s', (exit, said, code) => {
    expect(stopped(exit, 'show version verbose', said)).toBe(code);
  });

  test('it ended half-way: the next call finds nobody', () => {
    const said = vppSaid([BEGIN, ['= 1 show interface', 'connect: Connection refused']]);
    expect(parseVpp(said)?.facts).toMatchObject({ is: 'silent', code: 'vpp.died' });
  });

  test('it hangs half-way', () => {
    const said = vppSaid([BEGIN, ['= 124 show interface', '']]);
    expect(parseVpp(said)?.facts).toMatchObject({ is: 'silent', code: 'vpp.hangs' });
  });

  test('another one answered at the end: it was started again', () => {
    const said = vppSaid([BEGIN, ['end', VERSION.replace('17244', '17300')]]);
    expect(parseVpp(said)?.facts).toMatchObject({ code: 'vpp.died' });
  });

  test('an interface went away while tags were asked for: those behind it are not taken for untagged', () => {
    const said = vppSaid([
      BEGIN,
      ['show interface addr', 'host-va1 (dn):\r\nhost-va2 (dn):\r\n'],
      ['tags', `host-va1: owner:demo\r\n${vppAnswer('09-tags', 'show interface tag host-nope')}`],
      END,
    ]);
    expect(parseVpp(said)?.facts).toMatchObject({ is: 'silent', code: 'vpp.died' });
  });

  test('nobody was asked', () => {
    expect(parseVpp('')).toBeUndefined();
  });
});
