import { messageOf } from '../core/index.js';
import { wordOf } from './errors.js';
import {
  hungUp,
  late,
  noLogin,
  refused,
  tooManyKeys,
  unreachable,
  unresolved,
  type Failed,
} from './ssh-reasons.js';

/** Why a login did not come about, by where ssh2 says it failed. */
export function explainLogin(failed: Failed, error: Error): Error {
  const { hop } = failed;
  const said = messageOf(error);
  switch (wordOf(error, 'code')) {
    case 'ECONNREFUSED':
      return refused(hop, error);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unresolved(hop, error);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return unreachable(hop, said, error);
  }
  if (wordOf(error, 'level') === 'client-timeout') return late(hop, error);
  if (/too many authentication failures/i.test(said)) return tooManyKeys(failed, error);
  if (/before handshake/.test(said)) return hungUp(hop, error);
  return noLogin(hop, said, error);
}
