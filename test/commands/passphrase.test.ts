import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { asking } from '../../src/commands/shared/passphrase.js';

interface Terminal {
  readonly ask: ReturnType<typeof asking>['passphrase'];
  readonly input: PassThrough;
  readonly shown: () => string;
}

function terminal(): Terminal {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return { ask: asking({ input, output }).passphrase, input, shown: () => shown };
}

it('asks once for a key that several hosts need, and shows nothing of the answer', async () => {
  const { ask, input, shown } = terminal();
  const answers = Promise.all([ask('/k', 1), ask('/k', 1)]);
  await expect.poll(shown).toBe('Passphrase of /k: ');
  input.write('secret\r');
  expect(await answers).toEqual(['secret', 'secret']);
  expect(await ask('/k', 1)).toBe('secret');
  expect(shown()).toBe('Passphrase of /k: \n');
});

it('asks for one key after the other, and again where that was not it', async () => {
  const { ask, input, shown } = terminal();
  const answers = Promise.all([ask('/k', 1), ask('/l', 1), ask('/k', 2)]);
  for (const [i, question] of ['/k: ', '/l: ', '/k (that was not it): '].entries()) {
    await expect.poll(shown).toMatch(new RegExp(`${question.replace(/[()]/g, '\\$&')}$`));
    input.write(`answer ${i}\n`);
  }
  expect(await answers).toEqual(['answer 0', 'answer 1', 'answer 2']);
});

it.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('takes %s for no answer', async (_name, key) => {
  const { ask, input } = terminal();
  const answer = ask('/k', 1);
  await new Promise(resolve => setTimeout(resolve, 20));
  input.write(key);
  expect(await answer).toBeUndefined();
});
