import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applied, planned, topo, workspace, type Ran, type RunOptions } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { guestMissing, startGuest, type Guest } from './guest.js';
import { METER } from './meter.js';

const TOPOLOGY = `name: ${ownName('guest')}

hosts: { near: sandbox, full: ssh://guest }

switches:
  wide: { kind: vxlan, mode: l2, subnet: 10.0.3.0/24 }
  floor: { kind: bridge, host: full, subnet: 10.0.9.0/24, vlan_filtering: true }

x-pc: &pc { image: topo/busybox, command: [sleep, infinity], stop_signal: SIGKILL }

stacks:
  here:
    host: near
    services:
      pc: { <<: *pc, interfaces: [{ switch: wide }] }
  there:
    host: full
    services:
      held: { <<: *pc, mem_limit: 24m, pids_limit: 40, cpus: 0.5, interfaces: [{ switch: wide }] }
      red: { <<: *pc, scale: 2, interfaces: [{ switch: floor, vlan: 10 }] }
      blue: { <<: *pc, interfaces: [{ switch: floor, vlan: 20 }] }

links:
  - [{ at: 'here/pc:wan', ip: 10.0.0.1/30 }, { at: 'there/held:wan', ip: 10.0.0.2/30 }]
  # An 802.1Q device and a dummy of the host's own.
  - [{ at: 'there/blue:out', ip: 10.0.7.1/24 }, 'full:eth0.7']
  - [{ at: floor, vlan: 10 }, 'full:dum0']
  - [{ at: 'there/red#1:slow', ip: 10.0.20.1/30, impair: { delay: 100ms } }, { at: 'there/blue:slow', ip: 10.0.20.2/30 }]
  - [{ at: 'there/red#1:far', ip: 10.0.23.1/30 }, { at: 'there/blue:far', ip: 10.0.23.2/30, impair: { delay: 200ms } }]
  - - { at: 'there/red#1:bad', ip: 10.0.21.1/30, impair: { loss: 20% } }
    - { at: 'there/blue:bad', ip: 10.0.21.2/30, impair: { loss: 25% } }
  - - { at: 'there/red#1:thin', ip: 10.0.22.1/30, impair: { rate: 8mbit } }
    - { at: 'there/blue:thin', ip: 10.0.22.2/30, impair: { rate: 5mbit } }

checks:
  - { from: here/pc, ping: there/held }
  - { from: there/red, ping: 'there/red#2' }
  - { from: there/red, ping: there/blue, expect: unreachable }
`;

/** What the ends of the links between red and blue send: milliseconds, percent, bits per second. */
const DECLARED = {
  'delay-one': 100,
  'delay-two': 200,
  'loss-one': 20,
  'loss-two': 25,
  'rate-one': 8e6,
  'rate-two': 5e6,
};

/** Kinds of devices that few kernels of test machines have; the last three are nobody's business. */
const OWN_DEVICES = `ip link add dum0 up type dummy
ip link add link eth0 name eth0.7 up type vlan id 7
ip link add link eth0 name ipv0 type ipvlan
ip link add vrf0 up type vrf table 99
ip link add wg0 type wireguard`;

const why = guestMissing();

