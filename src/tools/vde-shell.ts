/**
 * Shell function `talk SOCKET WORDS`: one command to a switch by its management socket, through unixcmd, which comes with vde2. The
 * dialogue is what unixcmd reads (a line number, what to wait for or send, where to go on else). Answers end with `1000 Success`; there
 * are zero bytes in them (both seen with vde2 2.3.2).
 */
export const TALK = `talk() {
  said=$(unixcmd -s "$1" -f /dev/stdin "$2" <<'END' 2>&1 | tr -d '\\0'
TIMEOUT 1000
1 IN 'vde$ ' 9
2 SEND '$*\\n'
3 IN 'vde$ ' 9
4 COPY
5 SEND 'logout\\n'
6 EXIT 0
9 EXIT 1
END
  )
  case $said in *'1000 Success'*) printf '%s\\n' "$said" ;; *) printf '%s: %s\\n' "$2" "$said" >&2; return 1 ;; esac
}`;

/** Shell function `running PROGRAM FILE`: the process of that program that was told this file for its pid, whatever the file says. */
export const RUNNING = `running() {
  for found in $(grep -slzxF -e "$2" /proc/[0-9]*/cmdline); do
    found=\${found%/cmdline}
    read -r program <"$found/comm" && [ "$program" = "$1" ] && echo "\${found#/proc/}"
  done 2>/dev/null
}`;

/** Shell functions `finish PROGRAM FILE`, which ends that process and waits until it is gone, and `listens SOCKET`. */
export const FINISH = `${RUNNING}
finish() {
  tries=0
  while pids=$(running "$1" "$2"); [ -n "$pids" ]; do
    if [ $tries -lt 40 ]; then kill $pids; else kill -9 $pids; fi 2>/dev/null
    tries=$((tries + 1)); sleep 0.05
  done
}
listens() {
  awk -v path="$1" '$4 == "00010000" && $8 == path { found = 1 } END { exit !found }' /proc/net/unix
}`;
