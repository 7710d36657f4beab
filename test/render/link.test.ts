import { expect, test } from 'vitest';
import type { LinkEndStatus } from '../../src/app/index.js';
import { renderLinkEnds } from '../../src/render/index.js';

const END: LinkEndStatus = {
  link: 'shop/web:eth1',
  end: 'shop/web:eth1',
  host: 'tera',
  device: 'eth1',
  state: 'up',
  impair: { delay: '20ms', loss: '1%' },
  declared: { state: 'up', impair: { delay: '20ms', loss: '1%' } },
};

test('ends with what is done to what they send, and what the file says where that is something else', () => {
  const ends: readonly LinkEndStatus[] = [
    END,
    { ...END, end: 'shop/web:eth2', state: 'no carrier', impair: {}, declared: { state: 'up', impair: {} } },
    { ...END, end: 'lan:shop/web:eth1', device: 'tabc', state: 'down', impair: {} },
    { ...END, end: 'db/pg:eth1', state: 'missing', impair: {}, declared: { state: 'down', impair: {} } },
  ];
  expect(`\n${renderLinkEnds(ends, { color: false })}\n`).toBe(`
END                HOST  DEVICE  STATE       IMPAIRED BY         THE FILE SAYS
shop/web:eth1      tera  eth1    up          delay 20ms loss 1%
shop/web:eth2      tera  eth1    no carrier
lan:shop/web:eth1  tera  tabc    down                            up, delay 20ms loss 1%
db/pg:eth1         tera  eth1    missing                         down
`);
});
