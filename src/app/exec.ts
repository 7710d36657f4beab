import { TopoError } from '../core/index.js';
import type { Host } from '../core/index.js';
import { execCreate, execInspect, execResize, execStart } from '../tools/index.js';
import { locate } from './containers.js';
import { readResolvedWorld } from './look.js';
import { receive } from './receive.js';
import type { Context, ExecOptions } from './types.js';

/** Runs a command in a service's container, its streams being the given ones. Resolves with the command's exit code. */
export async function exec(context: Context, options: ExecOptions): Promise<number> {
  return readResolvedWorld(context, async ({ resolved, world, links }) => {
    const { host, container } = locate(resolved, world, options.target);
    return attachExec(await links.host(host), container.id, options);
  });
}

async function attachExec(host: Host, container: string, options: ExecOptions): Promise<number> {
  const { argv, tty, interactive, stdin, stdout, stderr } = options;
  const id = await createExec(host, container, { argv, tty, interactive });
  const stream = await host.engineUpgrade(execStart(id, tty));
  const resize = (): void =>
    void host.engine(execResize(id, stdout.columns, stdout.rows)).catch(() => undefined);
  if (tty) {
    stdin.setRawMode(true);
    stdout.on('resize', resize);
    resize();
  }
  if (interactive) stdin.pipe(stream);
  try {
    await receive(stream, tty, { 1: chunk => stdout.write(chunk), 2: chunk => stderr.write(chunk) });
  } finally {
    if (tty) {
      stdin.setRawMode(false);
      stdout.off('resize', resize);
    }
    stdin.unpipe(stream);
    stdin.pause();
    stream.destroy();
  }
  return exitCodeOf(host, id);
}

/** What a command in a container said. */
export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in a container and collects what it says, for at most `timeoutMs` milliseconds. */
export async function captureExec(
  host: Host,
  container: string,
  argv: readonly string[],
  timeoutMs: number,
): Promise<Captured> {
  const id = await createExec(host, container, { argv, tty: false, interactive: false });
  const stream = await host.engineUpgrade(execStart(id, false));
  const said = { 1: '', 2: '' };
  const timer = setTimeout(() => stream.destroy(new Error('timed out')), timeoutMs);
  try {
    await receive(stream, false, {
      1: chunk => (said[1] += chunk.toString()),
      2: chunk => (said[2] += chunk.toString()),
    });
  } catch {
    return { code: 124, stdout: said[1], stderr: `${said[2]}no answer within ${timeoutMs} ms` };
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
  return { code: await exitCodeOf(host, id), stdout: said[1], stderr: said[2] };
}

async function createExec(
  host: Host,
  container: string,
  request: Parameters<typeof execCreate>[1],
): Promise<string> {
  const { status, body } = await host.engine(execCreate(container, request));
  if (status === 201) return (body as { Id: string }).Id;
  const said = (body as { message?: string }).message ?? String(body);
  throw new TopoError(`the engine of ${host.name} would not run ${request.argv[0] ?? ''}: ${said}`, {
    code: 'exec.refused',
    who: 'host',
  });
}

async function exitCodeOf(host: Host, id: string): Promise<number> {
  const { body } = await host.engine(execInspect(id));
  return (body as { ExitCode: number | null }).ExitCode ?? 1;
}
