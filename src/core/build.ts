/** How an image is built, with every short form written out. */
export interface BuildDeclaration extends BuildOptions {
  /** null: taken from topo's own environment, and left out where that has none. */
  readonly args: Readonly<Record<string, string | null>>;
}

/** What the engine's builder is asked for. */
export interface BuildRequest extends BuildOptions {
  readonly args: Readonly<Record<string, string>>;
  /** By BuildKit, as the Dockerfile has what the engine's older builder lacks. */
  readonly buildkit?: true;
  /** Over the context and all that is asked for: equal ones give the same image as far as that can be known. */
  readonly digest: string;
}

interface BuildOptions {
  /** A directory of this machine, or what the engine fetches itself. */
  readonly context:
    | { readonly is: 'local'; readonly directory: string }
    | { readonly is: 'remote'; readonly address: string };
  /** In the context; absent: `Dockerfile`. */
  readonly dockerfile?: string;
  /** Its text, instead of a file. */
  readonly inline?: string;
  readonly target?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly cacheFrom?: readonly string[];
  /** `NAME:ADDRESS` each. */
  readonly extraHosts?: readonly string[];
  readonly network?: string;
  readonly noCache?: boolean;
  readonly pull?: boolean;
  /** Bytes. */
  readonly shmSize?: number;
  readonly platform?: string;
  /** Other names of the image. */
  readonly tags?: readonly string[];
}

/** The label by which an image that topo built tells from what. */
export const BUILD_LABEL = 'topo.build';
