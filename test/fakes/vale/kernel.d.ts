export class Refusal extends Error {}

export class Fault extends Error {}

/** What the kernel has of VALE in one network namespace. */
export interface Namespace {
  readonly bridges: readonly unknown[];
}

export interface Listed {
  readonly name: string;
  /** The name of its switch. */
  readonly of: string;
  readonly slot: number;
  /** The index of the device; absent of a host stack's own port. */
  readonly device?: number;
  readonly driver?: 'generic' | 'native';
}

export interface Machine {
  readonly devices: readonly {
    readonly name: string;
    readonly altnames: readonly string[];
    readonly index: number;
    readonly mtu: number;
    readonly kind: string;
    readonly isTaken: boolean;
  }[];
  readonly bufSize: number;
  readonly bufNum: number;
  readonly ringNum: number;
  readonly slots: number;
  readonly admode: number;
  /** Kinds of devices whose driver is netmap's own. */
  readonly native: readonly string[];
  /** Devices in all namespaces. */
  readonly attached: number;
}

export function emptyNamespace(most: number): Namespace;
export function listed(space: Namespace): readonly Listed[];
export function attach(space: Namespace, name: string, withHost: boolean, machine: Machine): number;
export function detach(space: Namespace, name: string): number;
