import { expect, test } from 'vitest';
import { ownLane } from '../engines/lanes.js';
import { askMatrix } from '../engines/matrix.js';

test('what reaches what through two fabrics is as the table says, cell by cell', async () => {
  const own = ownLane();
  const { table, wrong, cells } = await askMatrix(own, own);
  expect(wrong, table).toEqual([]);
  expect(cells).toBeGreaterThan(100);
});
