import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { BIN, inside, planned, topo, type Ran, type RunOptions } from './cli.js';
import { startSandboxes } from './sandboxes.js';
import { presentAsSsh, type SshHosts } from './ssh-hosts.js';
import { edit, pairWorkspace } from './ssh-topology.js';

/** What happens to a connection: sshd's process for it is killed; its packets are dropped for 5 s, or until topo has given up. */
export type CutKind = 'killed' | 'dropped for 5 s' | 'dropped for ever';

export interface Cut {
  readonly kind: CutKind;
  /** Which of the two hosts. */
  readonly on: 0 | 1;
  /** After how much of the story that an undisturbed `up` tells, from 0 to 1. */
  readonly at: number;
}

/** Cuts that come one after the other, on a topology of their own that is reached through a port of its own. */
export interface Lane {
  readonly transport: 'ssh2' | 'openssh';
  readonly cuts: readonly Cut[];
}

/** Two hosts, on which lanes can run beside each other. */
export interface CutWorld extends AsyncDisposable {
  /** Runs all cuts of a lane, and throws what was not as it should be. `told`: a line for each. */
  runLane(lane: number, what: Lane, told: string[]): Promise<void>;
}

/** Milliseconds from the cut in which topo has to be through with it, what is left of an undisturbed `up` not counted. */
const LIMIT = 30_000;

