import { expect, test } from 'vitest';
import { painter, renderTable } from '../../src/render/index.js';

test('columns are as wide as their widest cell, colours take no room, nothing trails', () => {
  const red = painter(true)('red', 'down');
  const text = renderTable(
    ['NAME', 'STATE', 'MTU'],
    [
      ['a', red, '1450'],
      ['longer', 'up', ''],
    ],
    painter(false),
  );
  expect(text).toBe(['NAME    STATE  MTU', `a       ${red}   1450`, 'longer  up'].join('\n'));
});
