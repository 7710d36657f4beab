import type { ContainerFile, Dependency, ResourceId } from '../core/index.js';
import type { Endpoint } from '../tools/index.js';

/** A container of a service. */
export interface ContainerSpec {
  readonly name: string;
  /** The body of the engine's create call, without topo's marks; no networks and no `NetworkMode` means none at all. */
  readonly config: ContainerConfig;
  /** In order: the first is there from the start, and carries the default route unless the engine prefers another. */
  readonly networks: readonly ContainerNetwork[];
  /** Copied in before the first start; absent: none. */
  readonly copies?: readonly { readonly directory: string; readonly files: readonly ContainerFile[] }[];
  readonly image: ResourceId;
  readonly needs: readonly Dependency[];
  /** The containers whose namespaces it shares: made anew when they are. */
  readonly shares: readonly ResourceId[];
  /** What holds the network namespace that it is in. */
  readonly within?: Within;
  /** The containers with which it is started again when they are made anew. */
  readonly restartsWith: readonly ResourceId[];
  /**
   * What was asked for and can't be changed while the container is there, in the words of the file, as it may be read by all: values of
   * the environment as keyed digests (see marks.ts). Whatever changes in it replaces the container.
   */
  readonly redacted: unknown;
  readonly topology: string;
}

/** A namespace that another container holds, and what is to be in it before anything starts there. */
export interface Within {
  readonly holder: ResourceId;
  /** The engine's name of the holder. */
  readonly name: string;
  readonly devices: readonly string[];
}

/** The parts of a create call's body that matter here; all others go through as they are. */
export interface ContainerConfig {
  readonly Image?: unknown;
  readonly Labels?: unknown;
  readonly HostConfig?: unknown;
  readonly [key: string]: unknown;
}

export interface ContainerNetwork {
  readonly id: ResourceId;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly linkLocal?: readonly string[];
  /** What else the engine is told of it, in its own words. */
  readonly options?: Omit<Endpoint, 'Aliases' | 'IPAMConfig'>;
}
