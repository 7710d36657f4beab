import type { Step } from '../core/index.js';
import { TAKEN, endWords, type WireEnd } from './ip-wire.js';
import { linkGroup } from './ip.js';

/** Scripts around taps, whose other end is a process. */
export const tapScripts = {
  // $1 namespace (nothing: the host's), $2 link group, $3 the tap on the host, $4 its name where it belongs, the rest: words. All in one
  // request: a tap without the group would be a stranger's. A process that makes one inside would keep the namespace when the container ends.
  'tap-place': `netns=$1 group=$2 tap=$3 name=$4; shift 4
${TAKEN}
[ "$tap" = "$name" ] && [ -z "$netns" ] || taken "$netns" "$name" || exit 1
exec ip link set dev "$tap" \${netns:+netns "$netns"} \${netns:+name "$name"} group "$group" "$@"`,
} as const;

/** Brings a tap that stands on the host to where it belongs. */
export function placeTap(tap: string, end: WireEnd, topology: string): Step {
  const args = [end.netns ?? '', `${linkGroup(topology)}`, tap, end.device, ...endWords(end)];
  return { via: 'script', name: 'tap-place', args, mutates: true, label: `place ${tap} as ${end.device}` };
}
