import { expect, test } from 'vitest';
import { lineSplitter } from '../../src/app/logs-lines.js';
import { parseSince } from '../../src/app/logs-since.js';

const NOW = Date.parse('2030-01-31T12:00:00Z');

test.each([
  ['90s', '2030-01-31T11:58:30Z'],
  ['1h30m', '2030-01-31T10:30:00Z'],
  ['0.5h', '2030-01-31T11:30:00Z'],
  ['2d', '2030-01-29T12:00:00Z'],
  ['2030-01-31', '2030-01-31T00:00:00Z'],
  ['2030-01-31T08:00:00', '2030-01-31T08:00:00Z'],
  ['2030-01-31T08:00:00+02:00', '2030-01-31T06:00:00Z'],
])('since %s is %s', (text, when) => {
  expect(Number(parseSince(text, NOW)) * 1000).toBe(Date.parse(when));
});

test('since in seconds keeps its nanoseconds', () => {
  expect(parseSince('1700000000.123456789', NOW)).toBe('1700000000.123456789');
});

test.each(['', 'yesterday', '5x', '-3m', '2030-13-01'])('since %j is no time', text => {
  expect(() => parseSince(text, NOW)).toThrow(`'${text}' is no time`);
});

test('chunks become whole lines, also where they cut a character, and the last needs no end', () => {
  const lines: string[] = [];
  const splitter = lineSplitter(line => lines.push(line));
  const bytes = Buffer.from('one\r\n\nä longer line\nrest');
  for (const at of bytes.keys()) splitter.push(bytes.subarray(at, at + 1));
  expect(lines).toEqual(['one', '', 'ä longer line']);
  splitter.end();
  splitter.end();
  expect(lines.slice(3)).toEqual(['rest']);
});
