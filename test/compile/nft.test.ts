import { expect, test } from 'vitest';
import type { GuardSpec } from '../../src/kinds/index.js';
import { passThrough } from './nft.js';

const packet = { iif: 'eth0', oif: 'eth1', saddr: '10.0.0.1', daddr: '10.0.1.1' };

function table(
  hook: 'prerouting' | 'forward' | 'input' | 'postrouting',
  priority: number,
  ...rules: string[]
): GuardSpec {
  return { table: 't', chains: [{ name: 'c', type: 'filter', hook, priority, rules }] };
}

test('a packet that no rule meets passes', () => {
  expect(passThrough([table('forward', 0, 'iifname "eth1" drop')], packet)).toEqual({
    dropped: false,
    mark: 0,
    kept: false,
  });
});

test('an accept ends its own chain only, a drop is final', () => {
  expect(
    passThrough([table('forward', 0, 'iifname "eth0" accept', 'iifname "eth0" drop')], packet).dropped,
  ).toBe(false);
  const both = [table('forward', 0, 'iifname "eth0" accept'), table('forward', 1, 'iifname "eth0" drop')];
  expect(passThrough(both, packet).dropped).toBe(true);
});

test('every match must hold, sets and pairs too', () => {
  const rule = (saddr: string, pair: string): GuardSpec =>
    table('forward', 0, `ip saddr { ${saddr} } oifname . ip daddr { ${pair} } drop`);
  expect(passThrough([rule('10.0.0.0/24', '"eth1" . 10.0.1.0/24')], packet).dropped).toBe(true);
  expect(
    passThrough([rule('10.9.0.0/24, 10.0.0.0/24', '"eth9" . 10.0.1.0/24, "eth1" . 10.0.1.0/24')], packet)
      .dropped,
  ).toBe(true);
  expect(passThrough([rule('10.0.5.0/24', '"eth1" . 10.0.1.0/24')], packet).dropped).toBe(false);
  expect(passThrough([rule('10.0.0.0/24', '"eth2" . 10.0.1.0/24')], packet).dropped).toBe(false);
  expect(passThrough([rule('10.0.0.0/24', '"eth1" . 10.0.2.0/24')], packet).dropped).toBe(false);
});

test('a mark that is set early is read late, by priority and not by order of writing', () => {
  const keep = table('postrouting', 90, 'meta mark & 0x10 == 0x10 snat ip to ip saddr');
  const stamp = table('prerouting', -310, 'iifname "eth0" meta mark set meta mark | 0x10');
  expect(passThrough([keep, stamp], packet)).toEqual({ dropped: false, mark: 16, kept: true });
  expect(passThrough([keep], packet).kept).toBe(false);
});

test('what is for the host goes through input', () => {
  const door = table('input', 0, 'iifname "eth0" drop');
  expect(passThrough([door], packet).dropped).toBe(false);
  expect(passThrough([door], { ...packet, oif: '' }).dropped).toBe(true);
});

test('a statement that is not known is no rule that does nothing', () => {
  expect(() => passThrough([table('forward', 0, 'tcp dport 80 accept')], packet)).toThrow('nobody knows');
});
