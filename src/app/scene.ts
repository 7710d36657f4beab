import type { Diagnostic, HostName, Place } from '../core/index.js';
import type { HostTarget } from '../hosts/index.js';

/** Which hosts, for which topology; `operator`: whether this machine is read as well, being where sandboxes live. */
export interface Scene {
  readonly topology: string;
  readonly targets: readonly HostTarget[];
  readonly operator: boolean;
  /** Whether the file puts anything into containers, so that they are looked into. */
  readonly inside?: boolean;
  /** Whether the file impairs anything, so that kernels are asked what they have for that. */
  readonly impaired?: boolean;
  /** Projects of docker compose, what is of which is to be taken over. Absent: nothing is. */
  readonly adopt?: readonly string[];
  /** Where the file names its hosts; absent where there is no file. */
  readonly places?: ReadonlyMap<HostName, Place>;
  /** What becomes of hosts that can't be reached: `skip` leaves them out, `offer` says that this can be asked for. */
  readonly unreachable?: 'skip' | 'offer';
  /** The hosts that were left out so far. */
  readonly skipped?: readonly { readonly target: HostTarget; readonly reason: Diagnostic }[];
}
