import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applied, planned, run, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';

const NAME = ownName('netmap');
const REAL = process.env['TOPO_REAL_VALE'];
const BYTES = 2_000_000;

const GIVE = `mkdir -p /srv && yes topo | head -c ${BYTES} >/srv/file && exec httpd -f -p 7000 -h /srv`;
const SUM = 'fb575c3f9bfaca748a991fb523d61e3b';

const TOPOLOGY = `name: ${NAME}

hosts: { real: 'ssh://${REAL}', far: sandbox }

switches:
  near: { kind: vale, host: real, driver: generic, subnet: 10.50.0.0/24 }
  wide: { kind: vale, host: real, subnet: 10.51.0.0/24 }
  # The largest frames that a buffer holds, and the host's own stack beside a container.
  own: { kind: vale, host: real, host_stack: true, mtu: 2034, subnet: 10.52.0.0/24 }
  gen: { kind: vale, host: real }
  lan: { kind: bridge, host: real }
  sim: { kind: vde, host: real }

x-pc: &pc
  image: topo/busybox
  command: [sh, -c, '${GIVE}']
  stop_signal: SIGKILL

x-gen: &gen
  image: topo/busybox
  netmap: true
  cap_add: [NET_ADMIN]
  stop_signal: SIGKILL
  wait_for_interfaces: true
  interfaces: [{ switch: gen, name: eth1, ip: none }]
  volumes: ['/usr:/usr:ro', '/lib:/lib:ro', '/lib64:/lib64:ro']

stacks:
  s:
    host: real
    services:
      a: { <<: *pc, interfaces: [{ switch: near, ip: 10.50.0.1 }] }
      b: { <<: *pc, interfaces: [{ switch: near, ip: 10.50.0.2 }] }
      bridged: { <<: *pc, interfaces: [{ switch: lan, ip: 10.50.0.3/24 }] }
      plugged: { <<: *pc, interfaces: [{ switch: sim, ip: 10.50.0.4/24 }] }
      c: { <<: *pc, interfaces: [{ switch: wide, ip: 10.51.0.1 }] }
      slow: { <<: *pc, interfaces: [{ switch: own, ip: 10.52.0.1, impair: { delay: 300ms } }] }
      rxc: { <<: *gen, command: [pkt-gen, -i, 'netmap:eth1', -f, rx] }
      txc: { <<: *gen, command: [pkt-gen, -i, 'netmap:eth1', -f, tx, -l, '60', -R, '500'] }
  t:
    host: far
    services:
      away: *pc

links:
  - [near, lan]
  - [sim, near]
  - [{ at: t/away, ip: 10.51.0.9/24 }, wide]
`;

/** Who is to reach whom, at what address and with how large packets (bytes); then the same the other way. */
const PAIRS = [
  ['s/a', '10.50.0.1', 's/b', '10.50.0.2', 1500],
  ['s/a', '10.50.0.1', 's/bridged', '10.50.0.3', 1500],
  ['s/a', '10.50.0.1', 's/plugged', '10.50.0.4', 1500],
  ['s/c', '10.51.0.1', 't/away', '10.51.0.9', 1450],
] as const;

const FOREIGN = ['valeother:foreign0', 'valenear:foreign1'];
const why = REAL === undefined ? 'needs TOPO_REAL_VALE=<ssh host>, a host that has netmap' : undefined;

