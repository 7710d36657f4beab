import fc from 'fast-check';
import { isIPv6 } from 'node:net';
import { expect, test } from 'vitest';
import {
  addressPlus,
  contains,
  formatAddress,
  formatPrefix,
  nth,
  overlap,
  parseAddress,
  parseInterface,
  parsePrefix,
  size,
} from '../../src/core/index.js';

test('an address survives parsing and formatting', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
      const address = parseAddress(text)!;
      expect(parseAddress(formatAddress(address))).toEqual(address);
    }),
  );
});

test('IPv6 is written as RFC 5952 says', () => {
  expect(formatAddress(parseAddress('2001:0DB8:0:0:1:0:0:1')!)).toBe('2001:db8::1:0:0:1');
  expect(formatAddress(parseAddress('0:0:0:0:0:0:0:0')!)).toBe('::');
  expect(formatAddress(parseAddress('1:0:2:3:4:5:6:7')!)).toBe('1:0:2:3:4:5:6:7');
  expect(formatAddress(parseAddress('::ffff:1.2.3.4')!)).toBe('::ffff:102:304');
  fc.assert(fc.property(fc.ipV6(), text => isIPv6(formatAddress(parseAddress(text)!))));
});

test('what is no address is none', () => {
  for (const text of ['', '1.2.3', '1.2.3.256', 'fe80::1%eth0', '1.2.3.4/24', 'x'])
    expect(parseAddress(text)).toBeUndefined();
  for (const text of ['10.0.0.0', '10.0.0.0/33', '::/129', '/8', '10.0.0.0/x'])
    expect(parsePrefix(text)).toBeUndefined();
});

test('a prefix clears its host bits, an interface address keeps them', () => {
  expect(formatPrefix(parsePrefix('10.1.2.3/16')!)).toBe('10.1.0.0/16');
  expect(formatAddress(parseInterface('10.1.2.3/16')!.address)).toBe('10.1.2.3');
  expect(size(parsePrefix('10.0.0.0/24')!)).toBe(256n);
  expect(formatAddress(nth(parsePrefix('10.0.0.0/24')!, 2n))).toBe('10.0.0.2');
});

test('overlap is symmetric and agrees with containment', () => {
  const prefix = fc
    .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
    .map(([a, n]) => parsePrefix(`${a}/${n}`)!);
  fc.assert(
    fc.property(prefix, prefix, (a, b) => {
      expect(overlap(a, b)).toBe(overlap(b, a));
      expect(overlap(a, b)).toBe(
        contains(a, { family: 4, value: b.base }) || contains(b, { family: 4, value: a.base }),
      );
    }),
  );
  expect(overlap(parsePrefix('10.0.0.0/8')!, parsePrefix('fd00::/8')!)).toBe(false);
});

test('addresses count up with the length that they have, up to the last there is', () => {
  expect(addressPlus('10.0.0.255/24', 1)).toBe('10.0.1.0/24');
  expect(addressPlus('fd00::ffff', 1)).toBe('fd00::1:0');
  expect(addressPlus('255.255.255.254', 1)).toBe('255.255.255.255');
  expect(addressPlus('255.255.255.254', 2)).toBeUndefined();
  expect(addressPlus('x', 1)).toBeUndefined();
});
