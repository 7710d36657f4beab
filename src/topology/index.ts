import { parseEnv } from 'node:util';
import { hasErrors, sortDiagnostics } from '../core/index.js';
import type { Diagnostic, Locate, Topology } from '../core/index.js';
import { isMap } from './blocks.js';
import { checkClashes } from './clashes.js';
import { parseSource } from './document.js';
import type { Source } from './document.js';
import { expandTopology } from './expand.js';
import { diagnosticsOf, wrongness } from './finding.js';
import { findingsOf } from './issues.js';
import { locator } from './locate.js';
import type { Origins } from './locate.js';
import { plainValue } from './plain.js';
import { checkReferences } from './references.js';
import { topologySchema } from './schema.js';
import type { Surroundings } from './service.js';
import type { Lookup } from './variables.js';

export { topologyJsonSchema } from './schema.js';

export interface TopologyInput {
  /** How the file is called in messages. */
  readonly path: string;
  readonly text: string;
  /** Absolute; relative paths of the file are taken from it. */
  readonly directory: string;
  /** Variables for `${…}`, before those of `dotenv`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of the `.env` beside the file. */
  readonly dotenv?: string;
}

export interface TopologyReading {
  /** Undefined where there are errors. */
  readonly topology?: Topology;
  /** All that is wrong or doubtful, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
}

/**
 * Stage one: a file's text comes in; the topology goes out, with every short form written out, or all that is wrong with
 * it. Knows nothing of files, hosts and allotted values; never throws, whatever the text.
 */
export function readTopology(input: TopologyInput): TopologyReading {
  const { source, diagnostics } = parseSource(input.path, input.text);
  if (!source) return { diagnostics: sortDiagnostics(diagnostics), locate: () => undefined };
  const origins: Origins = new WeakMap();
  const plain = plainValue(source, lookup(input), origins);
  const locate = locator(plain, origins);
  const around = { directory: input.directory, home: input.environment['HOME'] };
  const read = isMap(plain.value)
    ? readValue(plain.value, around, locate)
    : { diagnostics: [noMap(source, plain.value)] };
  const all = sortDiagnostics([...plain.diagnostics, ...afterwards(read.diagnostics, plain.diagnostics)]);
  return {
    ...('topology' in read && !hasErrors(all) && { topology: read.topology }),
    diagnostics: all,
    locate,
  };
}

/** What could not be read is not complained of a second time, for being empty. */
function afterwards(diagnostics: readonly Diagnostic[], first: readonly Diagnostic[]): readonly Diagnostic[] {
  if (first.some(d => d.code === 'yaml.too-big' || d.code === 'yaml.too-deep')) return [];
  const line = ({ place }: Diagnostic): string => `${place?.file}:${place?.line}`;
  const told = new Set(first.filter(d => d.severity === 'error').map(line));
  return diagnostics.filter(d => !told.has(line(d)));
}

function readValue(
  root: unknown,
  around: Surroundings,
  locate: Locate,
): { topology: Topology; diagnostics: readonly Diagnostic[] } {
  // The plain value is what is used, never zod's output: a warning is an issue too, and zod gives no output then.
  const issues = topologySchema().safeParse(root).error?.issues ?? [];
  const findings = [...findingsOf(issues, root, locate), ...checkReferences(root, locate)];
  const topology = expandTopology(root, around, wrongness(findings));
  const clashes = checkClashes({ topology, root, locate });
  return { topology, diagnostics: diagnosticsOf([...findings, ...clashes]) };
}

function lookup({ environment, dotenv }: TopologyInput): Lookup {
  const file = dotenv === undefined ? {} : parseEnv(dotenv);
  return name =>
    (Object.hasOwn(environment, name) ? environment[name] : undefined) ??
    (Object.hasOwn(file, name) ? file[name] : undefined);
}

function noMap(source: Source, value: unknown): Diagnostic {
  const empty = value === null || value === undefined;
  const summary = empty
    ? 'the file is empty'
    : 'the file must be a map with the keys name, hosts, stacks, switches and checks';
  const [start, end] = source.root?.range ?? [0, 1];
  return {
    severity: 'error',
    code: empty ? 'key.missing' : 'value.type',
    summary,
    hint: 'begin with name: my-topology',
    place: source.place(start, end),
  };
}
