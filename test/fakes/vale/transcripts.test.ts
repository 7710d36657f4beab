import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { attach, detach, emptyNamespace, Fault } from './kernel.js';
import { notReplayed, placeOf, recordedIn, SCENES } from './transcripts.js';

test('every transcript has its scene, and what is not replayed is in one', () => {
  const files = readdirSync(new URL('transcripts/', import.meta.url)).sort();
  expect(SCENES.map(s => `${s.file}.jsonl`)).toEqual(files);
  const places = SCENES.flatMap(({ file }) => [
    file,
    ...recordedIn(file).map(({ cmd }, i) => placeOf(file, i, cmd)),
  ]);
  const listed = notReplayed();
  expect(listed.filter(at => !places.includes(at))).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
});

test('what no kernel survives is a fault, and no real host is given it', () => {
  const fatal = SCENES.flatMap(({ file, harmfulFrom = Infinity }) =>
    recordedIn(file).flatMap(({ cmd }, i) => (/-d \S*\^/.test(cmd) ? [i >= harmfulFrom] : [])),
  );
  expect(fatal).toEqual([true]);
  const space = emptyNamespace(8);
  const h1 = { name: 'h1', altnames: [], index: 3, mtu: 1500, kind: 'veth', isTaken: false };
  const machine = { devices: [h1], bufSize: 2048, bufNum: 163840, ringNum: 200, slots: 1024, admode: 0 };
  attach(space, 'vale0:h1', true, { ...machine, native: [], attached: 0 });
  expect(() => detach(space, 'vale0:h1^')).toThrow(Fault);
});
