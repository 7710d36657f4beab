/** A container as the list call tells it. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `created`, `running`, `exited`, `restarting`, `paused`, `dead`. */
  readonly state: string;
  /** `Exited (1) 3 minutes ago`. */
  readonly status: string;
  readonly networkMode: string;
  /** By network name. */
  readonly networks: Readonly<Record<string, EngineEndpoint>>;
  readonly ports: readonly {
    readonly ip: string;
    readonly host: number;
    readonly container: number;
    readonly protocol: string;
  }[];
  readonly mounts: readonly { readonly type: string; readonly source: string; readonly target: string }[];
  /** All that the engine says of it and of its image, where it was asked: of what may be adopted. */
  readonly inspected?: { readonly container: unknown; readonly image: unknown };
  /** Only of containers of the topology; undefined where it went away before it could be asked for. */
  readonly settings?: ContainerSettings;
}

export interface EngineEndpoint {
  readonly networkId: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
}

/** What an engine can change of a container that is there, as it has it now. */
export interface ContainerSettings {
  readonly restart: { readonly name: string; readonly retries: number };
  /** By the Engine API's names; what is not limited is left out. */
  readonly limits: Readonly<Record<string, number | string>>;
  /** By network name. */
  readonly networks: Readonly<Record<string, EndpointSettings>>;
}

/** What was asked for of a container's connection to a network, beside addresses. */
export interface EndpointSettings {
  /** Engines before 25 add the first 12 digits of the container's id, and its hostname. */
  readonly aliases: readonly string[];
  readonly links: readonly string[];
  readonly linkLocal: readonly string[];
  /** The driver's. */
  readonly options: Readonly<Record<string, string>>;
  readonly gatewayPriority: number;
}
