/**
 * What a service says of its container beside image, words, networks, ports and mounts, with Compose's meaning of every
 * key and every short form written out. What is absent is the engine's or the image's to decide.
 */
export interface ServiceSettings {
  readonly hostname?: string;
  readonly domainname?: string;
  readonly user?: string;
  readonly workingDir?: string;
  readonly init?: boolean;
  readonly tty?: boolean;
  readonly stdinOpen?: boolean;
  readonly stopSignal?: string;
  /** Milliseconds. */
  readonly stopGracePeriod?: number;
  readonly healthcheck?: Healthcheck;
  readonly privileged?: boolean;
  readonly readOnly?: boolean;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly groupAdd?: readonly string[];
  readonly devices?: readonly DeviceDeclaration[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ulimits?: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  /** Bytes. */
  readonly shmSize?: number;
  /** Mount options by path in the container. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly dns?: readonly string[];
  readonly dnsOpt?: readonly string[];
  readonly dnsSearch?: readonly string[];
  /** `NAME:ADDRESS` each. */
  readonly extraHosts?: readonly string[];
  readonly logging?: { readonly driver?: string; readonly options: Readonly<Record<string, string>> };
  /** `host`, `service:NAME` or `container:NAME`. */
  readonly pid?: string;
  /** `host`, `none`, `private`, `shareable`, `service:NAME` or `container:NAME`. */
  readonly ipc?: string;
  /** `none`, `host`, `bridge`, `service:NAME` or `container:NAME`: instead of networks. */
  readonly networkMode?: string;
  /** Names for others on its networks: `SERVICE[:ALIAS]`, and `CONTAINER:ALIAS` once names are resolved. */
  readonly links?: readonly string[];
  /** The same of containers of others; among `links` once names are resolved. */
  readonly externalLinks?: readonly string[];
  /** Whose mounts it has: `SERVICE[:ro]` or `container:NAME[:ro]`, and `CONTAINER[:ro]` once names are resolved. */
  readonly volumesFrom?: readonly string[];
  /** `80/tcp` each. */
  readonly expose?: readonly string[];
  /** On its first network, or on that of `networkMode`. */
  readonly macAddress?: string;
  /** 0 to 100. */
  readonly memSwappiness?: number;
  readonly oomKillDisable?: boolean;
  readonly oomScoreAdj?: number;
  readonly reservedDevices?: readonly DeviceReservation[];
}

/** What of the machine a container may use: all of it can be changed while it runs. */
export interface ResourceLimits {
  /** Processors: 0.5 is half of one. */
  readonly cpus?: number;
  readonly cpuShares?: number;
  /** Microseconds, as the three below. */
  readonly cpuPeriod?: number;
  /** -1: no limit. */
  readonly cpuQuota?: number;
  readonly cpuRtPeriod?: number;
  readonly cpuRtRuntime?: number;
  /** `0-3`, `0,1`. */
  readonly cpuset?: string;
  /** Bytes, as the two below. */
  readonly memory?: number;
  readonly memoryReservation?: number;
  /** Memory and swap together; -1: as much as there is. */
  readonly memorySwap?: number;
  /** -1: any number. */
  readonly pids?: number;
}

/** Devices that a driver of the engine hands out, such as graphics processors. */
export interface DeviceReservation {
  readonly driver?: string;
  /** -1: all of them; 0 where `ids` name them. */
  readonly count: number;
  readonly ids?: readonly string[];
  readonly capabilities: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** Times in milliseconds. No words: those of the image; `['NONE']` turns the image's own off. */
export interface Healthcheck {
  readonly test?: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
}

export interface DeviceDeclaration {
  readonly host: string;
  readonly container: string;
  /** Of `r`, `w` and `m`. */
  readonly permissions: string;
}
