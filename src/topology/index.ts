import { posix } from 'node:path';
import { hasErrors, sortDiagnostics } from '../core/index.js';
import type { Diagnostic, Locate, Topology } from '../core/index.js';
import { isMap } from './blocks.js';
import { editTexts } from './edit.js';
import type { Edit, Edited } from './edit.js';
import { checkClashes } from './clashes.js';
import { withCompleteStacks } from './compose/stacks.js';
import type { Completing } from './compose/stacks.js';
import { expandTopology } from './expand.js';
import { diagnosticsOf, wrongness } from './finding.js';
import { layered, parsedEnv } from './files/env-files.js';
import { callFiles, complainAt, nothingSeen } from './files/loading.js';
import type { FileAnswer, Loading, ReadFile, SourceFile } from './files/loading.js';
import { withoutResets } from './files/resets.js';
import { readTopologyFiles } from './files/topology-files.js';
import { findingsOf } from './issues.js';
import { locator } from './locate.js';
import type { Plain } from './locate.js';
import { checkReferences } from './references.js';
import { topologySchema } from './schema.js';
import type { Surroundings } from './surroundings.js';
import type { Lookup } from './variables.js';

export { whyNoImpair } from './impair.js';
export { topologyJsonSchema } from './schema.js';

export { formatText } from './format.js';

export type { Edit, Edited, FileAnswer, ReadFile };

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
  /** Further files, each merged over those before it; by their absolute paths. */
  readonly overrides?: readonly SourceFile[];
  /** Gives the files that the topology names; without it there are none. */
  readonly readFile?: ReadFile;
}

export interface TopologyReading {
  /** Undefined where there are errors. */
  readonly topology?: Topology;
  /** All that is wrong or doubtful, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
  /** Writes into the files' texts. */
  readonly edit: (edits: readonly Edit[]) => Edited;
}

/**
 * Stage one: the text of files comes in; the topology goes out, with every short form written out, or all that is wrong with
 * it. Knows nothing of hosts and allotted values, and of other files only what `readFile` gives; never throws, whatever
 * the texts.
 */
export function readTopology(input: TopologyInput): TopologyReading {
  const { path, directory, readFile = () => ({ is: 'missing' }), environment } = input;
  const loading: Loading = {
    origins: new WeakMap(),
    diagnostics: [],
    readFile,
    called: callFiles(path, directory),
    home: environment['HOME'],
    seen: nothingSeen(),
  };
  const process: Lookup = name => own(environment, name);
  const main = { directory, lookup: layered(process, topologyEnv(input, process, loading)) };
  const stacks = new Map<string, Lookup>();
  const root = wholeRoot(input, { loading, process, main, lookups: stacks });
  const first = loading.diagnostics;
  if (!root) return { diagnostics: sortDiagnostics(first), locate: () => undefined, edit: () => NOT_EDITED };
  const locate = locator(root, loading.origins);
  const around = { directory, home: loading.home, variable: main.lookup, stacks };
  const read = readValue(root.value, around, locate);
  const told = loading.seen.gap ? read.diagnostics.filter(d => !IN_A_GAP.includes(d.code)) : read.diagnostics;
  const all = sortDiagnostics([...first, ...afterwards(told, first)]);
  const edit = (edits: readonly Edit[]): Edited => editTexts(root, loading.origins, edits);
  return { ...(!hasErrors(all) && { topology: read.topology }), diagnostics: all, locate, edit };
}

const NOT_EDITED: Edited = { texts: new Map(), diagnostics: [] };

/** What may well be right once a file can be read that is missing. */
const IN_A_GAP: readonly string[] = ['key.missing', 'name.unknown'];

/** What all files say together; undefined where there is nothing to be checked, which has been told. */
function wholeRoot(
  { directory, path, text, overrides = [] }: TopologyInput,
  completing: Omit<Completing, 'projects'>,
): Plain | undefined {
  const { loading, main } = completing;
  const files = [{ path: posix.join(directory, posix.basename(path)), text }, ...overrides];
  const read = readTopologyFiles(files, main, loading);
  if (!read) return undefined;
  const merged = withCompleteStacks(read.root, { ...completing, projects: read.projects });
  const root = loading.seen.reset ? withoutResets(merged, loading.origins) : merged;
  if (isComposeFile(root.value))
    return complainAt(loading, root.spot, 'file.compose', COMPOSE_FILE, wrap(path));
  if (isMap(root.value)) return root;
  return complainAt(loading, root.spot, 'key.missing', 'the file is empty', {
    hint: 'begin with name: my-topology',
  });
}

const COMPOSE_FILE = 'this is a Compose file: a topology says on which host it runs';

/** What a Compose file has and a topology has not, where nothing of a topology stands beside it. */
function isComposeFile(root: unknown): boolean {
  const has = (key: string): boolean => isMap(root) && Object.hasOwn(root, key);
  return has('services') && !has('stacks') && !has('hosts');
}

function wrap(path: string): { hint: string } {
  const lines = [
    'name: my-topology',
    'hosts: { here: local }',
    `stacks: { app: { host: here, compose: ./${posix.basename(path)} } }`,
  ];
  return {
    hint: `name it in a topology, in a topo.yaml of three lines: ${lines.map(line => `\`${line}\``).join(', ')}`,
  };
}

function topologyEnv({ dotenv, directory }: TopologyInput, process: Lookup, loading: Loading) {
  const file = loading.called(posix.join(directory, '.env'));
  return dotenv === undefined ? new Map<string, string>() : parsedEnv(file, dotenv, process, loading);
}

function own(record: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
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
