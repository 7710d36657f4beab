import { z } from 'zod';
import { nearest } from '../core/index.js';
import { complain } from './blocks.js';
import { PROPAGATIONS, type Propagation } from './mount-long.js';

/** What stands behind the target of a short mount. */
interface ShortOptions {
  readonly readOnly: boolean;
  readonly selinux: 'z' | 'Z' | undefined;
  readonly propagation: Propagation | undefined;
  readonly noCopy: true | undefined;
}

/** Of no effect but on macOS, and there long gone. */
const CONSISTENCY = ['consistent', 'cached', 'delegated'];
const OPTIONS = ['ro', 'rw', 'z', 'Z', 'nocopy', ...PROPAGATIONS, ...CONSISTENCY];

/** `[SOURCE:]TARGET[:OPTIONS]`. */
export function shortMount() {
  return z
    .string()
    .superRefine((value, context) => {
      const mount = parseMount(value);
      if (!mount) {
        complain(context, {
          is: 'not',
          what: 'a mount ([SOURCE:]TARGET[:OPTIONS])',
          code: 'value.invalid',
          hint: 'the target is an absolute path in the container, such as data:/var/lib/data',
        });
        return;
      }
      for (const word of mount.words.filter(w => !OPTIONS.includes(w))) {
        const near = nearest(word, OPTIONS);
        complain(context, {
          is: 'said',
          code: 'value.invalid',
          summary: `${JSON.stringify(word)} is no option of a mount`,
          hint:
            near === undefined ? `there are ${OPTIONS.join(', ')}` : `did you mean ${JSON.stringify(near)}?`,
        });
      }
    })
    .meta({ examples: ['data:/var/lib/data', '/etc/localtime:/etc/localtime:ro'] });
}

/** The parts of a short mount; undefined where it is none. */
export function parseMount(text: string):
  | {
      readonly source?: string;
      readonly target: string;
      readonly words: readonly string[];
      readonly options: ShortOptions;
    }
  | undefined {
  const parts = text.split(':');
  const words = parts.length > 1 && !parts.at(-1)!.startsWith('/') ? parts.pop()!.split(',') : [];
  const target = parts.pop() ?? '';
  const source = parts.pop();
  const wrongSource = source !== undefined && !/^([~./]|[a-zA-Z0-9][a-zA-Z0-9._-]*$)/.test(source);
  if (parts.length > 0 || !target.startsWith('/') || /[\0\n]/.test(text) || wrongSource) return undefined;
  return { ...(source !== undefined && { source }), target, words, options: optionsOf(words) };
}

/** Whether a source is a path, and no name of a volume. */
export function isPath(source: string): boolean {
  return /^[~./]/.test(source);
}

function optionsOf(words: readonly string[]): ShortOptions {
  return {
    readOnly: words.includes('ro'),
    selinux: words.find(w => w === 'z' || w === 'Z'),
    propagation: PROPAGATIONS.find(p => words.includes(p)),
    noCopy: words.includes('nocopy') ? true : undefined,
  };
}
