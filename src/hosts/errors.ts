import { TopoError } from '../core/index.js';

/** A failure of a host. `code` is stable, `hint` says what to do about it. */
export function hostError(
  host: string,
  code: string,
  message: string,
  more: { readonly hint?: string; readonly cause?: unknown; readonly retryable?: boolean } = {},
): TopoError {
  return new TopoError(message, { code, who: 'host', host, ...more });
}

/** The connection broke, or was closed, while something was under way on it. */
export function lost(host: string, described: string, why: string, cause?: unknown): TopoError {
  return hostError(host, 'host.lost', `lost the connection to ${described}: ${why}`, {
    hint: 'run the same command again: it goes on from what is really there',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The server opened no session, however often it was asked. */
export function noSession(host: string, described: string, why: string, cause?: unknown): TopoError {
  return hostError(host, 'host.session', `${described} opened no session${why && `: ${why}`}`, {
    hint: 'raise MaxSessions in its sshd_config',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The `code` of a system error, ssh2's `level` or the like; empty where it has none. */
export function wordOf(error: unknown, key: 'code' | 'level'): string {
  const value = (error as Record<string, unknown> | null | undefined)?.[key];
  return typeof value === 'string' ? value : '';
}
