import { expect, it } from 'vitest';
import { describeTarget } from '../../src/hosts/index.js';

it.each([
  [{ is: 'local' }, 'local'],
  [{ is: 'ssh', address: 'tera' }, 'ssh://tera'],
  [{ is: 'ssh', user: 'ann', address: 'fd00::1', port: 2222 }, 'ssh://ann@[fd00::1]:2222'],
  [{ is: 'sandbox' }, 'sandbox demo-lab1'],
  [{ is: 'context', context: 'rog' }, 'context rog'],
] as const)('%j is %s', (form, expected) => {
  const target = {
    name: 'h',
    form,
    acceptNewHostKey: false,
    ...(form.is === 'sandbox' ? { sandbox: 'demo-lab1' } : {}),
  };
  expect(describeTarget(target)).toBe(expected);
});