/** What it has to say where it gives up: that the host was lost or could not be reached to begin with. */
const CLEAR =
  /lost the connection to ssh .*root@.*did not come back within \d+ s|ssh root@\S+ (did not answer in time|can't be reached)/;

/** Makes the hosts, which listen on a port for each of so many lanes. */
export async function startCutWorld(lanes: number): Promise<CutWorld> {
  const sandboxes = await startSandboxes(2);
  const hosts = await presentAsSsh(sandboxes);
  const ports = Array.from({ length: lanes }, (_, lane) => portOf(lane));
  await Promise.all(sandboxes.names.map(name => listen(name, ports)));
  return {
    async runLane(lane, what, told) {
      await using space = await laneSpace(lane, what, hosts);
      try {
        const undisturbed = await begin(['up'], space).ended;
        expect(undisturbed, undisturbed.stdout + undisturbed.stderr).toMatchObject({ code: 0 });
        for (const cut of what.cuts) {
          await done(['down', '-v'], space);
          const stage = { lane, cut, sandbox: sandboxes.names[cut.on]!, space, undisturbed };
          const story = await survive(stage, told);
          for (const name of sandboxes.names) expect(await commandsOn(name, lane), story).toEqual([]);
        }
        // A sshd that was cut off hears of it when the other side's kernel tries its farewell again: up to half a minute later.
        for (const name of sandboxes.names)
          await vi.waitFor(async () => expect(await leftOn(name, lane)).toEqual([]), {
            timeout: 60_000,
            interval: 500,
          });
      } finally {
        await topo(['down', '-v'], space);
      }
    },
    async [Symbol.asyncDispose]() {
      await hosts[Symbol.asyncDispose]();
      await sandboxes[Symbol.asyncDispose]();
    },
  };
}

interface Stage {
  readonly lane: number;
  readonly cut: Cut;
  readonly sandbox: string;
  readonly space: RunOptions;
  readonly undisturbed: Ended;
}

/** An `up` that is cut, and one more. Gives what was said, for whoever finds something wrong later. */
async function survive(stage: Stage, told: string[]): Promise<string> {
  const { lane, cut, space, undisturbed } = stage;
  const line = 1 + Math.floor(cut.at * undisturbed.lines);
  const what = `lane ${lane}, ${cut.kind} on ${['one', 'two'][cut.on]} after line ${line} of ${undisturbed.lines}`;
  const ran = await cutUp(stage, line);
  const seconds = (ran.sinceCut / 1000).toFixed(1);
  told.push(`${what}: exit ${ran.code} ${seconds} s after the cut (undisturbed ${undisturbed.ms} ms)`);
  const all = `${what}\n${ran.stdout}\n${ran.stderr}`;
  expect(ran.sinceCut, all).toBeLessThan(LIMIT + undisturbed.ms);
  if (cut.kind !== 'dropped for ever') expect(ran.code, all).toBe(0);
  expect([0, 1, 4], all).toContain(ran.code);
  if (ran.code !== 0) expect(ran.stdout + ran.stderr, all).toMatch(CLEAR);

  await done(['up'], space, all);
  expect(await planned(space), all).toEqual([]);
  return all;
}

/** `up`, with the connection to one of the hosts cut when it has told so many lines of its story. */
async function cutUp(
  { lane, cut, sandbox, space }: Stage,
  line: number,
): Promise<Ran & { readonly sinceCut: number }> {
  const up = begin(['up'], space);
  await up.tells(line);
  const port = String(portOf(lane));
  const began = Date.now();
  if (cut.kind === 'killed') {
    await inside(sandbox, 'sh', '-c', KILL, 'sh', port);
  } else {
    await inside(sandbox, 'sh', '-c', DROP, 'sh', '-I', port);
    await (cut.kind === 'dropped for 5 s' ? delay(5_000) : up.ended);
    await inside(sandbox, 'sh', '-c', DROP, 'sh', '-D', port);
  }
  const ended = await up.ended;
  return { ...ended, sinceCut: Math.max(0, ended.at - began) };
}

/** $1 port: ends the processes that hold sshd's connections on it, as an sshd that crashes would. */
const KILL = `ss -tnpH state established "sport = :$1" | grep -o 'pid=[0-9]*' | sort -u | sed s/pid=// | xargs -r kill -KILL`;

/** $1 -I or -D, $2 port: packets of it are dropped both ways, or no longer. */
const DROP = `iptables "$1" INPUT -p tcp --dport "$2" -j DROP && iptables "$1" OUTPUT -p tcp --sport "$2" -j DROP`;

/** A pair of stacks that meets the other lanes' nowhere, on hosts that are reached by this lane's port. */
async function laneSpace(
  lane: number,
  { transport }: Lane,
  hosts: SshHosts,
): Promise<RunOptions & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'topo-home-'));
  await cp(hosts.home, home, { recursive: true });
  for (const file of ['config', 'known_hosts']) {
    const path = join(home, '.ssh', file);
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replaceAll(/(?<=Port |\]:)2222/g, String(portOf(lane))).replaceAll(hosts.home, home),
    );
  }
  const space = await pairWorkspace(nameOf(lane), { ...hosts, home });
  await edit(space.cwd, {
    'hosts.one': { ssh: 'one', transport },
    'hosts.two': { ssh: 'two', transport },
    'switches.overlay.vni': 1000 + lane,
    'switches.overlay.subnet': `10.1.${lane}.0/24`,
    'stacks.shop.networks.internal.subnet': `172.30.${lane}.0/24`,
    'stacks.search.networks.internal.subnet': `172.31.${lane}.0/24`,
    'stacks.shop.services.web.ports': [`${8080 + lane}:80`],
  });
  return {
    ...space,
    async [Symbol.asyncDispose]() {
      await space[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function nameOf(lane: number): string {
  return `cut-${lane}`;
}

function portOf(lane: number): number {
  return 2300 + lane;
}

/** One more sshd, which listens on the ports of all lanes. */
async function listen(sandbox: string, ports: readonly number[]): Promise<void> {
  const words = ports.flatMap(port => ['-p', String(port)]);
  const start = 'exec "$(command -v sshd)" -f /run/sshd-2/sshd_config -o PidFile=none "$@" >/dev/null 2>&1';
  expect(await inside(sandbox, 'sh', '-c', start, 'sh', ...words)).toMatchObject({ code: 0 });
}

async function leftOn(sandbox: string, lane: number): Promise<readonly string[]> {
  const held = `sport = :${portOf(lane)}`;
  const { stdout } = await inside(sandbox, 'ss', '-tnH', 'state', 'established', held);
  return [...stdout.split('\n').filter(line => line !== ''), ...(await commandsOn(sandbox, lane))];
}

/** What topo runs on a host for a lane's topology, and its lock. */
async function commandsOn(sandbox: string, lane: number): Promise<readonly string[]> {
  const args = [String(portOf(lane)), nameOf(lane)];
  const { stdout } = await inside(sandbox, 'sh', '-c', COMMANDS, 'sh', ...args);
  return stdout.split('\n').filter(line => line.trim() !== '');
}

/** $1 port, $2 topology. */
const COMMANDS = `cd /proc
  for file in $(grep -lz '^TOPO_CALL=' [0-9]*/environ); do
    grep -qz "^SSH_CONNECTION=.* $1\\$" $file && tr '\\0\\n' '  ' <\${file%environ}cmdline | cut -c1-100
    echo
  done 2>/dev/null
  ls -d /run/topo/$2 2>/dev/null`;

interface Begun {
  /** Resolves when so many lines of its story are told, or all of it. */
  tells(lines: number): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** `ms`: how long it took; `at`: when it ended; `lines`: of its story. */
interface Ended extends Ran {
  readonly ms: number;
  readonly at: number;
  readonly lines: number;
}

/** Starts the built `topo`. Its story has a line for each step that it is through with: moments that a busy machine does not shift. */
function begin(args: readonly string[], { cwd, env }: RunOptions): Begun {
  const began = Date.now();
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const lines = (): number => said.stderr.split('\n').length - 1;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const ended = new Promise<Ended>(resolve =>
    child.once('close', code => {
      clearTimeout(timer);
      resolve({ code, ...said, ms: Date.now() - began, at: Date.now(), lines: lines() });
    }),
  );
  const tells = (count: number): Promise<void> =>
    new Promise(resolve => {
      const look = (): void => void (lines() >= count && resolve());
      child.stderr.on('data', look).once('close', resolve);
      look();
    });
  return { tells, ended };
}

async function done(args: readonly string[], options: RunOptions, before = ''): Promise<void> {
  const ran = await topo(args, { killAfter: 120_000, ...options });
  expect(ran, `${before}\ntopo ${args.join(' ')}\n${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
}
