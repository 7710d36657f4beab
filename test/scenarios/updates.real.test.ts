import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, topo, workspace } from '../support/cli.js';
import { limitingEngine, sweepLimits } from '../support/cgroups.js';
import { ownName } from '../support/own-name.js';

/**
 * What an engine can change of a container is changed while it runs: the file's changes, and those by hand. The container, what runs in it,
 * the devices that topo put into it and its published port stay. The engine has control groups that limit.
 */

const NAME = ownName('updates');
const WEB = `${NAME}-s-web-1`;
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace();
  limitingEngine(join(space.cwd, 'engine'));
  await write({
    web: 'networks: [one], mem_limit: 64m, pids_limit: 50, cpu_shares: 512',
    db: 'networks: [one]',
  });
  await applied(space);
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  sweepLimits();
  await space[Symbol.asyncDispose]();
});

const NETWORKS = ['one', 'two', 'three'];

/** The topology with these keys of its services. */
async function write(
  keys: { readonly web: string; readonly db: string },
  networks = NETWORKS.join(', '),
): Promise<void> {
  const all = networks.split(', ').map(n => `${n}: { subnet: 10.125.${NETWORKS.indexOf(n)}.0/24 }`);
  const common = 'image: topo/busybox, stop_grace_period: 0s, interfaces: [{ switch: lan, mtu: 1400 }]';
  await writeFile(
    join(space.cwd, 'topo.yaml'),
    `name: ${NAME}
hosts: { lab: { sandbox: { engine: ${space.cwd}/engine } } }
switches: { lan: { kind: bridge, host: lab, subnet: 10.124.0.0/24 } }
stacks:
  s:
    host: lab
    networks: { ${all.join(', ')} }
    services:
      web: { ${common}, ports: ['18600:80'], command: [sh, -c, 'echo here >/index.html; httpd -f -p 80 -h /'], ${keys.web} }
      db: { ${common}, command: [sleep, '9999'], ${keys.db} }
`,
  );
}

async function docker(...argv: readonly string[]): Promise<string> {
  const ran = await inside(`${NAME}-lab`, 'docker', ...argv);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return ran.stdout.trim();
}

/** What must not change with it: the container and its run, its device of the switch, its published port. */
async function stays(): Promise<Readonly<Record<string, string>>> {
  const port = await inside(`${NAME}-lab`, 'busybox', 'wget', '-q', '-O', '-', 'http://127.0.0.1:18600/');
  return {
    run: await docker('inspect', '-f', '{{.Id}} {{.State.StartedAt}}', WEB),
    device: (await docker('exec', WEB, 'ip', 'addr', 'show', 'net1')).replaceAll(
      /(valid|preferred)_lft \w+/g,
      '',
    ),
    port: port.stdout.trim(),
  };
}

/** What is in force for it: as the engine says, and as the kernel does where the engine can limit at all. */
async function inForce(): Promise<Readonly<Record<string, unknown>>> {
  const format =
    '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.CpuShares}}';
  const read =
    'cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes pids/pids.max cpu/cpu.shares || cat memory.max pids.max';
  const kernel = await docker('exec', WEB, 'sh', '-c', `(${read}) 2>/dev/null`);
  return {
    engine: await docker('inspect', '-f', format, WEB),
    kernel: kernel.split('\n').slice(0, 2),
    networks: await docker(
      'inspect',
      '-f',
      '{{range $n, $_ := .NetworkSettings.Networks}}{{$n}} {{end}}',
      WEB,
    ),
  };
}

const MEBI = 1024 ** 2;

test('the limits of the file are those of the kernel', async () => {
  expect(await inForce()).toEqual({
    engine: `no ${64 * MEBI} 50 512`,
    kernel: [String(64 * MEBI), '50'],
    networks: `${NAME}-s_one`,
  });
});

test('what was changed by hand is named, and put right in place', async () => {
  const before = await stays();
  expect(before['port']).toBe('here');
  const limits = ['--memory', '32m', '--memory-swap', '64m', '--pids-limit', '9'];
  await docker('update', '--restart', 'always', ...limits, WEB);
  await docker('network', 'disconnect', `${NAME}-s_one`, WEB);
  await docker('network', 'connect', `${NAME}-s_two`, WEB);
  const { planned, remaining } = await applied(space);
  expect(planned.filter(a => a.kind === 'container')).toMatchObject([
    {
      verb: 'update',
      name: 's/web',
      drift: true,
      cause: `drifted: restart, mem_limit, memswap_limit, pids_limit and 2 more`,
    },
  ]);
  expect(remaining).toEqual([]);
  expect(await stays()).toEqual(before);
  expect(await inForce()).toMatchObject({
    engine: `no ${64 * MEBI} 50 512`,
    kernel: [String(64 * MEBI), '50'],
  });
});

test('what changes in the file is changed in place, and holds when it is started again', async () => {
  const before = await stays();
  const aliases = 'two: { aliases: [www] }, three: { ipv4_address: 10.125.2.9 }';
  await write({
    web: `networks: { ${aliases} }, mem_limit: 96m, cpu_shares: 256, restart: always`,
    db: 'networks: [one, two]',
  });
  const { planned, remaining } = await applied(space);
  expect(planned.filter(a => a.kind === 'container').map(a => `${a.verb} ${a.name}`)).toEqual([
    'update s/db',
    'update s/web',
  ]);
  expect(remaining).toEqual([]);
  expect(await stays()).toEqual(before);
  const now = { kernel: [String(96 * MEBI), 'max'], networks: `${NAME}-s_three ${NAME}-s_two` };
  expect(await inForce()).toMatchObject(now);
  expect(await docker('exec', `${NAME}-s-db-1`, 'wget', '-q', '-O', '-', 'http://www/')).toBe('here');
  await docker('restart', '-t', '0', WEB);
  expect(await inForce()).toMatchObject(now);
  const again = await applied(space);
  expect(again.planned.filter(a => a.kind === 'container')).toEqual([]);
  expect(again.remaining).toEqual([]);
});

test('one that was made on a network that goes is made anew, for it could not start again', async () => {
  await write(
    { web: 'networks: [two, three], mem_limit: 96m, cpu_shares: 256', db: 'networks: [two]' },
    'two, three',
  );
  const { planned, remaining } = await applied(space);
  expect(planned.filter(a => a.kind === 'container').map(a => `${a.verb} ${a.name}`)).toEqual([
    'replace s/db',
    'replace s/web',
  ]);
  expect(remaining).toEqual([]);
  expect((await stays())['port']).toBe('here');
});