describe.skipIf(why !== undefined)(
  `a host with a kernel that has everything, beside a simulated one${why ? `: ${why}` : ''}`,
  () => {
    let guest: Guest;
    let space: Awaited<ReturnType<typeof workspace>>;
    let options: RunOptions;
    let before: string;

    beforeAll(async () => {
      guest = await startGuest();
      const made = await guest.inside('sh', '-ec', OWN_DEVICES);
      expect(made, made.stderr).toMatchObject({ code: 0 });
      before = await whatIsThere();
      space = await workspace();
      options = { cwd: space.cwd, env: { HOME: guest.home } };
      await writeFile(join(space.cwd, 'topo.yaml'), TOPOLOGY);
    });
    afterAll(async () => {
      await space?.[Symbol.asyncDispose]();
      await guest?.[Symbol.asyncDispose]();
    });

    test('segments and wires between both carry traffic, VLANs of a bridge stay apart, and nothing is left to do', async () => {
      expect((await applied(options)).remaining).toEqual([]);
      const check = await topo(['check'], options);
      expect(check, check.stdout).toMatchObject({ code: 0 });
      expect(await planned(options)).toEqual([]);
    });

    test('devices of kinds that few kernels have bear a macvlan, and are ports with VLANs', async () => {
      const out = await exec('there/blue', 'ip', '-o', 'link', 'show', 'out');
      expect(out, out.stderr).toMatchObject({ code: 0 });
      expect((await guest.inside('bridge', 'vlan', 'show', 'dev', 'dum0')).stdout).toContain('10 PVID');
    });

    test('what an end sends is delayed, lost and slowed down as the file says, each way for itself', async () => {
      const { stdout } = await guest.inside(
        'sh',
        '-c',
        METER,
        'meter',
        await pathOf('red'),
        await pathOf('blue'),
      );
      const measured = new Map(
        stdout
          .trim()
          .split('\n')
          .map(line => line.split(' ') as [string, string]),
      );
      for (const [name, declared] of Object.entries(DECLARED)) {
        expect(Number(measured.get(name)), stdout).toBeGreaterThan(declared * 0.9);
        expect(Number(measured.get(name)), stdout).toBeLessThan(declared * 1.1);
      }
    });

    test('the limits of a service are those of its cgroup', async () => {
      const names = ['memory.max', 'pids.max', 'cpu.max'];
      const { stdout } = await exec('there/held', 'cat', ...names.map(name => `/sys/fs/cgroup/${name}`));
      expect(stdout.trim().split('\n')).toEqual([`${24 * 1024 * 1024}`, '40', '50000 100000']);
    });

    test('limits, VLANs and impairment are changed in place, and no packet is lost of it', async () => {
      const started = await startedAt();
      const handle = await handleOf('slow');
      const ping = guest.inside(...(await enter('red')), 'ping', '-q', '-c', '300', '-i', '0.2', '10.0.20.2');
      await edit('delay: 100ms', 'delay: 120ms');
      await edit('mem_limit: 24m', 'mem_limit: 32m');
      await edit('vlan: 20', 'vlan: { trunk: 30, native: 10 }');
      await edit('ping: there/blue, expect: unreachable', 'ping: there/blue');
      const done = await applied(options);
      expect(done.planned.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`).sort()).toEqual([
        'update container there/held',
        'update veth there/red:slow--there/blue:slow',
        'update vlan there/blue:eth1 on floor',
      ]);
      expect(done.remaining).toEqual([]);
      const check = await topo(['check'], options);
      expect(check, check.stdout).toMatchObject({ code: 0 });
      expect((await exec('there/held', 'cat', '/sys/fs/cgroup/memory.max')).stdout.trim()).toBe(
        `${32 << 20}`,
      );
      expect(await startedAt()).toEqual(started);
      expect((await ping).stdout).toMatch(/300 packets transmitted, 300 received/);
      expect(await handleOf('slow')).toBe(handle);
    });

    test('down leaves nothing on it', async () => {
      const down = await topo(['down', '-v'], options);
      expect(down, down.stderr).toMatchObject({ code: 0 });
      expect(await whatIsThere()).toEqual(before);
    });

    async function pathOf(service: string): Promise<string> {
      const name = `${ownName('guest')}-there-${service}-1`;
      const format = '{{ .NetworkSettings.SandboxKey }}';
      return (await guest.inside('docker', 'inspect', '-f', format, name)).stdout.trim();
    }

    async function enter(service: string): Promise<readonly string[]> {
      return ['nsenter', `--net=${await pathOf(service)}`];
    }

    /** Of the queue of a device of red: another one has another. */
    async function handleOf(device: string): Promise<string> {
      const { stdout } = await guest.inside(
        ...(await enter('red')),
        'tc',
        'qdisc',
        'show',
        'dev',
        device,
        'root',
      );
      return /^qdisc netem (\w+:)/.exec(stdout)?.[1] ?? stdout;
    }

    function exec(service: string, ...argv: readonly string[]): Promise<Ran> {
      return topo(['exec', service, '--', ...argv], options);
    }

    async function edit(from: string, to: string): Promise<void> {
      const file = join(space.cwd, 'topo.yaml');
      const text = await readFile(file, 'utf8');
      if (!text.includes(from)) throw new Error(`the topology has no ${from}`);
      await writeFile(file, text.replace(from, to));
    }

    async function startedAt(): Promise<string> {
      const format = '{{ .Name }} {{ .State.StartedAt }}';
      const script = `docker inspect -f '${format}' $(docker ps -q) | sort`;
      return (await guest.inside('sh', '-c', script)).stdout;
    }

    async function whatIsThere(): Promise<string> {
      const lists =
        "ip -o link | cut -d: -f2; bridge fdb | wc -l; ip route; iptables-save | grep -v '^[#:]' | sort; docker ps -aq; ls /run/topo /var/lib/topo";
      return (await guest.inside('sh', '-c', lists)).stdout;
    }
  },
);
