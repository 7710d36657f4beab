import { writeFile } from 'node:fs/promises';
import { EXIT, TopoError, digest, hasErrors } from '../core/index.js';
import type { Diagnostic, Resolved } from '../core/index.js';
import { formatText } from '../topology/index.js';
import { loadWith, readText } from './load.js';
import { NotReady } from './not-ready.js';
import { pinsOf } from './pins.js';
import type { Context, FmtOptions, Formatted } from './types.js';

/**
 * Writes the topology's files as they are written usually, or with `pin` what is allotted into them, and nothing else. It is proven
 * first that the topology stays the same. Throws NotReady.
 */
export async function fmt(
  context: Context,
  { pin = false, check = false }: FmtOptions = {},
): Promise<Formatted> {
  const { texts, diagnostics } = pin ? await pinned(context) : await formatted(context);
  if (hasErrors(diagnostics)) throw new NotReady(diagnostics, EXIT.invalid);
  const files = [...texts.keys()].sort();
  if (files.length > 0) await prove(context, texts);
  if (!check) for (const file of files) await writeFile(file, texts.get(file)!);
  return { files, diagnostics };
}

interface Rewritten {
  /** Of the files that change, by their absolute paths. */
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

async function formatted({ file, overrides = [] }: Context): Promise<Rewritten> {
  const paths = file === undefined ? [] : [file, ...overrides];
  const all = await Promise.all(
    paths.map(async path => {
      const before = await readText(path);
      return { path, before, ...formatText(path, before) };
    }),
  );
  const changed = all.flatMap(({ path, before, text }) =>
    text === undefined || text === before ? [] : [[path, text] as const],
  );
  return { texts: new Map(changed), diagnostics: all.flatMap(one => one.diagnostics) };
}

async function pinned(context: Context): Promise<Rewritten> {
  const { read, resolved, diagnostics } = await loadWith(context, new Map());
  if (!read.topology || !resolved) return { texts: new Map(), diagnostics };
  const pins = pinsOf(read.topology, resolved);
  const edited = read.edit(pins.edits);
  return { texts: edited.texts, diagnostics: [...diagnostics, ...pins.diagnostics, ...edited.diagnostics] };
}

/** What stands in a file may be used in more places than it looks: nothing is written that means something else. */
async function prove(context: Context, texts: ReadonlyMap<string, string>): Promise<void> {
  const [before, after] = [await loadWith(context, new Map()), await loadWith(context, texts)];
  if (before.resolved === undefined) return;
  if (after.resolved && meaning(before.resolved) === meaning(after.resolved)) return;
  throw new TopoError('the topology would not be the same any more; nothing was written', {
    code: 'fmt.changed',
    who: 'user',
    hint:
      after.diagnostics.find(d => d.severity === 'error')?.summary ??
      'write elements out whose parts stand behind anchors or variables',
  });
}

/** All but where it stands. */
function meaning(resolved: Resolved): string {
  const ends = (list: Resolved['links'][number]['ends']): unknown => list.map(end => ({ ...end, path: 0 }));
  return digest({
    ...resolved,
    locate: undefined,
    links: resolved.links.map(link => ({ ...link, path: 0, ends: ends(link.ends) })),
    checks: resolved.checks.map(check => ({ ...check, path: 0 })),
  });
}
