/** Names the holder of a lock on a host: a word that its `/proc/<pid>/cmdline` has for itself. */
const HOLDER = 'topo-lock';

/**
 * Holds a topology's lock on a host for as long as its channel lives: `$1` topology, `$2` who, `$3` a token of the run,
 * `$4` take or wait. Prints `held`; or `own` where the run holds it already, by another name of the host; or `busy <who> <epoch seconds>`, and ends with 75. With `take` it displaces a holder of the same token,
 * which a lost connection left. On stdin a `.` is a heartbeat, an `x` the farewell; the end of stdin, or 20 s without a word (a dead
 * link), ends it too, and then it ends the commands of its connection as well: nobody waits for them any more. The
 * file is removed while it is held, hence the look at its inode.
 */
export const LOCK_SCRIPT = `
umask 077
dir=/run/topo/$1
while :; do
  mkdir -p "$dir" || exit 1
  exec 9>>"$dir/lock" || exit 1
  if ! flock -n 9; then
    holder= token= pid=
    { IFS= read -r holder; read -r token pid; } 2>/dev/null <"$dir/holder"
    [ "$4" = take ] && [ "$token" = "$3" ] && grep -qzx ${HOLDER} "/proc/$pid/cmdline" && kill -KILL "$pid" && flock -w 5 9 ||
      { [ "$4 $token" = "wait $3" ] && echo own || echo "busy $holder"; exit 75; }
  fi
  [ "$(stat -c %i "$dir/lock" 2>/dev/null)" = "$(stat -L -c %i /proc/self/fd/9)" ] && break
done
printf '%s %s\\n%s %s\\n' "$2" "$(date +%s)" "$3" "$$" >"$dir/holder"
trap 'rm -f "$dir/holder" "$dir/lock"; rmdir "$dir" /run/topo 2>/dev/null; exit 0' EXIT HUP TERM INT
echo held
while word=$(timeout 20 head -c1 9>&-); [ "$word" = . ]; do :; done
[ "$word" = x ] || [ -z "$TOPO_RUN" ] || for file in $(grep -lzx "TOPO_RUN=$TOPO_RUN" /proc/[0-9]*/environ 2>/dev/null 9>&-); do
  pid=\${file#/proc/}
  pid=\${pid%/environ}
  [ "$pid" = $$ ] || kill -KILL "$pid" 2>/dev/null
done
`;

/** What is written to a lock's holder: that its owner lives, and that it is no longer wanted. */
export const LOCK_WORDS = { alive: '.', farewell: 'x' } as const;

/** The argv of the lock's holder. `take`: it is ours already, held by what an earlier connection of this run left. */
export function lockArgv(
  topology: string,
  who: string,
  token: string,
  how: 'wait' | 'take',
): readonly string[] {
  return ['sh', '-c', LOCK_SCRIPT, HOLDER, topology, who, token, how];
}

/**
 * `$1` topology, `$2` the pid to be ended, or nothing: only tells. Prints `free`, or `held <pid> <who> <epoch seconds>` of
 * whoever holds the lock, before it is broken.
 */
const UNLOCK_SCRIPT = `
dir=/run/topo/$1
[ -e "$dir/lock" ] && ! flock -n "$dir/lock" true || { echo free; exit 0; }
holder= token= pid=
{ IFS= read -r holder; read -r token pid; } 2>/dev/null <"$dir/holder"
echo "held \${pid:-0} $holder"
[ -n "$2" ] && [ "$2" = "$pid" ] && grep -qzx ${HOLDER} "/proc/$pid/cmdline" || exit 0
kill -KILL "$pid" && flock -w 5 "$dir/lock" rm -f "$dir/holder"
exit
`;

/** The argv that tells who holds a lock, and breaks it where `pid` is (still) that of its holder. */
export function unlockArgv(topology: string, pid?: string): readonly string[] {
  return ['sh', '-c', UNLOCK_SCRIPT, 'topo-unlock', topology, pid ?? ''];
}
