import { z } from 'zod';
import { impairedBy } from '../core/index.js';
import type { DocPath, LinkDeclaration } from '../core/index.js';
import { closed, isMap, key, later, lazily } from './blocks.js';
import { expandImpair, impairSchema } from './impair.js';
import { endSchema, expandEnd, expandVia, viaSchema } from './interface.js';
import { mtu } from './phrases.js';

export type LinkInput = z.input<ReturnType<typeof linkSchema>>;

/** A link: its two ends, or a map that holds them. */
export const linkSchema = lazily(() =>
  z
    .union([
      ends(),
      closed({
        ends: ends().describe('The two ends.'),
        mtu: key(mtu(), 'The MTU of both ends.'),
        up: key(z.boolean(), 'Whether it is up; false: there, but down.', true),
        impair: key(
          impairSchema(),
          'What is done to the packets of both ends; an end that says more or otherwise wins, key by key.',
        ),
        via: key(viaSchema(), 'The medium.', 'auto'),
        encrypt: later(z.literal('wireguard'), 'Carries it inside WireGuard.'),
      }),
    ])
    .meta({ id: 'link', description: 'A link between two ends, on one host or not.' }),
);

/** The input has been validated. What an end does not say of the medium the link says. */
export function expandLink(input: LinkInput, path: DocPath): LinkDeclaration {
  const { ends, mtu, up, via, impair } = isMap(input) ? input : { ends: input };
  const at = isMap(input) ? [...path, 'ends'] : path;
  const [a, b] = ends.map((end, i) => {
    const own = expandEnd(end, [...at, i]);
    const both = impairedBy(impair && expandImpair(impair), own.impair);
    return {
      ...expandVia(via),
      ...own,
      ...(both && { impair: both }),
    };
  });
  return { ends: [a!, b!], ...(mtu !== undefined && { mtu }), ...(up !== undefined && { up }), path };
}

function ends() {
  return z.array(endSchema()).length(2);
}
