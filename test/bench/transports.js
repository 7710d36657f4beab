/**
 * `node --expose-gc test/bench/transports.js SANDBOX`, after `npm run build`: both ssh transports beside OpenSSH's client on one
 * sandbox host (`topo sandbox up NAME`), in turns, the least of several rounds. Prints the figures and their ratios.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

const [sandbox] = process.argv.slice(2);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const MEGABYTES = 50;
const run = `/run/topo/sandbox/${sandbox}`;
const dir = mkdtempSync(join(tmpdir(), 'topo-bench-'));
const { openHost } = await import(new URL('../../dist/hosts/index.js', import.meta.url));
const { loadImage } = await import(new URL('../../dist/hosts/load.js', import.meta.url));
const address = readFileSync(`${run}/address`, 'utf8').trim();
const plain = [
  ...['-F', 'none', '-i', `${run}/key`, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
  ...['-o', `UserKnownHostsFile=${run}/known_hosts`],
];
const login = `root@${address}`;

try {
  const hosts = { ssh2: await open('ssh2'), openssh: await open('openssh') };
  await prepare(hosts.ssh2);
  const image = await imageArchive();
  const file = join(dir, 'image.tar');
  writeFileSync(file, image);
  const forwarded = await forward();

  const inspects = {
    'ssh -L socket': () =>
      hundred(path => get({ socketPath: forwarded.socket, agent: forwarded.agent }, path)),
    ssh2: () => hundred(path => hosts.ssh2.engine({ via: 'docker', method: 'GET', path })),
    openssh: () => hundred(path => hosts.openssh.engine({ via: 'docker', method: 'GET', path })),
  };
  await table('100 inspects, one after the other, ms', inspects, 'ssh -L socket', ms => ms, 8 * ROUNDS); // Short: few would tell of the machine's other work.

  const peak = {};
  const loads = {
    'ssh docker load': () => pipe(file, ["'docker load -q && docker rmi -f topo/bench:1'"]),
    ssh2: () => measured(peak, 'ssh2', () => load(hosts.ssh2, image)),
    openssh: () => measured(peak, 'openssh', () => load(hosts.openssh, image)),
  };
  await table(`${MEGABYTES} MB image, MB/s`, loads, 'ssh docker load', ms => (MEGABYTES * 1000) / ms);
  process.stdout.write(`peak of memory during a push over that before, MB: ${JSON.stringify(peak)}\n`);

  const raw = {
    'ssh cat': () => pipe(file, ['sh', '-c', "'cat >/dev/null'"]),
    ssh2: () => cat(hosts.ssh2, image),
    openssh: () => cat(hosts.openssh, image),
  };
  await table(`${MEGABYTES} MB to cat, MB/s`, raw, 'ssh cat', ms => (MEGABYTES * 1000) / ms);

  forwarded.close();
  await Promise.all(Object.values(hosts).map(host => host.close()));
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function open(transport) {
  const target = { name: 'bench', form: { is: 'sandbox' }, sandbox, acceptNewHostKey: false, transport };
  return openHost(target, { environment: process.env, homedir: homedir() });
}

async function prepare(host) {
  await host.stream('busybox', ['topo/busybox']);
  const body = { Image: 'topo/busybox', Cmd: ['sleep', '100000'] };
  await host.engine({ via: 'docker', method: 'POST', path: '/containers/create?name=bench', body });
}

async function table(title, ways, base, figure, rounds = ROUNDS) {
  const best = {};
  for (let i = 0; i < rounds; i++)
    for (const [name, way] of Object.entries(ways)) {
      const began = performance.now();
      await way();
      best[name] = Math.min(best[name] ?? Infinity, performance.now() - began);
    }
  process.stdout.write(`${title}\n`);
  for (const [name, ms] of Object.entries(best))
    process.stdout.write(
      `  ${name.padEnd(16)} ${figure(ms).toFixed(0).padStart(5)}  × ${(figure(ms) / figure(best[base])).toFixed(2)}\n`,
    );
}

async function hundred(ask) {
  for (let i = 0; i < 100; i++) await ask('/containers/bench/json');
}

/** An image that can't be compressed: one layer of random bytes. Each is another one, or the engine would have it already. */
async function imageArchive() {
  const layer = pack();
  layer.entry({ name: 'noise' }, randomBytes(MEGABYTES * 1_000_000));
  layer.finalize();
  const bytes = await buffer(layer);
  const { createHash } = await import('node:crypto');
  const diff = createHash('sha256').update(bytes).digest('hex');
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${diff}`] },
  });
  const tar = pack();
  tar.entry({ name: 'config.json' }, config);
  tar.entry({ name: 'layer.tar' }, bytes);
  tar.entry(
    { name: 'manifest.json' },
    JSON.stringify([{ Config: 'config.json', RepoTags: ['topo/bench:1'], Layers: ['layer.tar'] }]),
  );
  tar.finalize();
  return buffer(tar);
}

function chunks(bytes) {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    })(),
  );
}

async function load(host, image) {
  const engine = { stream: host.engineStream };
  await loadImage(
    { host, engine, ref: 'topo/bench:1', signal: undefined, progress: () => undefined },
    chunks(image),
  );
  await host.engine({ via: 'docker', method: 'DELETE', path: '/images/topo/bench:1?force=1' });
}

async function cat(host, image) {
  const channel = await host.start(['sh', '-c', 'head -c "$1" >/dev/null', 'sh', String(image.length)]);
  for await (const chunk of chunks(image)) channel.write(chunk);
  await channel.close();
}

async function measured(peak, name, work) {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
  await work();
  clearInterval(timer);
  peak[name] = Math.max(peak[name] ?? 0, Math.round((most - before) / 1e6));
}

function pipe(file, argv) {
  return new Promise((resolve, reject) => {
    const line = `cat ${file} | ssh ${[...plain, login, ...argv].join(' ')}`;
    const child = spawn('sh', ['-c', line], { stdio: 'ignore' });
    child.once('close', code => (code === 0 ? resolve() : reject(new Error(`${line}: ${code}`))));
  });
}

async function forward() {
  const socket = join(dir, 'docker.sock');
  const argv = [...plain, '-N', '-o', 'PermitLocalCommand=yes', '-o', 'LocalCommand=echo ready', '-L'];
  const child = spawn('ssh', [...argv, `${socket}:/var/run/docker.sock`, login]);
  await new Promise(resolve => child.stdout.once('data', resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return { socket, agent, close: () => (agent.destroy(), child.kill()) };
}

function get(options, path) {
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, path, headers: { Host: 'docker' } }, reply => {
      let said = '';
      reply.setEncoding('utf8').on('data', piece => (said += piece));
      reply.on('end', () => resolve(JSON.parse(said)));
    });
    sent.on('error', reject);
    sent.end();
  });
}
