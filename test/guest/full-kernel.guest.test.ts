import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applied, planned, topo, workspace, type Ran, type RunOptions } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { guestMissing, startGuest, type Guest } from './guest.js';

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

checks:
  - { from: here/pc, ping: there/held }
  - { from: there/red, ping: 'there/red#2' }
  - { from: there/red, ping: there/blue, expect: unreachable }
`;

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
      before = await whatIsThere();
      space = await workspace();
      options = { cwd: space.cwd, env: { HOME: guest.home } };
      await writeFile(join(space.cwd, 'topo.yaml'), TOPOLOGY);
      expect((await applied(options)).remaining).toEqual([]);
    });
    afterAll(async () => {
      await space?.[Symbol.asyncDispose]();
      await guest?.[Symbol.asyncDispose]();
    });

    test('segments and wires between both carry traffic, VLANs of a bridge stay apart, and nothing is left to do', async () => {
      const check = await topo(['check'], options);
      expect(check, check.stdout).toMatchObject({ code: 0 });
      expect(await planned(options)).toEqual([]);
    });

    test('the limits of a service are those of its cgroup', async () => {
      const names = ['memory.max', 'pids.max', 'cpu.max'];
      const { stdout } = await exec('there/held', 'cat', ...names.map(name => `/sys/fs/cgroup/${name}`));
      expect(stdout.trim().split('\n')).toEqual([`${24 * 1024 * 1024}`, '40', '50000 100000']);
    });

    test('limits and VLANs are changed in place', async () => {
      const started = await startedAt();
      await edit('mem_limit: 24m', 'mem_limit: 32m');
      await edit('vlan: 20', 'vlan: { trunk: 30, native: 10 }');
      await edit('ping: there/blue, expect: unreachable', 'ping: there/blue');
      const done = await applied(options);
      expect(done.planned.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`).sort()).toEqual([
        'update container there/held',
        'update vlan there/blue:eth1 on floor',
      ]);
      expect(done.remaining).toEqual([]);
      const check = await topo(['check'], options);
      expect(check, check.stdout).toMatchObject({ code: 0 });
      expect((await exec('there/held', 'cat', '/sys/fs/cgroup/memory.max')).stdout.trim()).toBe(
        `${32 << 20}`,
      );
      expect(await startedAt()).toEqual(started);
    });

    test('down leaves nothing on it', async () => {
      const down = await topo(['down', '-v'], options);
      expect(down, down.stderr).toMatchObject({ code: 0 });
      expect(await whatIsThere()).toEqual(before);
    });

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
