import { expect, test } from 'vitest';
import { terminalOf } from '../../src/render/index.js';

const tty = { isTTY: true };

test.each([
  [tty, {}, { color: true, interactive: true }],
  [{}, {}, { color: false, interactive: false }],
  [tty, { NO_COLOR: '1' }, { color: false, interactive: true }],
  [tty, { NO_COLOR: '' }, { color: true, interactive: true }],
  [tty, { CI: 'true' }, { color: true, interactive: false }],
  [tty, { CI: 'false' }, { color: true, interactive: true }],
  [tty, { TERM: 'dumb' }, { color: false, interactive: false }],
  [{}, { FORCE_COLOR: '1' }, { color: true, interactive: false }],
])('stream %o with %o', (stream, environment, expected) => {
  expect(terminalOf(stream, environment)).toEqual(expected);
});
