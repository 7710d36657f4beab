export const SIDES = ['near', 'far'] as const;
export type Side = (typeof SIDES)[number];
export const HOSTS = ['left', 'right'] as const;
export type HostAlias = (typeof HOSTS)[number];

/** A kind of end that the table has rows of. */
export interface EndKind {
  readonly name: string;
  /** Whether no frame passes here: there is an emulator only. */
  readonly isMute?: boolean;
  /** What one end of one link of this kind takes. */
  place(spot: Spot): Placed;
}

/** One end of one row's link. */
export interface Spot {
  /** Of its own on both hosts, at most 12 letters and digits. */
  readonly id: string;
  readonly host: HostAlias;
  readonly side: Side;
  /** With its length, of whoever speaks at this end. */
  readonly address: string;
  /** Bytes, of whoever speaks at this end, where topo does not set it. */
  readonly mtu: number;
}

export interface Placed {
  /** The end of the link, as the file has it. */
  readonly end: unknown;
  /** Switches of the file. */
  readonly switches?: Readonly<Record<string, unknown>>;
  /** A port of a container of the file that speaks at this end. */
  readonly port?: { readonly station: Station; readonly interface: unknown };
  /** What has to be on the host before, as lines of sh. */
  readonly before?: string;
  readonly station: Station;
  /** Whether frames leave the host at this end already. */
  readonly isWide?: true;
}

/** Who speaks at an end: the container of one side on one host, or something that topo knows nothing of beside that host. */
export interface Station {
  readonly host: HostAlias;
  readonly side: Side;
  readonly is: 'container' | 'outside';
}

/** The container of a side on a host: it has a device for each of its rows. */
export function container(host: HostAlias, side: Side): Station {
  return { host, side, is: 'container' };
}
