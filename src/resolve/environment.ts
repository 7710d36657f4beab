/** The environment that names without a value are looked up in: topo's own. */
export type Environment = Readonly<Record<string, string | undefined>>;
