import type { InsideVpp } from '../core/index.js';
import { parseVppInterfaces } from './vppctl-interfaces.js';

/** Where a VPP has its socket unless it is told otherwise, as its container sees it. */
const SOCKET = '/run/vpp/cli.sock';

/**
 * The shell function that asks the VPPs of `$topology`'s containers; `$1`: the host's own vppctl, which is all that is run: nothing of an image
 * is. What has no socket there, or gives no answer, is left out.
 */
export const VPP_INSIDE_READER = `vpp_inside() {
  case $1 in vppctl | */vppctl) ;; *) return 0 ;; esac
  for root in $(roots); do
    for file in $(grep -lsF '"topo.userspace":' "$root"/containers/*/config.v2.json | xargs -r grep -lF "\\"topo.name\\":\\"$topology\\""); do
      id=$(basename "$(dirname "$file")") pid=$(grep -o '"Pid":[0-9]*' "$file" | head -n 1 | cut -d: -f2)
      socket=/proc/$pid/root${SOCKET}
      [ -S "$socket" ] && grep -qs "$id" "/proc/$pid/cgroup" || continue
      out=$(timeout 5 "$1" -s "$socket" show version </dev/null 2>&1 && timeout 5 "$1" -s "$socket" show interface addr </dev/null 2>&1)
      vpp_tell "inside $id"
      case $out in 'vpp v'*) insides="$insides $id=$socket" ;; esac
    done
  done
}
# Two that are up and have not met: a slave looks for its master every few seconds, so they are given these.
vpp_memifs() {
  tries=0
  while all=; do
    for one in \${ports:+host} $insides; do
      case $one in
      host) out=$(timeout 5 "$@" show memif </dev/null 2>&1) ;;
      *) out=$(timeout 5 "$1" -s "\${one#*=}" show memif </dev/null 2>&1) ;;
      esac || continue
      vpp_keep grep -E '^interface |^  flags '
      all="$all
$(vpp_tell "memif \${one%%=*}")"
    done
    tries=$((tries + 1))
    apart=$(printf '%s\\n' "$all" | awk '/^interface / { name = $2 } /^  flags admin-up/ && !/ connected/ { print name }' | sort | uniq -d)
    [ -n "$apart" ] && [ $tries -lt 12 ] || break
    sleep 0.5
  done
  printf '%s\\n' "$all"
}`;

/** What one of them answered, and of its memifs; undefined where that tells nothing. */
export function parseInsideVpp(text: string, memifs: string): InsideVpp | undefined {
  // One that has ended leaves its socket behind.
  if (text.includes('connect: Connection refused')) return { interfaces: [] };
  const version = /^vpp v(\S+)/m.exec(text)?.[1];
  const empty = { table: '', tags: '', hardware: [], errors: '' };
  const interfaces = parseVppInterfaces({ ...empty, addresses: text, memifs }, []);
  return version === undefined || interfaces.length === 0 ? undefined : { version, interfaces };
}
