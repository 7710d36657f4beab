import { z } from 'zod';
import { text } from './blocks.js';

/** The mode of a file: a number as YAML has it (`0o440`), or octal text (`"0440"`, and `0440`, which YAML 1.2 would take for 440). */
export function fileMode() {
  return z.union([
    z.int().min(0).max(0o7777),
    text({ what: 'the mode of a file, such as 0440', test: /^(0o?)?[0-7]{1,4}$/, examples: ['0440'] }),
  ]);
}

/** The input has been validated. */
export function modeNumber(value: string | number): number {
  return typeof value === 'number' ? value : parseInt(value.replace(/^0o/, ''), 8);
}
