import { z } from 'zod';
import type { PortVlans } from '../core/index.js';
import { closed, key, lazily, oneOrMore, text } from './blocks.js';

type VlanInput = z.input<ReturnType<typeof vlanSchema>>;

/** The VLANs of a port: the number of the one it is in, or a trunk of several. 0 and 4095 are not for anybody (IEEE 802.1Q). */
export const vlanSchema = lazily(() =>
  z.union([
    vlanId(),
    closed({
      trunk: oneOrMore(z.union([vlanId(), range()])).describe(
        'The VLANs of frames with a tag: numbers and ranges such as 20-29.',
      ),
      native: key(vlanId(), 'The VLAN of frames without a tag; by default they are dropped.'),
    }),
  ]),
);

/** The input has been validated. What is native has no tag. */
export function expandVlan(input: VlanInput): PortVlans {
  if (typeof input === 'number') return { untagged: input, tagged: [] };
  const ids = [input.trunk].flat().flatMap(idsOf);
  const tagged = [...new Set(ids)].filter(id => id !== input.native).sort((a, b) => a - b);
  return { ...(input.native !== undefined && { untagged: input.native }), tagged };
}

function vlanId(): z.ZodInt {
  return z.int().min(1).max(4094);
}

function range(): z.ZodString {
  return text({
    what: 'the number of a VLAN or a range such as 20-29, from 1 to 4094',
    test: value => {
      const [, first, last = first] = RANGE.exec(value) ?? [];
      return (
        first !== undefined && Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 4094
      );
    },
  });
}

const RANGE = /^(\d{1,4})(?:-(\d{1,4}))?$/;

function idsOf(entry: number | string): readonly number[] {
  const [, first, last = first] = RANGE.exec(String(entry)) ?? [];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
}
