import { Composer, LineCounter, Parser, isAlias, visit } from 'yaml';
import type { Alias, CST, Document, Node } from 'yaml';
import type { Diagnostic, Place } from '../core/index.js';

/** A file's YAML with positions: nothing is interpolated, merged or checked yet. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly root: Node | null;
  /** The node that an alias stands for; undefined where no anchor of that name stands before it. */
  readonly target: (alias: Alias) => Node | undefined;
  /** The place of a range of offsets, cut at the end of its first line. */
  readonly place: (start: number, end: number) => Place;
}

/** Nobody writes deeper than this; the YAML composer recurses, so it must be known before it is started. */
export const MAX_DEPTH = 100;

/** Tags that say how a value goes over that of an earlier file. */
const MERGE_TAGS: readonly string[] = ['!reset', '!override'];

/** Parses YAML 1.2. All that is wrong with its syntax comes back as diagnostics; then `source` is undefined. */
export function parseSource(
  file: string,
  text: string,
): { source?: Source; diagnostics: readonly Diagnostic[] } {
  const lines = new LineCounter();
  const place = placer(file, text, lines);
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    const summary = `more than ${MAX_DEPTH} levels of nesting`;
    return {
      diagnostics: [{ severity: 'error', code: 'yaml.too-deep', summary, place: place(deep, deep + 1) }],
    };
  }
  // Doubled keys are told by us, with both places; the composer's own check is quadratic in the size of a map.
  const composer = new Composer({
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  const diagnostics = [...syntaxErrors(document, text, place), ...secondDocument(second, place)];
  if (diagnostics.length > 0 || !document) return { diagnostics };
  const root = document.contents as Node | null;
  return { source: { file, text, root, target: aliasTargets(document), place }, diagnostics };
}

function placer(file: string, text: string, lines: LineCounter): Source['place'] {
  return (start, end) => {
    const { line, col } = lines.linePos(Math.min(start, text.length));
    const from = lines.lineStarts[line - 1] ?? 0;
    const until = text.indexOf('\n', from);
    const whole = text.slice(from, until < 0 ? text.length : until).replace(/\r$/, '');
    const length = Math.max(1, Math.min(end, from + whole.length) - start);
    return { file, line: Math.max(1, line), column: Math.max(1, col), text: whole, length };
  };
}

/** The offset of a token that stands deeper than {@link MAX_DEPTH}; walks with a stack of its own. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const stack = tokens.map(token => ({ token, depth: 0 }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { token, depth } = top;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document' && token.value) stack.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) stack.push({ token: key, depth: depth + 1 });
      if (value) stack.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

/** The first error of each line: what follows on it is a consequence. */
function syntaxErrors(
  document: Document.Parsed | undefined,
  text: string,
  place: Source['place'],
): Diagnostic[] {
  const seen = new Set<number>();
  const found = (document?.errors ?? []).map(({ code, message, pos }) => {
    const quote = code === 'MISSING_CHAR' ? openQuote(document, pos[0]) : undefined;
    const start = quote ?? pos[0] + (/^ */.exec(text.slice(pos[0]))?.[0].length ?? 0);
    const at = place(start, Math.max(pos[1], start + 1));
    const hint = syntaxHint(code, at, text);
    const what =
      quote === undefined
        ? `${message.charAt(0).toLowerCase()}${message.slice(1)}`
        : 'a quote is opened and never closed';
    const summary = `this is not YAML: ${what}`;
    return { severity: 'error' as const, code: 'yaml.syntax', summary, ...(hint && { hint }), place: at };
  });
  const first = found.filter(d => !seen.has(d.place.line) && seen.add(d.place.line));
  return [...first, ...unknownTags(document, place)];
}

/** Where the quoted text begins that is still open at an offset. */
function openQuote(document: Document.Parsed | undefined, at: number): number | undefined {
  let start: number | undefined;
  if (!document) return undefined;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[0] < at && range[2] >= at) start ??= range[0];
    },
  });
  return start;
}

function syntaxHint(code: string, { text = '' }: Place, whole: string): string | undefined {
  if (/[{[].*\$\{/.test(text)) return 'inside { } and [ ] put a value that holds ${…} in quotes';
  if (code === 'TAB_AS_INDENT' || /^ *\t/.test(text)) return 'indent with spaces';

  if (code === 'BAD_INDENT') return 'keys of one map stand in the same column';
  if (code === 'MULTILINE_IMPLICIT_KEY' || code === 'UNEXPECTED_TOKEN')
    return 'a ":" or a quote may be missing here or just before';
  return whole.includes('{{') ? 'topo knows no templates: only ${VAR}' : undefined;
}

function unknownTags(document: Document.Parsed | undefined, place: Source['place']): Diagnostic[] {
  return (document?.warnings ?? []).flatMap(({ message, pos }): Diagnostic[] => {
    const tag = /![^\s]*$/.exec(message)?.[0] ?? message;
    if (MERGE_TAGS.includes(tag)) return [];
    const [summary, hint] = [`unknown tag ${tag}`, `there are ${MERGE_TAGS.join(' and ')}`];
    return [{ severity: 'error', code: 'yaml.tag', summary, hint, place: place(pos[0], pos[1]) }];
  });
}

function secondDocument(second: Document.Parsed | undefined, place: Source['place']): Diagnostic[] {
  if (!second) return [];
  const [start] = second.range;
  const summary = 'a second YAML document begins here: a file holds one topology';
  return [{ severity: 'error', code: 'yaml.syntax', summary, place: place(start, start + 1) }];
}

/** yaml's own `Alias.resolve` walks the whole document each time; here one walk serves all aliases. */
function aliasTargets(document: Document.Parsed): Source['target'] {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return alias => targets.get(alias);
}
