import { expect, test } from 'vitest';
import { normalRule, ruleWords } from '../../src/tools/index.js';

/** What was written, and what `iptables-save` (1.8.9) printed of it. */
const written: readonly (readonly [string, string])[] = [
  [
    '-i vxlan1000 -o br-shop -s 10.2.0.0/16 -d 172.30.0.5 -m comment --comment topo:x:abcdefghijkl -j ACCEPT',
    '-s 10.2.0.0/16 -d 172.30.0.5/32 -i vxlan1000 -o br-shop -m comment --comment "topo:x:abcdefghijkl" -j ACCEPT',
  ],
  [
    '--source 10.2.0.0/16 -p tcp --dport 80 -m conntrack --ctstate RELATED,ESTABLISHED ! -i br0 -j ACCEPT',
    '-s 10.2.0.0/16 ! -i br0 -p tcp -m tcp --dport 80 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  ],
  ['-m mark --mark 0x10/0x10 -j ACCEPT', '-m mark --mark 0x10/0x10 -j ACCEPT'],
  ['-d 172.30.0.5 ! -i br-shop -j DROP', '-d 172.30.0.5/32 ! -i br-shop -j DROP'],
  ['-s fd00:0::/64 -i vxlan1000 -j ACCEPT', '-s fd00::/64 -i vxlan1000 -j ACCEPT'],
];

test.each(written)('%s is found again', (given, printed) => {
  expect(normalRule(ruleWords(given))).toMatchObject({ text: normalRule(ruleWords(printed)).text });
});

test('rules that do different things stay different', () => {
  const texts = [
    '-i a -j ACCEPT',
    '! -i a -j ACCEPT',
    '-i a -j DROP',
    '-o a -j ACCEPT',
    '-i a',
    '-i a -p tcp -j ACCEPT',
  ].map(rule => normalRule(ruleWords(rule)).text);
  expect(new Set(texts).size).toBe(texts.length);
});

test('comment and target are told apart from the rest, quotes and backslashes taken off', () => {
  const rule = normalRule(ruleWords(String.raw`-i a -m comment --comment "some \"body\" else" -j RETURN`));
  expect(rule).toEqual({ text: '-i a -j RETURN', comment: 'some "body" else', target: 'RETURN' });
});
