import { expect, test } from 'vitest';
import { renderChecks, renderProofs } from '../../src/render/index.js';

const good = { name: 'shop/web ping db/pg', ok: true, detail: '0.12 ms', tries: 1, ms: 140 };
const bad = {
  name: 'shop/web http db/pg:8080/',
  ok: false,
  detail: 'connection refused',
  tries: 3,
  ms: 6200,
};

test('a line per check and how many held', () => {
  expect(renderChecks([good], { color: false })).toBe(
    'ok      shop/web ping db/pg  0.12 ms (0.1 s)\n\n1 check, all as expected',
  );
  expect(renderChecks([good, bad], { color: false })).toMatch(
    /^failed  shop\/web http db\/pg:8080\/  connection refused \(6.2 s, 3 tries\)\n\n1 of 2 checks failed$/m,
  );
});

test('proofs: failures one by one, the rest counted', () => {
  const proof = { from: 'shop/web', to: 'db/pg', how: 'ping of 1450 bytes with DF', ok: true, detail: '' };
  expect(renderProofs([proof, proof], { color: false })).toBe('Proven: 2 paths, ping of 1450 bytes with DF');
  expect(renderProofs([{ ...proof, ok: false, detail: 'no answer' }], { color: false })).toBe(
    'Not proven: shop/web → db/pg, ping of 1450 bytes with DF: no answer',
  );
  const read = { ...proof, how: 'carrier and ports' };
  expect(renderProofs([proof, read, proof], { color: false })).toBe(
    'Proven: 1 path, carrier and ports\nProven: 2 paths, ping of 1450 bytes with DF',
  );
  expect(renderProofs([], { color: false })).toBe('');
});
