import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { topo, workspace, type Ran, type RunOptions } from '../support/cli.js';
import { createContext } from '../support/contexts.js';
import { mustRun, sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';
import { presentAsSsh } from '../support/ssh-hosts.js';
import { edit, sshWorkspace } from '../support/ssh-topology.js';
import { tlsEngine, type TlsEngine } from '../support/tls-engine.js';

/** What would lead elsewhere, were it asked. */
const MISLEADING = { DOCKER_HOST: 'tcp://192.0.2.1:2375', DOCKER_CONTEXT: 'nowhere' };

const missing = sandboxesMissing() ?? (spawnSync('openssl', ['version']).error && 'needs openssl');

describe.skipIf(missing !== undefined)('hosts given as Docker contexts', () => {
  let sandboxes: TestSandboxes;
  beforeAll(async () => {
    sandboxes = await startSandboxes(3);
  });
  afterAll(() => sandboxes?.[Symbol.asyncDispose]());

  test('contexts that lead to aliases of ~/.ssh/config, through a jump host, to a sshd that forwards no sockets, bring the quick start up, whatever the environment names', async () => {
    await using hosts = await presentAsSsh(sandboxes, {
      jump: true,
      sshd: 'AllowStreamLocalForwarding no',
    });
    const name = `contexts-${process.pid}`;
    await using space = await sshWorkspace(name, hosts);
    for (const [i, alias] of hosts.aliases.entries()) {
      const socket = i === 2 ? '/run/docker.sock' : '';
      await createContext(hosts.home, `to-${alias}`, `ssh://${alias}${socket}`);
      await edit(space.cwd, { [`hosts.lab${i + 1}`]: { context: `to-${alias}` } });
    }
    const run: RunOptions = { ...space, env: { ...space.env, ...MISLEADING } };

    const { stdout } = await done(['hosts'], run);
    expect(stdout).toMatch(
      /lab1 +context to-one → ssh root@[\d.]+:2222 +\d+ ms .*iptables .*iproute2 .*ready/,
    );
    expect(stdout).toMatch(/lab2 +context to-two → ssh root@[\d.]+:2222 through [\d.]+ +\d+ ms .*ready/);
    await done(['up'], run);
    await done(['check'], run);
    await done(['plan', '--detailed-exitcode'], run);
    const say = ['sh', '-c', 'echo heard; echo logged >/proc/1/fd/1'];
    expect((await done(['exec', 'search/api', '--', ...say], run)).stdout).toBe('heard\n');
    expect((await done(['logs', 'search/api'], run)).stdout).toBe('search/api | logged\n');
    await done(['down', '-v'], run);
  });

  test('a context that is not there is refused with those that are', async () => {
    await using hosts = await presentAsSsh(sandboxes);
    await createContext(hosts.home, 'to-one', 'ssh://one');
    await using space = await plainWorkspace({ context: 'to-oen' });
    const ran = await topo(['plan'], { ...space, env: { HOME: hosts.home } });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('there is no Docker context "to-oen"');
    expect(ran.stderr).toContain('did you mean to-one? there are default, to-one');
  });

  test('topo hosts tells all that there is, one that is not reached among them', async () => {
    await using hosts = await presentAsSsh(sandboxes);
    await createContext(hosts.home, 'to-one', 'ssh://one');
    await using space = await plainWorkspace({ context: 'to-one' });
    await edit(space.cwd, { 'hosts.gone': 'ssh://root@127.0.0.1:1' });
    const ran = await topo(['hosts'], { ...space, env: { HOME: hosts.home } });
    expect(ran.stdout).toMatch(/^far .* ready$/m);
    expect(ran.stdout).toMatch(/^gone +ssh:\/\/root@127\.0\.0\.1:1 .* unreachable$/m);
    expect(ran.stderr).toContain('refused the connection');
    expect(ran.code).toBe(1);
  });

  describe('an engine on TCP with TLS', () => {
    let engine: TlsEngine;
    beforeAll(async () => {
      engine = await tlsEngine(sandboxes, sandboxes.names[0]!);
    });
    afterAll(() => engine?.[Symbol.asyncDispose]());

    const files = (directory: string): Record<'ca' | 'cert' | 'key', string> => ({
      ca: join(directory, 'ca.pem'),
      cert: join(directory, 'cert.pem'),
      key: join(directory, 'key.pem'),
    });

    test('serves stacks that need no commands on their host, and says so', async () => {
      await using space = await plainWorkspace({ context: 'tls' });
      const run = { ...space, env: { HOME: space.cwd } };
      await createContext(space.cwd, 'tls', `tcp://${engine.address}:2376`, files(engine.certificates));

      const plan = await done(['plan'], run);
      expect(plan.stdout).toContain(
        `of host far only the engine is reached (tcp://${engine.address}:2376 with TLS)`,
      );
      await done(['up'], run);
      await done(['plan', '--detailed-exitcode'], run);
      expect((await done(['ps'], run)).stdout).toMatch(/app\/web .*running|app\/web .*Up /);
      expect((await done(['exec', 'app/web', '--', 'cat', '/data/said'], run)).stdout).toBe('s3cret\n');
      expect((await done(['logs', 'app/web'], run)).stdout).toContain('at work');
      await done(['check'], run);
      expect((await done(['hosts'], run)).stdout).toMatch(/far +context tls → tcp:.* +\d+ ms .*engine only/);

      await edit(space.cwd, { 'stacks.app.services.web.environment.SECRET': 'another' });
      expect((await topo(['plan', '--detailed-exitcode'], run)).code).toBe(2);
      await done(['up', '--yes'], run);
      await done(['plan', '--detailed-exitcode'], run);

      await using elsewhere = await workspace();
      await done(['down', '-v', '--name', space.name, '--host', 'context:tls'], {
        ...run,
        cwd: elsewhere.cwd,
      });
      expect(await left(sandboxes, space.name)).toBe('');
    });

    test('is what `local` means where DOCKER_HOST names it, with a warning', async () => {
      await using space = await plainWorkspace({ local: true });
      const env = {
        HOME: space.cwd,
        DOCKER_HOST: `tcp://${engine.address}:2376`,
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: engine.certificates,
      };
      const up = await done(['up'], { ...space, env });
      expect(up.stderr).toContain('host far is local, and DOCKER_HOST');
      await done(['plan', '--detailed-exitcode'], { ...space, env });
      await done(['down', '-v'], { ...space, env });
      expect(await left(sandboxes, space.name)).toBe('');
    });

    test('refuses a network on a switch, with its place and what to do', async () => {
      await using space = await plainWorkspace({ context: 'tls' });
      await createContext(space.cwd, 'tls', `tcp://${engine.address}:2376`, files(engine.certificates));
      await edit(space.cwd, {
        switches: { overlay: { kind: 'vxlan', subnet: '10.1.1.0/24' } },
        'stacks.app.networks.inner': { subnet: '172.30.0.0/16', fabric: 'overlay' },
      });
      const ran = await topo(['plan'], { ...space, env: { HOME: space.cwd } });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(
        /network inner of stack app is on switch overlay, .* of far only the engine is reached/,
      );
      expect(ran.stderr).toMatch(/topo\.yaml:\d+:\d+/);
      expect(ran.stderr).toContain('give far as `ssh:`');
      expect(ran.stderr.match(/^error/gm)).toHaveLength(1);
      const hosts = await topo(['hosts'], { ...space, env: { HOME: space.cwd } });
      expect(hosts.stdout).toMatch(/far .* 1 problem/);
      expect(hosts.code).toBe(1);
    });

    test.each([
      ['an authority that this machine does not trust', 'foreign', 'is not one to trust'],
      ['no certificate of the client', 'none', "did not take this machine's certificate"],
      ['no TLS', 'plain', 'HTTPS server'],
    ])('%s is said as that', async (_, which, said) => {
      await using space = await plainWorkspace({ context: 'tls' });
      const { ca } = files(engine.certificates);
      const given = { foreign: files(engine.foreign), none: { ca }, plain: {} }[which]!;
      await createContext(space.cwd, 'tls', `tcp://${engine.address}:2376`, given);
      const ran = await topo(['down'], { ...space, env: { HOME: space.cwd } });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain(said);
    });
  });
});

/** One stack of plain Docker networks on the host `far`. */
async function plainWorkspace(
  far: Readonly<Record<string, unknown>>,
): Promise<RunOptions & { readonly name: string } & AsyncDisposable> {
  const space = await workspace();
  const name = `far-${process.pid}`;
  const text = `name: ${name}
hosts:
  far: ${JSON.stringify(far)}
stacks:
  app:
    host: far
    networks: { inner: { subnet: 172.30.0.0/16 } }
    volumes: { data: {} }
    services:
      web:
        image: topo/busybox
        command: [sh, -c, 'echo "$$SECRET" >/data/said; echo at work; trap exit TERM; sleep 1000 & wait']
        environment: { SECRET: s3cret }
        networks: [inner]
        volumes: ['data:/data']
        ports: ['8081:80']
      db: { image: topo/busybox, command: [sleep, '1000'], networks: [inner] }
checks:
  - { from: app/web, ping: app/db }
`;
  await writeFile(join(space.cwd, 'topo.yaml'), text);
  return { ...space, name };
}

/** What the first sandbox's engine still has of a topology. */
async function left(sandboxes: TestSandboxes, topology: string): Promise<string> {
  const host = await sandboxes.open(sandboxes.names[0]!);
  const label = `label=topo.name=${topology}`;
  const script = 'docker ps -aq -f "$1"; docker network ls -q -f "$1"; docker volume ls -q -f "$1"';
  const { stdout } = await mustRun(host, ['sh', '-c', script, 'sh', label]);
  await host.close();
  return stdout;
}

async function done(args: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = await topo(args, { killAfter: 120_000, ...options });
  expect(ran, `topo ${args.join(' ')}\n${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
  return ran;
}
