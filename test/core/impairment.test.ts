import fc from 'fast-check';
import { expect, test } from 'vitest';
import { impairedBy, parseImpair, spellImpair, spellImpairment, wantsDelay } from '../../src/core/index.js';

test.each([
  ['delay', '20ms', 20_000, '20ms'],
  ['delay', '1.5s', 1_500_000, '1.5s'],
  ['jitter', '0.25ms', 250, '0.25ms'],
  ['delay', '2000ms', 2_000_000, '2s'],
  ['loss', '0.1%', 0.1, '0.1%'],
  ['rate', '1.5mbit', 1_500_000, '1.5mbit'],
  ['rate', '1000mbit', 1e9, '1gbit'],
  ['rate', '1234567bit', 1_234_567, '1234.567kbit'],
] as const)('%s %s is %d, spelt %s', (key, text, value, spelt) => {
  expect(parseImpair(key, text)).toBe(value);
  expect(spellImpair(key, value)).toBe(spelt);
});

test('what is spelt is read back as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom('delay', 'rate'), fc.integer({ min: 1, max: 1e12 }), (key, value) => {
      expect(parseImpair(key, spellImpair(key, value))).toBe(value);
    }),
  );
});

test('one over another goes key by key, and a 0 takes away what is below it', () => {
  expect(impairedBy({ delay: 1_000, loss: 1 }, { loss: 0, rate: 8_000 })).toEqual({
    delay: 1_000,
    rate: 8_000,
  });
  expect(impairedBy({ loss: 1 }, { loss: 0 })).toBeUndefined();
  expect(impairedBy(undefined, undefined)).toBeUndefined();
});

test('all of it is told in one order', () => {
  expect(spellImpairment({ rate: 1e6, loss: 1, delay: 20_000 })).toBe('delay 20ms loss 1% rate 1mbit');
});

test('jitter and reorder are nothing without a delay', () => {
  expect(wantsDelay({ jitter: 1, reorder: 1 })).toBe('jitter');
  expect(wantsDelay({ reorder: 1 })).toBe('reorder');
  expect(wantsDelay({ delay: 1, jitter: 1, reorder: 1 })).toBeUndefined();
  expect(wantsDelay({ loss: 1 })).toBeUndefined();
});
