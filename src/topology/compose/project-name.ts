import { isMap, isScalar } from 'yaml';
import { parseSource } from '../document.js';
import type { Loading, NamedFile } from '../files/loading.js';
import { keyText } from '../locate.js';
import type { Spot } from '../locate.js';
import { substitute } from '../variables.js';
import type { Lookup } from '../variables.js';

/**
 * The project that Compose files name, of which the last counts: known before they are read, since COMPOSE_PROJECT_NAME in
 * them is that. Letters are made small and what no project name may have is left out, as Compose does.
 */
export function namedProject(
  files: readonly NamedFile[],
  lookup: Lookup,
  { readFile }: Loading,
): { name: string; spot: Spot } | undefined {
  const named = files.flatMap(({ path }) => {
    const answer = readFile(path);
    const text =
      answer.is === 'text' && /(^|[{,])\s*["']?name["']?\s*:/m.test(answer.text) ? answer.text : '';
    const { source } = parseSource(path, text);
    const pairs = source && isMap(source.root) ? source.root.items : [];
    return pairs.flatMap(({ key, value }) => {
      if (!source || !isScalar(key) || keyText(key) !== 'name' || !isScalar(value)) return [];
      const name = normalized(substitute(String(value.value), lookup).text);
      return name === '' ? [] : [{ name, spot: { source, key, value } }];
    });
  });
  return named.at(-1);
}

function normalized(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}
