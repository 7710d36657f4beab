import type { Host } from '../../../src/core/index.js';
import type { HostTarget } from '../../../src/hosts/index.js';

/** A way to log in, how it is set up, and what comes of it. Words in braces are filled in: see `LoginWorld`; `{own}` is the home directory. */
export interface LoginRow {
  readonly situation: string;
  /** Which of the sshd's of `SSHDS` the host is (default plain). */
  readonly sshd?: string;
  /** Lines of the host's entry in `~/.ssh/config`, ahead of its address, port and user, and of the right key where none is named. */
  readonly config?: readonly string[];
  /** More entries. */
  readonly entries?: readonly string[];
  /** A known_hosts file of its own. */
  readonly known?: string;
  /** It takes all that a host has of something: no other row beside it. */
  readonly alone?: true;
  readonly environment?: Readonly<Record<string, string>>;
  readonly target?: Partial<HostTarget>;
  /** What the user answers when asked for a passphrase; absent: there is nobody to ask. */
  readonly passphrase?: string;
  /** What is done with the host where that is more than to run a command as root and to ask the engine. */
  readonly use?: (open: () => Promise<Host>) => Promise<void>;
  /** `works`, or the one line that is said; by transport where they differ. */
  readonly expected: string | { readonly ssh2: string; readonly openssh: string };
}
