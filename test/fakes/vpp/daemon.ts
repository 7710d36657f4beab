import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { COMMANDS } from './commands/index.js';
import { DeviceKernel } from './device-kernel.js';
import { controlOf, type Knobs, type Report, type Setup } from './knobs.js';
import { readKnown } from './known.js';
import { Shell } from './shell.js';
import { freshVpp } from './vpp.js';

// A process of its own for each emulated VPP: it ends with what holds its stdin, and everything it made but socket files with it.
const setup = JSON.parse(process.argv[2]!) as Setup;
const kernel = new DeviceKernel(setup.helper, dirname(setup.socket), setup.vhostNet);
const report: { commands: string[]; refused: string[] } & Report = { commands: [], refused: [] };
let knobs: Knobs = {};

const HIGHEST_DOMAIN = 0xffffff;
const seconds = (): number => Date.now() / 1000;

const shell = new Shell(
  freshVpp(kernel, {
    ...setup,
    pid: kernel.pid,
    now: seconds,
    started: seconds(),
    randomByte: () => Math.floor(Math.random() * 256),
    chooseDomain: () => 1 + Math.floor(Math.random() * HIGHEST_DOMAIN),
  }),
  COMMANDS,
  readKnown(readFileSync(setup.help, 'utf8')),
);

/** One client: `+` and the answer, or `-` and why the emulator knows none. */
function serve(socket: Socket, sent: string): void {
  if (knobs.hang === true) return;
  const { die, fail } = knobs;
  knobs = {
    ...knobs,
    ...(die && { die: { ...die, at: die.at - 1 } }),
    ...(fail && { fail: { ...fail, from: fail.from - 1 } }),
  };
  const dies = die?.at === 1;
  if (dies && !die.done) process.exit();
  const { output, refused } = fail !== undefined && fail.from <= 1 ? { output: fail.answer } : run(sent);
  if (dies) return cut(socket, output);
  const answer = refused === undefined ? `+${output}` : `-vppctl emulator: ${refused}\n`;
  setTimeout(() => socket.end(answer), knobs.delay ?? 0);
}

function run(sent: string): { readonly output: string; readonly refused?: string } {
  report.commands.push(sent);
  const answer = shell.run(sent);
  if (answer.refused !== undefined) report.refused.push(answer.refused);
  return answer;
}

function cut(socket: Socket, output: string): void {
  socket.end(`+${output.slice(0, output.length / 2)}`, () => process.exit());
}

/** Knobs stay as they are until they are turned. */
function control(socket: Socket, sent: string): void {
  const turned = JSON.parse(sent) as Knobs;
  knobs = { ...knobs, ...turned };
  if (turned.block !== undefined) kernel.block(turned.block.device, turned.block.frames);
  socket.end(`+${JSON.stringify(report)}`);
}

function listen(path: string, answer: (socket: Socket, sent: string) => void, ready: () => void): void {
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, socket => {
    const parts: Buffer[] = [];
    socket.on('data', part => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('end', () => answer(socket, Buffer.concat(parts).toString()));
  });
  server.listen(path, () => {
    chmodSync(path, 0o775);
    ready();
  });
}

process.stdin.on('end', () => process.exit()).resume();
listen(controlOf(setup.socket), control, () =>
  listen(setup.socket, serve, () => process.stdout.write('ready\n')),
);
