import type { z } from 'zod';
import { IMPAIR_KEYS, parseImpair } from '../core/index.js';
import type { ImpairKey, Impairment } from '../core/index.js';
import { closed, key, lazily, text } from './blocks.js';
import type { Trouble } from './blocks.js';

type ImpairInput = z.input<ReturnType<typeof impairSchema>>;

/** Microseconds: iproute2 refuses what does not fit 32 bits of the kernel's 64 ns (seen: 4 minutes fit, 5 do not). */
const LONGEST = 240e6;
/** Bits per second: below, a frame takes longer than a queue can say. */
const SLOWEST = 1e3;
const FASTEST = 1e12;

const TIME = /^\d+(\.\d+)?(ms|s)$/;
const RATE = /^\d+(\.\d+)?(bit|kbit|mbit|gbit)$/;

/** What is done to the packets that an end sends. */
export const impairSchema = lazily(() =>
  closed({
    delay: key(time('delay'), 'How long each packet is held.'),
    jitter: key(time('jitter'), 'How much the delay varies, up or down.'),
    loss: key(percent(), 'The share that is lost.'),
    duplicate: key(percent(), 'The share that is sent twice.'),
    corrupt: key(percent(), 'The share that is damaged.'),
    reorder: key(percent(), 'The share that is not held, and overtakes the others.'),
    rate: key(rate(), 'How much gets through: by netem, or alone by tbf where the kernel has no netem.'),
  }).meta({ id: 'impair', description: 'Delay, loss and the like.' }),
);

/** The input has been validated. A 0 stays: it takes away what the link says. */
export function expandImpair(input: ImpairInput): Impairment {
  return Object.fromEntries(
    IMPAIR_KEYS.flatMap(key => {
      const said = input[key];
      return said === undefined ? [] : [[key, parseImpair(key, said)]];
    }),
  );
}

/** Why a text is no value of a key of `impair`; undefined: it is one. */
export function whyNoImpair(key: ImpairKey, value: string): string | undefined {
  const [issue] = impairSchema().shape[key].safeParse(value).error?.issues ?? [];
  const trouble = issue?.code === 'custom' ? (issue.params?.['trouble'] as Trouble | undefined) : undefined;
  return trouble?.is === 'not' ? `"${value}" is not ${trouble.what}` : undefined;
}

function time(key: 'delay' | 'jitter') {
  return text({
    what: 'a time such as 20ms or 1.5s, of at most 240s',
    test: value => TIME.test(value) && parseImpair(key, value) <= LONGEST,
  }).meta({ pattern: TIME.source, examples: ['20ms'] });
}

function percent() {
  return text({
    what: 'a share such as 0.1%',
    test: value => /^\d+(\.\d+)?%$/.test(value) && parseFloat(value) <= 100,
    examples: ['0.1%'],
  });
}

function rate() {
  return text({
    what: 'a rate such as 100mbit, from 1kbit to 1000gbit',
    test: value => {
      const bits = RATE.test(value) ? parseImpair('rate', value) : NaN;
      return bits >= SLOWEST && bits <= FASTEST;
    },
  }).meta({ pattern: RATE.source, examples: ['100mbit'] });
}
