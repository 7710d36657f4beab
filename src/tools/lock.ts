/**
 * Holds a topology's lock on a host for as long as its channel lives: `$1` topology, `$2` who. Prints `held`, or
 * `busy <who> <epoch seconds>` and ends with 75. A `.` on stdin is a heartbeat; the end of stdin, or 20 s without
 * one (a dead link), ends it and frees the lock. The file is removed while it is held, hence the look at its inode.
 */
export const LOCK_SCRIPT = `
umask 077
dir=/run/topo/$1
while :; do
  mkdir -p "$dir" || exit 1
  exec 9>>"$dir/lock" || exit 1
  if ! flock -n 9; then echo "busy $(cat "$dir/holder" 2>/dev/null)"; exit 75; fi
  [ "$(stat -c %i "$dir/lock" 2>/dev/null)" = "$(stat -L -c %i /proc/self/fd/9)" ] && break
done
echo "$2 $(date +%s)" >"$dir/holder"
trap 'rm -f "$dir/holder" "$dir/lock"; rmdir "$dir" /run/topo 2>/dev/null; exit 0' EXIT HUP TERM INT
echo held
while [ -n "$(timeout 20 head -c1 9>&-)" ]; do :; done
`;

/** The argv of the lock's holder. */
export function lockArgv(topology: string, who: string): readonly string[] {
  return ['sh', '-c', LOCK_SCRIPT, 'topo-lock', topology, who];
}
