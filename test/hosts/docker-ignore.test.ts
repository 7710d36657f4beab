import { expect, test } from 'vitest';
import { ignoring } from '../../src/hosts/docker-ignore.js';

test.each([
  ['', 'a', false],
  ['a', 'a', true],
  ['a', 'a/b/c', true],
  ['a', 'b/a', false],
  ['/a/', 'a', true],
  ['./a', 'a', true],
  ['  a  ', 'a', true],
  ['# a', '# a', false],
  ['*.md', 'x.md', true],
  ['*.md', 'd/x.md', false],
  ['*/x', 'd/x', true],
  ['**/x', 'x', true],
  ['**/x', 'a/b/x', true],
  ['**/x', 'a/bx', false],
  ['a/**', 'a/b/c', true],
  ['a/**', 'a', false],
  ['**', 'anything/at/all', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[ab]x', 'bx', true],
  ['[^ab]x', 'bx', false],
  ['a.c', 'abc', false],
  ['\\*', '*', true],
  ['\\*', 'x', false],
  ['*.md\n!README.md', 'README.md', false],
  ['*.md\n!README.md\nREADME*', 'README.md', true],
  ['d\n!d/keep', 'd/keep', false],
  ['d\n!d/keep', 'd/other', true],
])('%j leaves out %s: %s', (text, path, out) => {
  expect(ignoring(text).is(path)).toBe(out);
});
