import { closed, key, lazily, text } from './blocks.js';

/** What is done to the packets that an end sends. */
export const impairSchema = lazily(() =>
  closed({
    delay: key(time(), 'How long each packet is held.'),
    jitter: key(time(), 'How much the delay varies.'),
    loss: key(percent(), 'The share that is lost.'),
    duplicate: key(percent(), 'The share that is sent twice.'),
    corrupt: key(percent(), 'The share that is damaged.'),
    reorder: key(percent(), 'The share that overtakes.'),
    rate: key(
      text({
        what: 'a rate such as 100mbit',
        test: /^\d+(\.\d+)?(bit|kbit|mbit|gbit)$/,
        examples: ['100mbit'],
      }),
      'How much gets through.',
    ),
  }).meta({ id: 'impair', description: 'Delay, loss and the like.' }),
);

function time() {
  return text({ what: 'a time such as 20ms or 1.5s', test: /^\d+(\.\d+)?(ms|s)$/, examples: ['20ms'] });
}

function percent() {
  return text({
    what: 'a share such as 0.1%',
    test: value => /^\d+(\.\d+)?%$/.test(value) && parseFloat(value) <= 100,
    examples: ['0.1%'],
  });
}
