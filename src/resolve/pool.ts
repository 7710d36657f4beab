import { nth, size } from '../core/index.js';
import type { Prefix } from '../core/index.js';

/**
 * The addresses of a range that a host may have: a subnet's own address and its broadcast are none (but see RFC 3021 and
 * RFC 6164). IPv6 has no broadcast.
 */
export function usable(range: Prefix, subnet: Prefix): { first: bigint; size: bigint } {
  const edges = size(subnet) > 2n;
  const low = edges && range.base === subnet.base ? 1n : 0n;
  const high =
    edges && subnet.family === 4 && range.base + size(range) === subnet.base + size(subnet) ? 1n : 0n;
  return { first: nth(range, low).value, size: size(range) - low - high };
}
