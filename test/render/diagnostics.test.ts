import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { renderDiagnostics } from '../../src/render/diagnostics.js';
import type { Diagnostic } from '../../src/core/index.js';

const place = { file: 'topo.yaml', line: 12, column: 5, text: '    imagee: nginx', length: 6 };
const error: Diagnostic = {
  severity: 'error',
  code: 'key.unknown',
  summary: 'no such key',
  hint: 'did you mean "image"?',
  place,
};

test('what, where, the line with a caret, and help', () => {
  expect(renderDiagnostics([error], { color: false })).toBe(
    'error: no such key\n  --> topo.yaml:12:5\n12 |     imagee: nginx\n   |     ^^^^^^\nhelp: did you mean "image"?\n',
  );
});

test('one without a place is told with its host', () => {
  const warning: Diagnostic = { severity: 'warning', code: 'x.y', summary: 'old engine', host: 'tera' };
  expect(renderDiagnostics([warning, error], { color: false })).toMatch(
    /^warning: tera: old engine\n\nerror: no such key\n/,
  );
});

test('colour only when asked, and the same text below it', () => {
  const colored = renderDiagnostics([error], { color: true });
  expect(colored).toContain('\u001b[');
  expect(stripVTControlCharacters(colored)).toBe(renderDiagnostics([error], { color: false }));
});

test('nothing in a file reaches the terminal as a command to it', () => {
  const text = 'na\tme: "\u001b[31mred\u009b2J\u202e"';
  const shown = renderDiagnostics(
    [{ ...error, summary: 'x \u001b]0;t\u0007', place: { ...place, column: 1, text, length: 99 } }],
    { color: false },
  );
  expect(shown).toContain(
    '12 | na me: "·[31mred·2J·"\n   | ^^^^^^^^^^^^^^^^^^^^^^\n'.replace(
      '^^^^^^^^^^^^^^^^^^^^^^',
      '^'.repeat(text.length),
    ),
  );
  expect(shown.replace(/[\n -~·]/g, '')).toBe('');
});

test('of a long line the part around the caret is shown', () => {
  const long = { ...place, column: 301, text: `${'a'.repeat(300)}WRONG${'b'.repeat(300)}`, length: 5 };
  const [, , line, caret] = renderDiagnostics([{ ...error, place: long }], { color: false }).split('\n');
  expect(line!.length).toBeLessThan(120);
  expect(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('WRONG');
});
