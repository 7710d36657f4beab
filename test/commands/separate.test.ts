import { expect, test } from 'vitest';
import { separate } from '../../src/commands/shared/separate.js';

test.each([
  ['shop/web ls -l', 'shop/web', 'ls -l'],
  ['shop/web -- ls -l', 'shop/web', 'ls -l'],
  ['-f x.yaml shop/web ls -l', '-f x.yaml shop/web', 'ls -l'],
  ['--file x.yaml -T shop/web ls', '--file x.yaml -T shop/web', 'ls'],
  ['-T shop/web env -i -- x', '-T shop/web', 'env -i -- x'],
  ['shop/web echo a b a -f c -f', 'shop/web', 'echo a b a -f c -f'],
  ['shop/web', 'shop/web', ''],
  ['--help', '--help', ''],
  ['-f', '-f', ''],
  ['-- shop/web ls -l', 'shop/web', 'ls -l'],
  ['-T -- shop/web -- ls', '-T shop/web', 'ls'],
])('%s → %s | %s', (given, own, command) => {
  const divided = separate(given.split(' '), ['-f', '--file']);
  expect([divided.own.join(' '), divided.command.join(' ')]).toEqual([own, command]);
});
