import type { EngineCall } from '../core/index.js';

export interface ExecRequest {
  readonly argv: readonly string[];
  readonly tty: boolean;
  readonly interactive: boolean;
}

/** Prepares a command in a running container; the answer's `Id` names it. */
export function execCreate(container: string, { argv, tty, interactive }: ExecRequest): EngineCall {
  const body = { Cmd: argv, Tty: tty, AttachStdin: interactive, AttachStdout: true, AttachStderr: true };
  return { via: 'docker', method: 'POST', path: `/containers/${container}/exec`, body };
}

/** Starts it; to be sent as an upgrade: the connection then carries its streams. */
export function execStart(id: string, tty: boolean): EngineCall {
  return { via: 'docker', method: 'POST', path: `/exec/${id}/start`, body: { Detach: false, Tty: tty } };
}

/** Its `ExitCode` once it has ended. */
export function execInspect(id: string): EngineCall {
  return { via: 'docker', method: 'GET', path: `/exec/${id}/json` };
}

/** The size of its terminal, in characters. */
export function execResize(id: string, columns: number, rows: number): EngineCall {
  return { via: 'docker', method: 'POST', path: `/exec/${id}/resize?h=${rows}&w=${columns}` };
}

/** All of one container, for what the list does not tell (its network namespace). */
export function inspectContainer(id: string): EngineCall {
  return { via: 'docker', method: 'GET', path: `/containers/${id}/json` };
}

/** One frame of the Engine's multiplexed stream: stdout is 1, stderr 2. */
export interface Frame {
  readonly stream: number;
  readonly data: Buffer;
}

/**
 * Takes whole frames off a buffer (Engine API, "Stream format": one byte of stream, three of zeros, four of length,
 * big-endian) and gives back what is left over.
 */
export function takeFrames(buffer: Buffer): { frames: readonly Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  while (buffer.length - at >= 8) {
    const end = at + 8 + buffer.readUInt32BE(at + 4);
    if (end > buffer.length) break;
    frames.push({ stream: buffer[at]!, data: buffer.subarray(at + 8, end) });
    at = end;
  }
  return { frames, rest: buffer.subarray(at) };
}
