import { Duplex } from 'node:stream';
import { messageOf } from '../core/index.js';
import type { EngineSetting } from './engine-setting.js';
import { hostError } from './errors.js';
import { asRoot } from './privilege.js';
import type { Running } from './transport.js';
import { tunnel } from './tunnel.js';

/** sshd gives one and the same answer to all of these, so they are told apart by asking the host. */
const PROBE =
  '[ -S "$1" ] || exit 10; [ -r "$1" ] && [ -w "$1" ] || exit 11; command -v docker >/dev/null || exit 12; exit 13';

/**
 * Why the engine's socket could not be opened. Gives the argv that gets to the engine all the same, by the docker command
 * line of the host, or throws what is to be done.
 */
export async function explainDial(
  setting: EngineSetting,
  socket: string,
  cause: unknown,
): Promise<readonly string[]> {
  const { target, transport, privilege, run } = setting;
  const { name } = target;
  if (transport.engineOnly) throw transport.engineOnly(innermost(cause));
  const { code } = await run(['sh', '-c', PROBE, 'sh', socket], { root: false });
  const docker = ['docker', '-H', `unix://${socket}`, 'system', 'dial-stdio'];
  const where = `the engine's socket ${socket} on ${transport.described}`;
  if (code === 10)
    throw hostError(name, 'engine.missing', `${where} is not there`, {
      hint: 'start Docker there (systemctl start docker), install it (apt-get install docker.io), or set docker_socket',
      cause,
    });
  if (code === 11 && privilege.is === 'none')
    throw hostError(name, 'engine.permission', `user ${privilege.user} may not use ${where}`, {
      hint: `usermod -aG docker ${privilege.user}, or allow sudo without a password`,
      cause,
    });
  if (code === 11) return asRoot(docker, privilege, name);
  if (transport.described === 'local')
    throw hostError(name, 'engine.missing', `nothing answers at ${where}: ${messageOf(cause)}`, {
      hint: 'start the engine: systemctl start docker',
      cause,
    });
  if (code === 12)
    throw hostError(name, 'engine.forwarding', `${where} can't be reached through ssh`, {
      hint: 'start the engine, and set AllowStreamLocalForwarding yes in sshd_config (or install the docker command line there)',
      cause,
    });
  return docker;
}

/** What a tunnel could not be opened for. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;
}

/** The engine by way of a command that copies between its own input and output and the engine's socket. */
export function dialStdio({ target, transport }: EngineSetting, argv: readonly string[]): Duplex {
  return tunnel(opened => {
    transport.spawn(argv).then(
      running =>
        opened(
          undefined,
          pipeOf(running, said => notThere(target.name, transport.described, said)),
        ),
      opened,
    );
  });
}

function pipeOf({ stdin, stdout, stderr, exited }: Running, failure: (said: string) => Error): Duplex {
  const pipe = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void stdin.write(chunk, done),
    final: done => void stdin.end(done),
    destroy(error, done) {
      stdin.destroy();
      stdout.destroy();
      done(error);
    },
  });
  let said = '';
  stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  stdin.on('error', () => undefined); // Whoever writes is told by the callback.
  stdout.on('data', (chunk: Buffer) => void (pipe.push(chunk) || stdout.pause()));
  const ended = new Promise(resolve => stdout.once('end', resolve).once('close', resolve));
  void Promise.all([exited, ended]).then(([code]) => {
    if (code === 0) pipe.push(null);
    else pipe.destroy(failure(said.trim().split('\n').at(-1) ?? ''));
  });
  return pipe;
}

function notThere(host: string, described: string, said: string): Error {
  return hostError(host, 'engine.missing', `no engine answers on ${described}: ${said}`, {
    hint: 'start it: systemctl start docker',
  });
}
