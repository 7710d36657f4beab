import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inside, planned, topo, workspace, type Ran, type RunOptions } from '../support/cli.js';
import { sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { snapshot } from '../support/snapshot.js';
import { presentAsSsh, type SshHosts } from '../support/ssh-hosts.js';
import { edit } from '../support/ssh-topology.js';

/** IPv6 beside and without IPv4, on hosts that topo did not make; at the end also under it. */

const NAME = 'ipv6';
const WEB = `${NAME}-shop-web-1`;
const STORE = `${NAME}-archive-store-1`;
const API = { 4: '172.31.0.2', 6: 'fd00:31::80' } as const;

describe.skipIf(sandboxesMissing() !== undefined)('IPv6', () => {
  let sandboxes: TestSandboxes;
  let hosts: SshHosts;
  let space: RunOptions & AsyncDisposable;
  let before: readonly string[];

  beforeAll(async () => {
    sandboxes = await startSandboxes(3);
    // What an underlay of IPv6 has; it is not asked for before the end.
    for (const [i, name] of sandboxes.names.entries())
      await inside(name, 'ip', 'address', 'add', `fd00:9::${i + 1}/64`, 'dev', 'eth0', 'nodad');
    hosts = await presentAsSsh(sandboxes);
    space = { ...(await workspace('dual-stack.yaml', NAME)), env: { HOME: hosts.home } };
    await edit(
      space.cwd,
      Object.fromEntries(hosts.aliases.map((alias, i) => [`hosts.lab${i + 1}`, `ssh://${alias}`])),
    );
    // What the tests do by hand and can't undo is there before.
    for (const lab of [1, 2, 3] as const) await on(lab, 'ip6tables -P FORWARD ACCEPT');
    before = await look();
    await done(['up']);
  });

  afterAll(async () => {
    await topo(['down', '-v'], space);
    await space[Symbol.asyncDispose]();
    await hosts[Symbol.asyncDispose]();
    await sandboxes[Symbol.asyncDispose]();
  });

  const done = async (args: readonly string[]): Promise<Ran> => {
    const ran = await topo(args, { killAfter: 60_000, ...space });
    expect(ran, `topo ${args.join(' ')}\n${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
    return ran;
  };
  /** Without the routers' anycast addresses: a host has them while it forwards, and forwarding stays on. */
  const look = (): Promise<readonly string[]> =>
    Promise.all(
      hosts.aliases.map(async alias => (await snapshot(hosts.reach(alias))).replace(/^anycast .*\n/gm, '')),
    );
  const on = async (lab: 1 | 2 | 3, line: string): Promise<string> => {
    const ran = await inside(sandboxes.names[lab - 1]!, 'sh', '-ec', line);
    expect(ran, `${line}\n${ran.stderr}`).toMatchObject({ code: 0 });
    return ran.stdout;
  };
  /** Runs a program of the host in the network namespace of one of its containers; gives its exit code. */
  const from = async (lab: 1 | 2 | 3, container: string, line: string): Promise<number | null> => {
    const key = await on(lab, `docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${container}`);
    return (await inside(sandboxes.names[lab - 1]!, 'sh', '-c', `nsenter --net=${key.trim()} ${line}`)).code;
  };
  const reaches = async (lab: 1 | 2 | 3, container: string, to: string): Promise<boolean> =>
    (await from(lab, container, `ping -n -c1 -W1 ${to}`)) === 0;
  const overlayOf = async (lab: 1 | 2 | 3): Promise<string> =>
    /inet6 (fd00:1:\S+)\/64/.exec(await on(lab, 'ip -6 address show dev vxlan1006'))![1]!;

  test('every pair answers in every family that both have, and the plan is empty', async () => {
    const { stdout } = await done(['check']);
    expect(stdout).toContain('7 checks, all as expected');
    expect(await planned(space)).toEqual([]);
    expect(await reaches(1, WEB, API[4])).toBe(true);
    expect(await reaches(1, WEB, API[6])).toBe(true);
    const { stdout: status } = await done(['ps']);
    expect(status).toContain(`${API[4]}, ${API[6]}`);
    expect(status).toContain('10.1.1.2/24, fd00:1::2/64');
  });

  test.each([
    [4, 28],
    [6, 48],
  ] as const)(
    'IPv%s: a packet of exactly the MTU passes, one byte more does not',
    async (family, headers) => {
      const ping = (bytes: number): Promise<number | null> =>
        from(1, WEB, `ping -${family} -n -c1 -W2 -M do -s ${bytes - headers} ${API[family]}`);
      expect(await ping(1450)).toBe(0);
      expect(await ping(1451)).toBe(1);
    },
  );

  test('an IPv6-only stack is on the fabric with nothing else: not with the IPv4 that its engine gave it', async () => {
    expect(await reaches(3, STORE, API[6])).toBe(true);
    expect(await reaches(3, STORE, API[4])).toBe(false);
    expect(await on(3, 'ip route show proto 116')).toBe('');
  });

  /** What the host closes by itself, and what only topo does: engine 20.10 keeps no IPv6 rules. */
  test.each(['ACCEPT', 'DROP'])(
    'with a FORWARD policy of %s nothing undeclared gets in or out',
    async policy => {
      for (const lab of [1, 2, 3] as const) await on(lab, `ip6tables -P FORWARD ${policy}`);
      const { stdout } = await done(['up']);
      expect(stdout).not.toContain('Not proven');
      await on(
        1,
        `docker network inspect other >/dev/null 2>&1 || docker network create --ipv6 --subnet fd00:77::/64 other
       docker inspect other-1 >/dev/null 2>&1 || docker run -d --name other-1 --network other topo/busybox sleep 600`,
      );
      const local = (
        await on(
          1,
          `docker inspect -f '{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}' ${WEB}`,
        )
      ).trim();
      const overlay = await overlayOf(2);
      expect({
        'declared to declared': await reaches(1, WEB, API[6]),
        'another network to a remote stack': await reaches(1, 'other-1', API[6]),
        'another network to a stack of its host': await reaches(1, 'other-1', local),
        'another network to a remote overlay address': await reaches(1, 'other-1', overlay),
        'declared to a remote overlay address': await reaches(1, WEB, overlay),
        'declared to a remote gateway': await reaches(1, WEB, 'fd00:31::1'),
      }).toEqual({
        'declared to declared': true,
        'another network to a remote stack': false,
        'another network to a stack of its host': false,
        'another network to a remote overlay address': false,
        'declared to a remote overlay address': false,
        'declared to a remote gateway': false,
      });
      expect(await planned(space)).toEqual([]);
    },
  );

  test('the rule that a FORWARD policy of DROP asked for goes with it', async () => {
    for (const lab of [1, 2, 3] as const) await on(lab, 'ip6tables -P FORWARD ACCEPT');
    expect((await planned(space)).map(a => `${a.host} ${a.verb} ${a.kind} ${a.name}`)).toEqual(
      [1, 2, 3].map(n => `lab${n} update accept overlay IPv6`),
    );
    await done(['up']);
    expect(await on(1, 'ip6tables -S FORWARD')).toBe('-P FORWARD ACCEPT\n');
    await on(1, 'docker rm -f other-1; docker network rm other');
  });

  test('nothing is flooded, and the source stays', async () => {
    const flooded = inside(
      sandboxes.names[0]!,
      'timeout',
      '5',
      'tcpdump',
      '-nn',
      '-i',
      'vxlan1006',
      'ether multicast',
    );
    const seen = inside(
      sandboxes.names[1]!,
      'timeout',
      '5',
      'tcpdump',
      '-nn',
      '-c1',
      '-i',
      'vxlan1006',
      'icmp6 and ip6[40] == 128',
    );
    await new Promise(resolve => setTimeout(resolve, 1_000));
    await from(1, WEB, `ping -n -c2 -W1 ${API[6]}`);
    // A listener report, as joining any group makes one.
    await on(
      1,
      'ip address add fd00:1::99/64 dev vxlan1006 nodad; sleep 1; ip address del fd00:1::99/64 dev vxlan1006',
    );
    expect((await seen).stdout).toMatch(/fd00:30::\S+ > fd00:31::80/);
    expect((await flooded).stderr).toContain('\n0 packets captured');
  });

  test.each([
    ['a route removed', 'ip -6 route del fd00:31::/64', 'update route vxlan1006', 'fd00:31::/64'],
    [
      'a neighbour removed',
      'ip neigh del fd00:1::2 dev vxlan1006',
      'update neighbour vxlan1006',
      'fd00:1::2',
    ],
    [
      'an address removed',
      'ip address del $(ip -6 -o address show dev vxlan1006 | sed -n "s/.*inet6 \\(fd00:1:[^ ]*\\).*/\\1/p") dev vxlan1006',
      'update address vxlan1006',
      'fd00:1:',
    ],
    [
      'a rule removed',
      't=$(nft list tables | sed -n "s/^table inet \\(topo_.*\\)/\\1/p"); nft delete rule inet $t guard handle $(nft -a list chain inet $t guard | sed -n "/oifname .* ip6 daddr .* drop/s/.*handle //p")',
      'update guard overlay',
      'ip6 daddr',
    ],
    [
      'forwarding off',
      'sysctl -qw net.ipv6.conf.all.forwarding=0',
      'update sysctl net.ipv6.conf.all.forwarding',
      'net.ipv6.conf.all.forwarding',
    ],
  ])('%s: named as drift, and up repairs exactly that', async (_, by, named, field) => {
    await on(1, by);
    const actions = await planned(space);
    expect(actions.filter(a => !a.drift)).toEqual([]);
    const wanted = actions.find(a => `${a.verb} ${a.kind} ${a.name}` === named)!;
    expect(wanted, JSON.stringify(actions)).toMatchObject({ host: 'lab1' });
    expect(wanted.cause).toContain(field);
    // The kernel takes the routes along whose way went over an address.
    expect(actions.filter(a => a !== wanted && !(named.includes('address') && a.kind === 'route'))).toEqual(
      [],
    );
    await done(['up']);
    expect(await planned(space)).toEqual([]);
    expect(await reaches(1, WEB, API[6])).toBe(true);
  });

  test('a host that lives on router advertisements keeps them when it begins to forward', async () => {
    await on(
      1,
      'sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.eth0.accept_ra=1; ip -6 route add default via fe80::1 dev eth0 proto ra',
    );
    const actions = await planned(space);
    expect(actions.map(a => `${a.verb} ${a.name}`)).toEqual([
      'update net/ipv6/conf/eth0/accept_ra',
      'update net.ipv6.conf.all.forwarding',
    ]);
    await done(['up']);
    expect(
      await on(1, 'cat /proc/sys/net/ipv6/conf/eth0/accept_ra /proc/sys/net/ipv6/conf/all/forwarding'),
    ).toBe('2\n1\n');
    expect(await planned(space)).toEqual([]);
    await on(1, 'ip -6 route del default via fe80::1 dev eth0');
  });

  test('over an IPv6 underlay the same, with 20 bytes less', async () => {
    await edit(
      space.cwd,
      Object.fromEntries(
        hosts.aliases.map((alias, i) => [`hosts.lab${i + 1}`, { ssh: alias, underlay: `fd00:9::${i + 1}` }]),
      ),
    );
    const { stdout } = await done(['up']);
    expect(stdout).not.toContain('Not proven');
    expect(await on(1, 'ip -d link show vxlan1006')).toMatch(/mtu 1430 [^]*local fd00:9::1 /);
    expect(await on(1, 'bridge fdb show dev vxlan1006 | grep -c "dst fd00:9::"')).toBe('4\n');
    expect((await done(['check'])).stdout).toContain('7 checks, all as expected');
    expect(await planned(space)).toEqual([]);
    for (const [family, headers] of [
      [4, 28],
      [6, 48],
    ] as const) {
      const ping = (bytes: number): Promise<number | null> =>
        from(1, WEB, `ping -${family} -n -c1 -W2 -M do -s ${bytes - headers} ${API[family]}`);
      expect(await ping(1430)).toBe(0);
      expect(await ping(1431)).toBe(1);
    }
  });

  test('down leaves nothing on any host', async () => {
    await done(['down', '-v']);
    expect(await look()).toEqual(before);
  });
});
