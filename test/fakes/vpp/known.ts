/** What a real VPP can be asked, and what it says of it. */
export interface Known {
  readonly paths: readonly string[];
  /** The answer to `PATH ?`. */
  readonly help: (path: string) => readonly string[];
  /** Whether a command is part of a plugin that is not loaded. */
  readonly missing: (path: string, without: readonly string[]) => boolean;
}

/** Where names end in the list of all commands: longer ones are cut. */
const COLUMN = 42;

/** What the plugins of the transcripts bring. */
const PLUGINS: Readonly<Record<string, RegExp>> = {
  af_packet: /\bhost-interface\b/,
  memif: /\bmemif\b/,
  ping: /^ping\b/,
  vhost: /\bvhost-user\b/,
  vxlan: /\bvxlan\b/,
  wireguard: /^(show )?wireguard\b/,
};

/** Reads the answer to `?`: a command a line, its help beside it or on lines of its own below. */
export function readKnown(listed: string): Known {
  const entries: { readonly path: string; readonly lines: string[] }[] = [];
  for (const line of listed.split(/\r?\n/).filter(text => text !== '')) {
    if (/^ {2}[a-z]/.test(line) && line[COLUMN] === ' ')
      entries.push({ path: line.slice(2, COLUMN).trimEnd(), lines: [line] });
    else entries.at(-1)?.lines.push(line);
  }
  const under = (path: string) => (entry: { readonly path: string }) =>
    path === '' || entry.path === path || entry.path.startsWith(`${path} `);
  return {
    paths: entries.map(entry => entry.path),
    help: path => entries.filter(under(path)).flatMap(entry => entry.lines),
    missing: (path, without) => without.some(plugin => PLUGINS[plugin]?.test(path) === true),
  };
}
