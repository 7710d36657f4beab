import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leftOut, recordedIn, SCENES } from './transcripts.js';

const left = leftOut();

test('every transcript has its scene, and every line that is not replayed a reason', () => {
  const files = readdirSync(new URL('transcripts/', import.meta.url)).sort();
  expect(SCENES.map(s => `${s.file}.jsonl`)).toEqual(files);
  expect(Object.keys(left.files).sort()).toEqual(files);
  const used = new Set<string>();
  for (const { file } of SCENES) {
    const lines = recordedIn(file).length;
    const byReason = Object.entries(left.files[`${file}.jsonl`]!);
    const numbers = byReason.flatMap(([, n]) => n);
    expect(new Set(numbers).size, `${file}: a line is left out once`).toBe(numbers.length);
    expect(numbers.every(n => n >= 0 && n < lines)).toBe(true);
    for (const [reason] of byReason) used.add(reason);
  }
  expect([...used].sort()).toEqual(Object.keys(left.reasons).sort());
});

test('what no kernel survives is never replayed', () => {
  const fatal = SCENES.flatMap(({ file }) =>
    recordedIn(file).flatMap(({ cmd }, i) => (/-d \S*\^/.test(cmd) ? [{ file, i }] : [])),
  );
  expect(fatal.length).toBeGreaterThan(0);
  for (const { file, i } of fatal) expect(left.files[`${file}.jsonl`]!['oops']).toContain(i);
});
