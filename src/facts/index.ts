import { TopoError, type Dataplanes, type Host, type HostView } from '../core/index.js';
import { parseSettingsLines, parseVpp, scripts } from '../tools/index.js';
import { readEngine } from './engine.js';
import { readEngineOnly } from './engine-only.js';
import { factsOf } from './facts.js';
import { inventoryOf } from './inventory.js';
import { readNames } from './names.js';
import { withOwners } from './owners.js';
import { READ_SCRIPT } from './script.js';
import { sectionsOf, type Section } from './sections.js';
import { withSettings } from './settings.js';

export { computedView } from './computed.js';
export { readNewest } from './newest.js';
export { measurePaths, pathRecord } from './paths.js';

export interface ReadOptions {
  /** Whose record is read; everything else is read whatever its topology. */
  readonly topology: string;
  readonly signal?: AbortSignal;
  /** Whether this is where sandbox hosts live. */
  readonly sandboxes?: boolean;
  /** Whether the topology has anything inside containers, so that they are looked into. */
  readonly inside?: boolean;
  /** Whether the topology impairs anything, so that the kernel is asked what it has for that. */
  readonly impaired?: boolean;
  /** The dataplanes that are asked, each by a reader of the script's. */
  readonly dataplanes?: Dataplanes;
  /** Projects of docker compose, what is of which may be adopted. */
  readonly adopt?: readonly string[];
}

/**
 * Reads a host: in comes the connection, out comes all that topo knows of it. One command for the whole host and, beside
 * it, one call for each of the engine's lists (one command more, and one call for each container, where an engine keeps its data in an unusual place). Changes nothing; must not know what is wanted. A part that cannot be read stands
 * in `inventory.unread`; a host that cannot be read at all throws TopoError.
 */
export async function readHost(host: Host, options: ReadOptions): Promise<HostView> {
  const { signal, topology } = options;
  if (host.engineOnly) return readEngineOnly(host, topology, signal);
  const [sections, view] = await Promise.all([readSections(host, options), readEngine(host, signal)]);
  const engine = await withOwners(host, view, sections.get('adopted'), options.adopt ?? [], signal);
  const vpp = parseVpp(sections.get('vpp')?.text ?? '');
  const inventory = inventoryOf(sections, topology, vpp);
  const known = parseSettingsLines(sections.get('runs')?.text ?? '');
  const { lists } = engine;
  const [names, settled] = await Promise.all([
    readNames(host, topology, sections.get('names'), engine, signal),
    withSettings(host, topology, lists.containers, known, signal),
  ]);
  const { containers, why } = settled;
  return {
    host: host.name,
    facts: {
      ...factsOf(sections, engine.facts, host.described === 'local'),
      ...(vpp && { vpp: vpp.facts }),
    },
    inventory: {
      ...inventory,
      ...lists,
      containers,
      nameBlocks: names.nameBlocks,
      unread: {
        ...inventory.unread,
        ...engine.unread,
        ...names.unread,
        ...(why !== undefined && { containers: why }),
      },
    },
  };
}

async function readSections(host: Host, options: ReadOptions): Promise<ReadonlyMap<string, Section>> {
  const list = options.sandboxes ? scripts['sandbox-list']! : '';
  const { topology, inside, impaired, dataplanes = {} } = options;
  const asked = [topology, list, inside ? 'inside' : '', impaired ? 'impaired' : ''];
  const readers = Object.entries(dataplanes).flatMap(([name, words]) => [name, words.join('\n')]);
  const argv = ['sh', '-c', READ_SCRIPT, 'topo-read', ...asked, ...readers];
  const result = await host.exec(argv, options.signal ? { signal: options.signal } : {});
  const sections = sectionsOf(result.stdout, result.stderr);
  if (sections.has('end')) return sections;
  const said = result.stderr.trim().split('\n').at(-1) || `exit code ${result.code}`;
  throw new TopoError(`could not read what is on ${host.name} (${host.described}): ${said}`, {
    code: 'host.read',
    who: 'host',
    host: host.name,
    hint: 'topo reads a host as root: where the user is not root, `sudo -n true` must work there',
  });
}
