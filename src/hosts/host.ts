import type { Channel, ExecOptions, ExecResult, Host } from '../core/index.js';
import { buildImage } from './build.js';
import { collect } from './collect.js';
import { copyFiles } from './copy.js';
import { makeEngine } from './engine.js';
import { marked } from './leftovers.js';
import { limiter } from './limiter.js';
import { asRoot, privilegeOf, privilegeProbe, type Privilege } from './privilege.js';
import { registryDigest } from './registry.js';
import { anySignal } from './signal.js';
import { performStream } from './stream.js';
import type { HostOptions, HostTarget } from './target.js';
import type { Transport } from './transport.js';

const TIMEOUT_MS = 120_000;

/** sshd allows ten sessions a connection and frees them late: more than four short commands at a time fail now and then. */
const COMMANDS_AT_A_TIME = 4;

/** How long a command that was left running gets to end by itself once its input has ended. */
const END_MS = 2_000;

/** A host over a transport: sudo, bounds, the engine, transfers. Asks once who the user is, unless `root` is known. */
export async function makeHost(
  target: HostTarget,
  bare: Transport,
  root: boolean,
  options: HostOptions,
): Promise<Host> {
  const { name } = target;
  const transport = marked(bare, options.run);
  const trips = { exec: 0, engine: 0 };
  const slot = limiter(COMMANDS_AT_A_TIME);
  const run = (argv: readonly string[], opts: ExecOptions = {}): Promise<ExecResult> =>
    slot(async () => {
      const signal = anySignal(transport.closed, opts.signal);
      signal.throwIfAborted();
      trips.exec++;
      const bounds = {
        host: name,
        described: transport.described,
        command: brief(argv),
        timeoutMs: opts.timeoutMs ?? TIMEOUT_MS,
        signal,
      };
      return collect(await transport.spawn(argv), opts.stdin, bounds);
    });
  const privilege: Privilege =
    root && target.sudo !== true ? { is: 'root' } : privilegeOf(await run(privilegeProbe), target.sudo);
  const elevated = (argv: readonly string[], opts?: ExecOptions): readonly string[] =>
    opts?.root === false ? argv : asRoot(argv, privilege, name);
  const engine = makeEngine({ target, transport, privilege, run, count: () => void trips.engine++ });
  const host: Host = {
    name,
    described: transport.described,
    ...(transport.engineOnly && { engineOnly: true }),
    exec: async (argv, opts) => run(elevated(argv, opts), opts),
    async start(argv, opts) {
      trips.exec++;
      const running = await transport.spawn(elevated(argv, opts));
      if (opts?.stdin !== undefined) running.stdin.write(opts.stdin);
      return channel(running, anySignal(transport.closed, opts?.signal));
    },
    engine: engine.call,
    engineStream: engine.stream,
    engineUpgrade: engine.upgrade,
    copy: (call, opts) => copyFiles(host, engine, call, opts),
    build: (call, opts) => buildImage(host, engine, call, options, opts),
    registryDigest: (reference, opts) => registryDigest(host, engine, reference, options, opts),
    stream: (stream, args, opts) => performStream(host, engine, stream, args, options, opts),
    trips,
    closed: transport.closed,
    close: () => transport.close(),
  };
  return host;
}

function channel(running: Awaited<ReturnType<Transport['spawn']>>, signal: AbortSignal): Channel {
  running.stdin.on('error', () => undefined);
  signal.addEventListener('abort', () => running.kill(), { once: true });
  return {
    stdout: running.stdout,
    stderr: running.stderr,
    write: text => void running.stdin.write(text),
    async close() {
      running.stdin.end();
      const timer = setTimeout(() => running.kill(), END_MS);
      running.stdout.resume();
      running.stderr.resume();
      await running.exited;
      clearTimeout(timer);
    },
    exited: running.exited,
  };
}

/** A command for messages: a script's text would drown them. */
function brief(argv: readonly string[]): string {
  const words = argv.map(word => (word.includes('\n') ? '…' : word)).join(' ');
  return words.length > 120 ? `${words.slice(0, 117)}…` : words;
}
