import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import type { EngineCall, EngineResponse } from '../../src/core/index.js';

/** A Docker engine of the tests' own: in a network and mount namespace, with its own data, gone after `stop`. */
export interface TestEngine {
  readonly netns: string;
  call(call: EngineCall, stdin?: Buffer): Promise<EngineResponse>;
  /** Makes an image of the machine's static busybox. */
  importBusybox(reference: string): Promise<void>;
  /** Runs a program in the engine's network namespace. */
  exec(argv: readonly string[]): { code: number; stderr: string; stdout: string };
  stop(): Promise<void>;
}

const PREFIX = 'topo-engine-';

/** The tests that need an engine are skipped, and say so, where there can be none. */
export function engineMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  return ['dockerd', 'ip', 'unshare', 'setpriv', 'busybox'].find(tool => run('which', tool).status !== 0);
}

/** Starts an engine; `busyboxes` are references of images to make in it. */
export async function startEngine(...busyboxes: readonly string[]): Promise<TestEngine> {
  sweep();
  const dir = mkdtempSync(join(tmpdir(), PREFIX));
  const netns = `${PREFIX}${process.pid}`;
  run('ip', 'netns', 'add', netns);
  const log = join(dir, 'log');
  const child = launch(netns, dir, log);
  const engine = engineOf(netns, dir, child);
  try {
    await answering(engine, child, log);
    for (const reference of busyboxes) await engine.importBusybox(reference);
  } catch (error) {
    await engine.stop();
    throw error;
  }
  return engine;
}

/** `/run` is fresh so that sockets and namespaces of other engines are out of sight; it dies with the test's process. */
function launch(netns: string, dir: string, log: string): ChildProcess {
  const script = `mount --make-rprivate / && mount -t tmpfs tmpfs /run && ip link set lo up
    mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
    exec dockerd -H "unix://$1/docker.sock" --data-root "$1/data" --exec-root /run/docker --pidfile "$1/pid"`;
  const out = openSync(log, 'a');
  const argv = [
    '--pdeathsig',
    'TERM',
    'ip',
    'netns',
    'exec',
    netns,
    'unshare',
    '-m',
    'sh',
    '-c',
    script,
    'sh',
    dir,
  ];
  return spawn('setpriv', argv, { stdio: ['ignore', out, out] });
}

function engineOf(netns: string, dir: string, child: ChildProcess): TestEngine {
  const call = (c: EngineCall, stdin?: Buffer): Promise<EngineResponse> =>
    engineCall(join(dir, 'docker.sock'), c, stdin);
  return {
    netns,
    call,
    importBusybox: reference => importBusybox(call, reference),
    exec: argv => {
      const done = run('ip', 'netns', 'exec', netns, ...argv);
      return { code: done.status ?? 1, stdout: done.stdout, stderr: done.stderr };
    },
    stop: async () => {
      await ended(child);
      remove(netns);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function answering(engine: TestEngine, child: ChildProcess, log: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) break;
    const pong = await engine.call({ via: 'docker', method: 'GET', path: '/_ping' }).catch(() => undefined);
    if (pong?.status === 200) return;
    await pause(100);
  }
  throw new Error(`no engine: ${readFileSync(log, 'utf8').slice(-2000)}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await exited;
  clearTimeout(killer);
}

/** Ends what still lives in a namespace (containers outlive a killed engine) and takes the namespace away. */
function remove(netns: string): void {
  for (const pid of run('ip', 'netns', 'pids', netns).stdout.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself between the listing and now.
    }
  }
  run('ip', 'netns', 'del', netns);
}

/** Takes away the namespaces of test runs that were killed. */
function sweep(): void {
  const names = run('ip', 'netns', 'list').stdout.match(new RegExp(`^${PREFIX}\\d+`, 'gm')) ?? [];
  for (const name of names) if (!existsSync(`/proc/${name.slice(PREFIX.length)}`)) remove(name);
}

function engineCall(socketPath: string, call: EngineCall, stdin?: Buffer): Promise<EngineResponse> {
  const body = stdin ?? (call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body)));
  const type = stdin ? 'application/x-tar' : 'application/json';
  const headers = {
    Host: 'docker',
    ...(body && { 'Content-Type': type, 'Content-Length': body.length }),
    ...call.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: call.method, path: call.path, headers }, reply => {
      const chunks: Buffer[] = [];
      reply.on('data', chunk => chunks.push(chunk as Buffer));
      reply.on('error', reject);
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = reply.headers['content-type']?.startsWith('application/json') === true && text !== '';
        resolve({ status: reply.statusCode ?? 0, body: json && !stdin ? JSON.parse(text) : text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const APPLETS = ['sh', 'sleep', 'true', 'false', 'cat', 'ping', 'httpd', 'wget', 'ip'];

async function importBusybox(call: TestEngine['call'], reference: string): Promise<void> {
  const tar = pack();
  tar.entry({ name: 'bin/busybox', mode: 0o755 }, readFileSync(run('which', 'busybox').stdout.trim()));
  for (const applet of APPLETS) tar.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const [repo, tag = 'latest'] = reference.split(':');
  const path = `/images/create?fromSrc=-&repo=${repo}&tag=${tag}`;
  const reply = await call({ via: 'docker', method: 'POST', path }, Buffer.concat(chunks));
  if (reply.status !== 200) throw new Error(`import of ${reference}: ${JSON.stringify(reply.body)}`);
}

function run(
  command: string,
  ...args: readonly string[]
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(command, args, { encoding: 'utf8' });
}

/** Resolves after some milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
