import type { ExecOptions, ExecResult } from '../core/index.js';
import type { Privilege } from './privilege.js';
import type { HostTarget } from './target.js';
import type { Transport } from './transport.js';

/** What the engine's side of a host needs of the host. */
export interface EngineSetting {
  readonly target: HostTarget;
  readonly transport: Transport;
  readonly privilege: Privilege;
  readonly run: (argv: readonly string[], options?: ExecOptions) => Promise<ExecResult>;
  readonly count: () => void;
}
