import { z } from 'zod';
import { VALE_NAME, valeName } from '../core/index.js';
import type { ValeDeclaration } from '../core/index.js';
import { key, lazily } from './blocks.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';
import { expandPorted, portedKeys, switchOn } from './switch-common.js';

type ValeInput = z.input<ReturnType<typeof valeSchema>>;

/** A VALE switch of netmap on one host. */
export const valeSchema = lazily(() =>
  switchOn(z.literal('vale'), {
    host: z.string().describe('The host it is on.'),
    ...portedKeys(),
    driver: key(
      z.enum(['generic', 'native']),
      'How devices are attached: generic carries what containers send by sockets, native what programs of netmap send; by default what the host has.',
    ),
    host_stack: key(z.boolean(), "Whether a device's host stack is attached too (vale-ctl -h).", false),
  }),
);

/** The input has been validated. */
export function expandVale(input: ValeInput): ValeDeclaration {
  return {
    kind: 'vale',
    host: input.host,
    ...expandPorted(input),
    ...(input.driver !== undefined && { driver: input.driver }),
    hostStack: input.host_stack ?? false,
  };
}

/** Names that netmap would refuse as out of memory, or that are the same to it. */
export function checkValeNames(sight: Sight): readonly Finding[] {
  const seen = new Map<string, string>();
  return Object.entries(sight.topology.switches).flatMap(([name, declared]): readonly Finding[] => {
    if (declared.kind !== 'vale') return [];
    const path = ['switches', name];
    const called = valeName(name);
    if (!VALE_NAME.test(called)) {
      const summary = `switch "${name}" would be ${called} to netmap, which takes 15 characters`;
      return [clash(sight, 'vale.name', summary, path, { hint: 'choose a shorter name', at: 'key' })];
    }
    const at = `${declared.host} ${called}`;
    const other = seen.get(at);
    if (other === undefined) seen.set(at, name);
    if (other === undefined) return [];
    const summary = `switches "${other}" and "${name}" are both ${called} to netmap`;
    return [clash(sight, 'vale.name', summary, path, { other: ['switches', other], at: 'key' })];
  });
}
