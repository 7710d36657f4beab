import { expect, test } from 'vitest';
import { createLogPrinter } from '../../src/render/index.js';

const SERVICES = ['shop/web', 'archive/store'];

test('the bars stand in one column', () => {
  const lineOf = createLogPrinter(SERVICES, { color: false });
  expect(lineOf({ service: 'shop/web', stream: 1, text: 'GET /' })).toBe('shop/web      | GET /');
  expect(lineOf({ service: 'archive/store', stream: 2, text: '' })).toBe('archive/store | ');
});

test('a service keeps its colour, and the text is left as it was written', () => {
  const lineOf = createLogPrinter(SERVICES, { color: true });
  const [web, store] = SERVICES.map(service =>
    lineOf({ service, stream: 1, text: '\u001b[31mred\u001b[0m' }),
  );
  expect(web).toBe('\u001b[36mshop/web      |\u001b[39m \u001b[31mred\u001b[0m');
  expect(store).toBe('\u001b[33marchive/store |\u001b[39m \u001b[31mred\u001b[0m');
  expect(lineOf({ service: 'shop/web', stream: 1, text: '\u001b[31mred\u001b[0m' })).toBe(web);
});
