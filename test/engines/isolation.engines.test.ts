import { describe, expect, test } from 'vitest';
import { lanes, legacyLanes, nftablesLanes, report } from './lanes.js';
import { askMatrix } from './matrix.js';

/** What reaches what through a fabric, on every engine, on both hosts the same one and two that differ. */
const all = lanes();
const oldest = all[0]!;
const newest = all.findLast(lane => lane.missing === undefined)!;
const others = [legacyLanes().legacy, nftablesLanes().open];

describe.each([
  ...[...all, ...others].map(lane => ({ left: lane, right: lane })),
  { left: oldest, right: newest },
])('engines $left.name and $right.name', ({ left, right }) => {
  const title = left === right ? left.name : `${left.name} and ${right.name}`;
  const missing = [left, right].find(l => l.missing !== undefined);
  test.skipIf(missing)('isolation is as the table says, cell by cell', async () => {
    const { table, wrong, cells } = await askMatrix(left, right);
    report(title, 'isolation', `${cells - wrong.length} of ${cells} cells as they must be`);
    process.stdout.write(`\n${table}\n${cells - wrong.length} of ${cells} cells as they must be\n`);
    expect(wrong).toEqual([]);
  });
});
