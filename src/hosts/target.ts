import {
  describeLogin,
  type Dataplanes,
  type HostForm,
  type HostName,
  type SshTransportName,
} from '../core/index.js';

/** How a host is reached; plain JSON, so that it can be kept beside what it leads to. */
export interface HostTarget {
  readonly name: HostName;
  readonly form: HostForm;
  /** Absent: sudo where the user who logs in is not root. */
  readonly sudo?: boolean;
  /** Absolute path; absent: what the Docker context says, or `/var/run/docker.sock`. */
  readonly dockerSocket?: string;
  readonly acceptNewHostKey: boolean;
  /** Which ssh client; absent: ssh2, and OpenSSH's own where ssh2 can't. */
  readonly transport?: SshTransportName;
  /** The name of the sandbox that this host is, where its form is one. */
  readonly sandbox?: string;
  /** The dataplanes that the topology uses there: what leads to the host leads to them too. */
  readonly dataplanes?: Dataplanes;
}

/** What hosts may know of the machine they are reached from. */
export interface HostOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `.ssh` is. */
  readonly homedir: string;
  /**
   * Asks for the passphrase of a key file that a host would take, undefined where nobody can be asked; the first time,
   * `attempt` is 1. Whoever answers remembers it: several hosts may need the same key.
   */
  readonly passphrase?: (keyFile: string, attempt: number) => Promise<string | undefined>;
  /** Asks whatever else a login needs, and shows nothing of the answer; `text` is the question as the client has it. */
  readonly question?: (text: string) => Promise<string | undefined>;
  /** Names this connection among those of a run, `<letters and digits>.<number>`: see `endLeftovers`. */
  readonly run?: string;
  /** Hears what the user may want to know of how the host is reached. */
  readonly notice?: (text: string) => void;
  /** Gives up connecting; calls have signals of their own. */
  readonly signal?: AbortSignal;
}

/** How a host is reached, in a word or two for people. */
export function describeTarget({ form, sandbox }: HostTarget): string {
  switch (form.is) {
    case 'local':
      return 'local';
    case 'sandbox':
      return `sandbox ${sandbox ?? ''}`.trimEnd();
    case 'ssh':
      return `ssh://${describeLogin(form)}`;
    case 'context':
      return `context ${form.context}`;
  }
}

/** An address as it stands before a port. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