/** What the emulator can't show: that frames pass, and that the kernel survives. */
describe.skipIf(why !== undefined)(`VALE switches of a real netmap${why ? `: ${why}` : ''}`, () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  let before: string;

  beforeAll(async () => {
    await hand(`dmesg -C
for n in 0 1; do ip link add foreign$n type veth peer name other$n; done
vale-ctl -a ${FOREIGN[0]}; vale-ctl -a ${FOREIGN[1]}`);
    before = await withoutQueues();
    space = await workspace();
    await writeFile(join(space.cwd, 'topo.yaml'), TOPOLOGY);
    expect((await applied(space)).remaining).toEqual([]);
  }, 1_800_000);
  afterAll(async () => {
    await topo(['down', '-v'], space);
    await space[Symbol.asyncDispose]();
    await hand(`for port in ${FOREIGN.join(' ')}; do vale-ctl -d $port; ip link del "\${port#*:}"; done`);
  });

  test.each(
    PAIRS.flatMap(([a, at, b, to, mtu]) => [
      { from: a, to: b, at: to, mtu },
      { from: b, to: a, at, mtu },
    ]),
  )('$from reaches $to with whole frames, and takes what it gives', async ({ from, at, mtu }) =>
    expect(await taken(from, at, mtu)).toBe(SUM),
  );

  test("the host's own stack is on a switch that keeps it, with the largest frames, and what an end sends is delayed", async () => {
    const device = (await ports()).find(port => /^valeown:.*[^^]$/.test(port))!.split(':')[1]!;
    const said = await hand(`ip address add 10.52.0.254/24 dev ${device}
ping -q -c 3 -W 5 -M do -s ${2034 - 28} 10.52.0.1 | tail -1
wget -qO- http://10.52.0.1:7000/file | md5sum
ip address del 10.52.0.254/24 dev ${device}`);
    expect(Number(/= ([\d.]+)\//.exec(said)?.[1]), said).toBeGreaterThan(300);
    expect(said).toContain(SUM);
  });

  test('a sink counts the frames of a traffic generator', async () => {
    const said = await hand(`sleep 5; docker logs ${NAME}-s-rxc-1 2>&1 | grep main_thread | tail -4`);
    expect(Number(/\((\d+)\.\d* pkts/.exec(said)?.[1]), said).toBeGreaterThan(100);
  });

  test('a container that was killed or restarted leaves a port behind, and is reached again after up', async () => {
    const was = await ports();
    await hand(`docker kill ${NAME}-s-a-1 ${NAME}-s-txc-1; docker restart -t 0 ${NAME}-s-b-1`);
    expect(await ports()).toEqual(was);
    const { planned: plan, remaining } = await applied(space);
    const gone = plan.filter(a => a.kind === 'vale_port' && a.verb === 'delete');
    // Of what was restarted the device may still be there, for the kernel waits until it is detached.
    expect(gone.map(({ name }) => name).sort()).toEqual(['s/a:eth1@near', 's/b:eth1@near']);
    expect(remaining).toEqual([]);
    expect(await planned(space)).toEqual([]);
    expect(await taken('s/a', '10.50.0.2', 1500)).toBe(SUM);
    expect(await taken('s/b', '10.50.0.1', 1500)).toBe(SUM);
  });

  test('down leaves nothing but what others attached, and the kernel has nothing to complain of', async () => {
    await hand(`docker kill ${NAME}-s-c-1`);
    const down = await topo(['down', '-v'], space);
    expect(down, down.stderr).toMatchObject({ code: 0 });
    expect(await ports()).toEqual([...FOREIGN].sort());
    expect(await withoutQueues()).toBe(before);
    expect(await hand('dmesg | grep -E "BUG|Oops|blocked for more|protection fault" || :')).toBe('');
  });

  /** The checksum of what a service fetches there, after a ping of that size. */
  async function taken(from: string, at: string, mtu: number): Promise<string> {
    const script = `ping -q -c 3 -W 5 -s ${mtu - 28} ${at} | grep -q ' 3 packets received' && wget -qO- http://${at}:7000/file | md5sum`;
    const { stdout, stderr } = await topo(['exec', from, '--', 'timeout', '60', 'sh', '-c', script], space);
    return stdout.split(' ')[0]! + stderr;
  }

  async function ports(): Promise<readonly string[]> {
    const list = await hand('vale-ctl || :');
    return list
      .split('\n')
      .flatMap(line => line.split(' ')[0] || [])
      .sort();
  }
});

/**
 * What is on the host. A program that opens a device of a container by the emulated driver has the queue changed of the device
 * of the host that has the same index (seen: netmap asks for it in the host's namespace).
 */
async function withoutQueues(): Promise<string> {
  return (await snapshot(['ssh', REAL!])).replaceAll(/ qdisc \w+/g, '');
}

/** A hand on the host that has netmap: lines of sh; gives what they wrote. */
async function hand(lines: string): Promise<string> {
  const { code, stdout, stderr } = await run(['ssh', REAL!, 'sh -e'], { stdin: lines });
  if (code !== 0) throw new Error(`${lines}: ${code}: ${stdout}${stderr}`);
  return stdout;
}
