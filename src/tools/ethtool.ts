import type { Offloading, Step } from '../core/index.js';

/** A device that sends to a dataplane: in the network namespace of a container, given by the engine's name of it, or in the host's. */
export interface Sender {
  readonly device: string;
  readonly container?: string;
}

/** Turns checksums by the device off, and with them its large segments: what leaves it is frames as they go over a wire. */
export function plainFrames({ device, container }: Sender): Step {
  const argv = ['ethtool', '-K', device, 'tx', 'off'];
  const netns = container === undefined ? {} : { netns: { container } };
  return { via: 'exec', argv, ...netns, mutates: true, label: `no offloads on ${device}` };
}

/**
 * Shell function `offloads`, to be run after `namespaces`, whose `$there` it takes: prints `in PATH` for each namespace (`in -`: the host's),
 * and below it the devices that leave checksums to whom they give their frames, and with `joins` those that put received ones together. An ethtool older than 5.8 or so can't be asked of all at once, and says nothing.
 */
export const OFFLOADS_READER = `offloads() {
  command -v ethtool >/dev/null || return 0
  for path in - $(printf '%s\\n' "$there" | awk '!seen[$3]++ { print $3 }'); do
    case $path in
    -) all=$(ethtool -k '*') ;;
    *) all=$(nsenter --net="$path" ethtool -k '*') ;;
    esac 2>/dev/null
    printf 'in %s\\n%s\\n' "$path" "$all" | awk '
      $1 == "in" { print }
      /^Features for / { sub(/:$/, "", $3); device = $3 }
      $1 == "tx-checksumming:" && $2 == "on" { print device }
      /^(generic|large)-receive-offload: on/ { print device, "joins" }'
  done
}`;

/** What that function printed. */
export function parseOffloads(text: string): readonly Offloading[] {
  let path: string | undefined;
  return text.split('\n').flatMap((line): readonly Offloading[] => {
    if (line.startsWith('in ')) path = line === 'in -' ? undefined : line.slice('in '.length);
    if (line === '' || line.startsWith('in ')) return [];
    const [device = '', joins] = line.split(' ');
    return [{ device, ...(path !== undefined && { path }), ...(joins !== undefined && { joins: true }) }];
  });
}
