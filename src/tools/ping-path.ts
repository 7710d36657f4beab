import { familyOf } from '../core/index.js';

/**
 * Reads `<4 or 6> <from> <to> <bytes>` lines and finds how large a packet from one address to the other arrives whole, at most
 * that many bytes; 16 paths at a time. The largest is tried first, then what the next hop is said to take (by a router, RFC 1191
 * and RFC 8201, or by the host's own kernel); where nobody says it, it is searched for between what every path carries (576
 * bytes, RFC 791; 1280 of IPv6, RFC 8200) and the largest. Prints `<line number> <bytes> <last line that ping wrote>`: 0 where
 * not even the least was answered, -1 where there is no ping.
 */
const PATH_SCRIPT = `
LC_ALL=C; export LC_ALL
answered() {
  said=$(ping -n "-$family" -I "$from" -c "$2" -i 0.2 -W 1 -M do -s "$(($1 - headers))" "$to" 2>&1 </dev/null)
}
narrowed() {
  told=$(printf '%s\\n' "$said" | sed -n 's/.*mtu[ =:]*\\([0-9][0-9]*\\).*/\\1/p' | tail -n 1)
  [ -n "$told" ] && [ "$told" -ge "$low" ] && [ "$told" -lt "$most" ] && most=$told
}
found() {
  printf '%s %s %s\\n' "$number" "$1" "$(printf '%s\\n' "$said" | grep -v '^$' | tail -n 1)"
}
halve() {
  command -v ping >/dev/null || { found -1; return; }
  [ "$low" -lt "$most" ] && { answered "$low" 1 || answered "$low" 2; } || { found 0; return; }
  while [ "$low" -lt "$most" ]; do
    middle=$(((low + most + 1) / 2))
    if answered "$middle" 2; then low=$middle; else narrowed || most=$((middle - 1)); fi
  done
  found "$low"
}
search() {
  headers=28 low=576 hops=0
  [ "$family" = 4 ] || headers=48 low=1280
  until answered "$most" 1; do
    hops=$((hops + 1))
    narrowed && [ $hops -lt 16 ] && continue
    answered "$most" 2 && break
    halve; return
  done
  found "$most"
}
number=0
while read -r family from to most; do
  number=$((number + 1))
  search &
  [ $((number % 16)) -ne 0 ] || wait
done
wait
`;

/** A path to be measured: the outer addresses of a tunnel, and the bytes (of the whole IP packet) that its ends let through. */
export interface PathProbe {
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
}

/** Bytes of the largest IP packet that arrived whole, or why that is not known. */
export type PathAnswer = { readonly carries: number } | { readonly why: string };

/** The argv and stdin that measure all paths from one host at once. It takes milliseconds where the largest arrives, and some 15 seconds where nobody tells why it does not. */
export function pathCall(probes: readonly PathProbe[]): { argv: readonly string[]; stdin: string } {
  const lines = probes.map(p => `${familyOf(p.to) ?? 4} ${p.from} ${p.to} ${p.bytes}\n`);
  return { argv: ['sh', '-c', PATH_SCRIPT, 'topo-path'], stdin: lines.join('') };
}

/** One answer per path, in their order. */
export function parsePathAnswers(stdout: string, count: number): readonly PathAnswer[] {
  const byNumber = new Map(
    [...stdout.matchAll(/^(\d+) (-?\d+) (.*)$/gm)].map(([, n, bytes, said]) => [
      Number(n),
      answerOf(Number(bytes), said!),
    ]),
  );
  return Array.from({ length: count }, (_, i) => byNumber.get(i + 1) ?? { why: 'no answer from the host' });
}

/** Why nothing was measured on a host that has no such program. */
export const NO_PING = 'the host has no ping';

function answerOf(bytes: number, said: string): PathAnswer {
  if (bytes > 0) return { carries: bytes };
  return { why: bytes < 0 ? NO_PING : said };
}
