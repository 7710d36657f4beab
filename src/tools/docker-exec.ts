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

/** All of a network, for what the list does not tell. */
export function inspectNetwork(id: string): EngineCall {
  return { via: 'docker', method: 'GET', path: `/networks/${id}` };
}

/** All of one container, for what the list does not tell (its network namespace). */
export function inspectContainer(id: string): EngineCall {
  return { via: 'docker', method: 'GET', path: `/containers/${id}/json` };
}
