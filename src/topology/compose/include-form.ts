import { nearest } from '../../core/index.js';
import { isMap } from '../blocks.js';
import { asList } from '../files/forms.js';
import { complainAt } from '../files/loading.js';
import type { Loading } from '../files/loading.js';
import { entriesOf, itemsOf, part } from '../files/parts.js';
import type { Plain } from '../locate.js';
import { shown } from '../words.js';

const KEYS: readonly string[] = ['path', 'project_directory', 'env_file'];

const HINT = 'as in include: [other.yaml], or include: [{ path: other.yaml, env_file: other.env }]';

/** Tells what in a Compose file's `include:` names no file. */
export function checkInclude(content: Plain, loading: Loading): void {
  const { origins } = loading;
  const include = part(content, 'include', origins);
  if (!include || include.value === null) return;
  const list = asList(include, origins);
  if (!Array.isArray(list.value)) return tell(include, 'include', 'a list of files', loading);
  for (const item of itemsOf(list, origins)) checkItem(item, loading);
}

function checkItem(item: Plain, loading: Loading): void {
  const { origins } = loading;
  if (typeof item.value === 'string' && item.value !== '') return;
  if (!isMap(item.value))
    return tell(item, 'an element of include', 'a file, or a map with its path', loading);
  for (const [key, inside] of entriesOf(item, origins)) {
    if (!KEYS.includes(key)) unknown(key, inside, loading);
    else if (!namesFiles(inside)) tell(inside, key, 'a text, or a list of texts', loading);
  }
  if (!part(item, 'path', origins))
    complainAt(loading, item.spot, 'key.missing', 'an element of include has no path', { hint: HINT });
}

function namesFiles({ value }: Plain): boolean {
  const isText = (one: unknown): boolean => typeof one === 'string';
  return Array.isArray(value) ? value.every(isText) : isText(value);
}

function tell({ value, spot }: Plain, what: string, wanted: string, loading: Loading): void {
  const found = typeof value === 'object' ? '' : `, not ${shown(String(value))}`;
  complainAt(loading, spot, 'value.type', `${what} must be ${wanted}${found}`, { hint: HINT });
}

function unknown(key: string, { spot }: Plain, loading: Loading): void {
  const near = nearest(key, KEYS);
  const hint = near ? `did you mean ${shown(near)}?` : `known here: ${KEYS.join(', ')}`;
  complainAt(loading, spot, 'key.unknown', `${shown(key)} is not a known key of include`, {
    hint,
    at: 'key',
  });
}
