import { posix } from 'node:path';

/** What a .dockerignore leaves out of a context. */
export interface Ignoring {
  /** Whether a path of the context is left out, by itself or with a directory above it. */
  is(path: string): boolean;
  /** Whether any line begins with `!`: what is below a directory that is left out may still be in. */
  readonly hasExceptions: boolean;
}

interface Rule {
  readonly except: boolean;
  readonly pattern: RegExp;
}

/** The rules of a .dockerignore (Docker's documentation, "build context"): the last one that matches a path, or a directory above it, counts. */
export function ignoring(text: string): Ignoring {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter(line => !line.startsWith('#'))
    .map(line => line.trim())
    .filter(line => line !== '' && line !== '!')
    .map(ruleOf);
  return {
    is: path => {
      const parts = path.split('/');
      const paths = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
      const last = rules.findLast(rule => paths.some(p => rule.pattern.test(p)));
      return last !== undefined && !last.except;
    },
    hasExceptions: rules.some(rule => rule.except),
  };
}

function ruleOf(line: string): Rule {
  const except = line.startsWith('!');
  const written = except ? line.slice(1).trim() : line;
  const clean = posix.normalize(written).replace(/^\/+/, '').replace(/\/$/, '');
  return { except, pattern: new RegExp(`^${expression(clean)}$`) };
}

/** `**` is any number of directories, `*` and `?` stop at a slash, as `[…]` does (Go's filepath.Match). */
function expression(pattern: string): string {
  const tokens = pattern.match(/\*\*\/?|\*|\?|\[[^\]]*\]|\\.|[^]/gu) ?? [];
  return tokens.map(expressionOf).join('');
}

function expressionOf(token: string): string {
  if (token === '**/') return '(?:.*/)?';
  if (token === '**') return '.*';
  if (token === '*') return '[^/]*';
  if (token === '?') return '[^/]';
  if (/^\[.+\]$/.test(token)) return token.replaceAll('\\', '\\\\').replace(/^\[!/, '[^');
  return (token.length > 1 && token.startsWith('\\') ? token.slice(1) : token).replace(
    /[.+^${}()|[\]\\*?/]/g,
    '\\$&',
  );
}
