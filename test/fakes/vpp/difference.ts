import type { Replayed } from './replay.js';

/** The features of a bridge domain are a line each, or all on one, as the build has it. */
const FEATURES = /^ *\w+ \([a-z0-9-]+\)\r?$|^span-l2-input /;

/** Whether a real VPP said what the transcript has. */
export const isSame = ({ expected, given }: Replayed): boolean => comparable(expected) === comparable(given);

const comparable = (text: string): string =>
  text
    .split('\n')
    .filter(line => !FEATURES.test(line))
    .join('\n');

/** The place, and some of the lines that only one of the two has. */
export function difference({ at, expected, given }: Replayed): string {
  const [recorded, now] = [expected, given].map(text => text.split('\n')) as [string[], string[]];
  const only = (mine: string[], other: string[], sign: string): readonly string[] =>
    mine
      .filter(line => !other.includes(line))
      .slice(0, 4)
      .map(line => `    ${sign} ${line.trimEnd()}\n`);
  return [`  ${at}\n`, ...only(recorded, now, '-'), ...only(now, recorded, '+')].join('');
}
