import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawEngine } from './raw.js';
import { topologyText } from './topology.js';

const RUN = new URL('../../bin/run.js', import.meta.url).pathname;
const name = `bench-${process.pid}`;

/**
 * `up`, `up` with nothing to do, `up` with every service gone, on one sandbox host that stands before the clock runs, and the
 * same by plain Engine API calls on the same engine: wall seconds, the least of `runs` rounds that take turns. Then `down`.
 */
export async function measureHosts(counts, runs) {
  const cwd = mkdtempSync(join(tmpdir(), 'topo-bench-'));
  try {
    await topo(cwd, 1, 'up'); // makes the host and the image
    await topo(cwd, 0, 'up');
    const rows = [];
    for (const count of counts) rows.push(await rounds(cwd, count, runs));
    await topo(cwd, 10, 'up');
    return { rows, down: await topo(cwd, 10, 'down', '-v') };
  } finally {
    await topo(cwd, 0, 'down', '-v').catch(() => undefined);
    rmSync(cwd, { recursive: true, force: true });
  }
}

async function rounds(cwd, services, runs) {
  const spent = { up: [], noop: [], remove: [], rawUp: [], rawNoop: [], rawRemove: [] };
  let trips;
  for (let i = 0; i < runs; i++) {
    spent.up.push(await topo(cwd, services, 'up'));
    spent.noop.push(await topo(cwd, services, 'up'));
    trips = await tripsOf(cwd);
    spent.remove.push(await topo(cwd, 0, 'up'));
    const raw = rawEngine(`${name}-lab1`);
    spent.rawUp.push(await seconds(() => raw.up(services)));
    spent.rawNoop.push(await seconds(() => raw.look()));
    spent.rawRemove.push(await seconds(() => raw.remove(services)));
    raw.close();
  }
  const least = Object.fromEntries(Object.entries(spent).map(([key, all]) => [key, Math.min(...all)]));
  return { services, trips, ...least };
}

/** The round trips of an `up` that has nothing to do, by host, as the library counts them. */
async function tripsOf(cwd) {
  const { up } = await import(new URL('../../dist/app/index.js', import.meta.url));
  const context = {
    file: join(cwd, 'topo.yaml'),
    environment: process.env,
    homedir: homedir(),
    emit: () => undefined,
    signal: new AbortController().signal,
    now: Date.now,
    random: bytes => randomBytes(bytes).toString('hex'),
  };
  const { planned } = await up(context, {});
  if (planned.plan?.actions.length !== 0) throw new Error('there was something to do');
  return planned.trips;
}

function topo(cwd, services, ...args) {
  writeFileSync(join(cwd, 'topo.yaml'), topologyText({ name, services, hosts: 1 }));
  return seconds(() => run(cwd, args));
}

function run(cwd, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [RUN, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', text => (said += text));
    child.on('close', code =>
      code === 0
        ? resolve()
        : reject(new Error(`topo ${args.join(' ')} ended with ${code}: ${said.slice(-2000)}`)),
    );
  });
}

async function seconds(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
