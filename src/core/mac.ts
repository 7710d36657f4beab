import { createHash } from 'node:crypto';

/** A locally administered unicast MAC (IEEE 802) from a hash: the same text has the same one on every run and host. */
export function hashedMac(text: string): string {
  const hash = createHash('sha256').update(text).digest();
  const octets = [(hash[0]! & 0xfc) | 0x02, ...hash.subarray(1, 6)];
  return octets.map(o => o.toString(16).padStart(2, '0')).join(':');
}
