/** What is wrong with a `$` of a text, and which part of the text it is. */
export interface VariableProblem {
  readonly is: 'unset' | 'required' | 'syntax';
  /** The variable's name; empty where it could not be read. */
  readonly name: string;
  /** What the file says about a required variable. */
  readonly message: string;
  /** The expression, as it stands. */
  readonly expression: string;
  /** Where it begins in the text. */
  readonly offset: number;
}

export type Lookup = (name: string) => string | undefined;

/** Defaults may hold variables that have defaults; nobody means more levels than this. */
const MAX_NESTING = 16;

/**
 * Replaces variables as Compose does: `$V`, `${V}`, `${V:-d}` and `${V-d}` (d where V is unset; with `:` also where it is
 * empty), `${V:?m}` and `${V?m}` (an error saying m), `${V:+r}` and `${V+r}` (r where V is set), `$$` for one `$`; a `$`
 * before anything else stands for itself.
 */
export function substitute(
  text: string,
  lookup: Lookup,
): { text: string; problems: readonly VariableProblem[] } {
  const problems: VariableProblem[] = [];
  return { text: expand(text, lookup, problems, { depth: 0, offset: 0 }), problems };
}

/** How deep in defaults of defaults a piece of text is, and where it begins in the whole. */
interface Piece {
  readonly depth: number;
  readonly offset: number;
}

function expand(text: string, lookup: Lookup, problems: VariableProblem[], { depth, offset }: Piece): string {
  let out = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    out += text.slice(at, dollar);
    const end = expressionEnd(text, dollar);
    const expression = text.slice(dollar, end);
    const isPlain = expression === '$$' || expression === '$';
    out += isPlain ? '$' : evaluate(expression, lookup, problems, { depth, offset: offset + dollar });
    at = end;
  }
  return out + text.slice(at);
}

/** Where the expression that begins with the `$` at `start` ends: right behind it where it begins none, as in `$5` and `$(ls)`. */
function expressionEnd(text: string, start: number): number {
  if (text[start + 1] === '$') return start + 2;
  if (text[start + 1] !== '{')
    return start + 1 + (/^[A-Za-z_]\w*/.exec(text.slice(start + 1, start + 257))?.[0].length ?? 0);
  let open = 0;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '{') open++;
    else if (text[i] === '}' && --open === 0) return i + 1;
  }
  // A default that opens more braces than it closes, such as `${A:-{}`: the last one of the line ends it.
  const line = text.slice(start).split('\n', 1)[0]!;
  return start + (line.lastIndexOf('}') + 1 || text.length - start);
}

function evaluate(
  expression: string,
  lookup: Lookup,
  problems: VariableProblem[],
  { depth, offset }: Piece,
): string {
  const match = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?\})$/.exec(expression);
  const name = match?.[1] ?? match?.[2];
  if (name === undefined || depth > MAX_NESTING) {
    problems.push({ is: 'syntax', name: '', message: '', expression, offset });
    return '';
  }
  const operator = match?.[3] ?? '';
  const rest = match?.[4] ?? '';
  const inner = { depth: depth + 1, offset: offset + expression.length - 1 - rest.length };
  const argument = (): string => expand(rest, lookup, problems, inner);
  const value = lookup(name);
  const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
  if (operator.endsWith('+')) return isSet ? argument() : '';
  if (isSet) return value;
  if (operator.endsWith('-')) return argument();
  const required = operator.endsWith('?');
  problems.push({
    is: required ? 'required' : 'unset',
    name,
    message: required ? argument() : '',
    expression,
    offset,
  });
  return '';
}
