import { IMPAIR_KEYS, parseImpair, EXIT, nearest, TopoError } from '../core/index.js';
import type { ImpairKey, Impairment } from '../core/index.js';
import { whyNoImpair } from '../topology/index.js';

/** What `link set` is to set: the state, and keys of `impair`, 0 for what is to go. */
export interface LinkSettings {
  readonly up?: boolean;
  readonly impair: Impairment;
}

/** Reads `up`, `down`, and pairs such as `delay 20ms` or `loss none`, any number of them. Throws what is wrong. */
export function parseLinkSettings(words: readonly string[]): LinkSettings {
  if (words.length === 0)
    throw wrong('there is nothing to set', 'such as: down, up, delay 20ms, loss 1%, rate none');
  const [word = '', value, ...rest] = words;
  if (word === 'up' || word === 'down') return over({ up: word === 'up', impair: {} }, words.slice(1));
  const key = IMPAIR_KEYS.find(k => k === word);
  if (!key) {
    const near = nearest(word, [...IMPAIR_KEYS, 'up', 'down']);
    const known = `up, down, ${IMPAIR_KEYS.join(', ')}`;
    throw wrong(
      `"${word}" can't be set`,
      near === undefined ? `these can: ${known}` : `did you mean ${near}?`,
    );
  }
  return over({ impair: { [key]: amount(key, value) } }, rest);
}

function over(first: LinkSettings, words: readonly string[]): LinkSettings {
  if (words.length === 0) return first;
  const later = parseLinkSettings(words);
  return { ...first, ...later, impair: { ...first.impair, ...later.impair } };
}

function amount(key: ImpairKey, value: string | undefined): number {
  if (value === 'none') return 0;
  const why = value === undefined ? `${key} needs a value, or none` : whyNoImpair(key, value);
  if (why !== undefined) throw wrong(why, `such as: ${key} ${EXAMPLES[key]}`);
  return parseImpair(key, value!);
}

const EXAMPLES: Readonly<Record<ImpairKey, string>> = {
  delay: '20ms',
  jitter: '5ms',
  loss: '1%',
  duplicate: '1%',
  corrupt: '1%',
  reorder: '25%',
  rate: '10mbit',
};

function wrong(message: string, hint: string): TopoError {
  return new TopoError(message, { code: 'link.setting', who: 'user', exit: EXIT.failed, hint });
}
