import { isScalar, visit } from 'yaml';
import type { Diagnostic } from '../core/index.js';
import { parseSource } from './document.js';

/**
 * A file's text as it is written usually: no blanks at the ends of lines, no more than one empty line at a time, none at the beginning
 * and at the end, lines that end with a newline alone. What a text over several lines says stays what it is. `text` is undefined
 * where the file is not YAML.
 */
export function formatText(
  file: string,
  given: string,
): { readonly text?: string; readonly diagnostics: readonly Diagnostic[] } {
  const text = given.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const { source, diagnostics } = parseSource(file, text);
  if (!source) return { diagnostics };
  const lines = text.split('\n');
  const kept = linesOfTexts(text, source.root);
  const trimmed = lines.map((line, i) => (kept.has(i) ? line : line.trimEnd()));
  const wanted = trimmed.filter(
    (line, i) => kept.has(i) || line !== '' || (i > 0 && (trimmed[i - 1] !== '' || kept.has(i - 1))),
  );
  const first = wanted.findIndex(line => line !== '');
  const whole = wanted.slice(Math.max(0, first)).join('\n');
  const end = kept.has(lines.length - 1) ? whole : `${whole.replace(/\n+$/, '')}\n`;
  return { text: end === '\n' ? '' : end, diagnostics };
}

/** The lines, from 0, on which texts stand that take more than one. */
function linesOfTexts(text: string, root: Parameters<typeof visit>[0] | null): ReadonlySet<number> {
  const kept = new Set<number>();
  if (root === null) return kept;
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  visit(root, {
    Scalar(_, node) {
      if (!isScalar(node) || !node.range) return;
      const [start, end] = node.range;
      if (!text.slice(start, end).includes('\n')) return;
      for (let line = lineOf(start); line <= lineOf(end); line++) kept.add(line);
    },
  });
  return kept;
}
