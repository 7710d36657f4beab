import { VPP_INSIDE_READER } from './vppctl-inside.js';

/** Divides what `read_vpp` prints: before each answer `#vpp# WORDS`, before what made it stop `#vpp# = EXIT WORDS`. */
export const VPP_DIVIDER = '#vpp#';

/**
 * The shell function that reads a VPP; `$1`: how vppctl is called there, a word a line. VPP answers everything with exit
 * status 0, only a socket that can't be reached gives another, and one that hangs never answers: so it stops at the first that does not. An
 * answer can be cut where VPP dies during it, which only shows by the next. Counters, which are most of the output, are left out.
 */
export const VPP_READER = `vpp_ask() {
  words=$1; shift
  out=$(timeout 5 "$@" $words </dev/null 2>&1) && return
  vpp_stop $? "$words"
  return 1
}
vpp_stop() {
  printf '${VPP_DIVIDER} = %s %s\\n%s\\n' "$1" "$2" "$out"
}
vpp_tell() {
  printf '${VPP_DIVIDER} %s\\n%s\\n' "$1" "$out"
}
vpp_keep() {
  out=$(printf '%s\\n' "$out" | "$@")
  return 0
}
# What it is to start with it only does some seconds after it answers at first (seen: 2.7): until then it looks empty.
vpp_settle() {
  vpp_ask 'show clock' "$@" || return
  case $out in 'Time now .'* | 'Time now '[0-3].*) ;; *) return 0 ;; esac
  vpp_ask 'show version cmdline' "$@" || return
  vpp_keep tr -d '\\r'
  printf '%s\\n' "$out" | grep -Eqx ' +(startup-config|exec)' && sleep 4
  return 0
}
vpp_hardware() {
  vpp_keep grep -E '^[^ ]|Ethernet address|request:'
  vpp_tell 'show hardware-interfaces'
}
# Frames that wait are of a blocked queue if they still do when all else was read, and sending failed.
vpp_again() {
  case $waits in *request:[1-9]*) ;; *) return 0 ;; esac
  vpp_ask 'show errors' "$@" && vpp_keep grep 'sendto' && vpp_tell 'show errors' &&
    vpp_ask 'show hardware-interfaces' "$@" && vpp_hardware
}
# A hundred in one call, a line each: an error would end it, and then some are missing. Other commands would take the next line for their own.
vpp_tags() {
  names=$(printf '%s\\n' "$out" | sed -nE 's/^([^ ]+) \\((up|dn)\\):.*/\\1/p')
  printf '${VPP_DIVIDER} tags\\n'
  while [ -n "$names" ]; do
    lines=$(printf '%s\\n' "$names" | sed -n '1,100s/^/show interface tag /p')
    names=$(printf '%s\\n' "$names" | sed 1,100d)
    out=$(timeout 5 "$@" "$lines" </dev/null 2>&1) || { vpp_stop $? 'show interface tag' && return 1; }
    printf '%s\\n' "$out"
  done
}
vpp_domains() {
  for id in $(printf '%s\\n' "$out" | sed -nE 's/^ *([0-9]+) .*/\\1/p'); do
    vpp_ask "show bridge-domain $id detail" "$@" && vpp_tell "show bridge-domain detail" || return
  done
}
# Whose sockets are whose shows by their inodes. VPP tells its number where it runs: what stands before vppctl, such as docker exec NAME, leads there.
vpp_sockets() {
  pid=$(printf '%s\\n' "$out" | tr -d '\\r' | sed -n 's/^Current PID: *//p')
  kept=$out first=yes
  for word; do
    [ -z "$first" ] || set --
    first=
    case $word in vppctl | */vppctl) break ;; esac
    set -- "$@" "$word"
  done
  case $word in vppctl | */vppctl) ;; *) set -- ;; esac
  out=$(timeout 5 "$@" sh -c '
    case $(cat "/proc/$1/comm") in vpp*) ;; *) exit 1 ;; esac
    readlink "/proc/$1/ns/net"; ls -l "/proc/$1/fd"
    for one in null vhost-net; do [ ! -c "/proc/$1/root/dev/$one" ] || echo "dev $one"; done
    cat "/proc/$1/net/packet"' sh "$pid" </dev/null 2>/dev/null) &&
    vpp_keep sed -E 's/.*socket:\\[([0-9]+)\\]$/fd \\1/; /^(l[r-]|total)/d' && vpp_tell sockets
  out=$kept
}
${VPP_INSIDE_READER}
read_vpp() {
  set -f
  IFS='
'
  set -- $1
  unset IFS
  ports= insides=
  printf '${VPP_DIVIDER} called\\n'
  printf '%s\\n' "$@"
  vpp_ask 'show version verbose' "$@" && vpp_tell version &&
    vpp_settle "$@" &&
    vpp_ask 'show plugins' "$@" && vpp_tell 'show plugins' &&
    vpp_ask 'show interface' "$@" && vpp_keep grep '^[^ ]' && vpp_tell 'show interface' && ports=$out &&
    vpp_ask 'show interface addr' "$@" && vpp_tell 'show interface addr' && vpp_tags "$@" &&
    vpp_ask 'show hardware-interfaces' "$@" && vpp_hardware && waits=$out &&
    vpp_ask 'show bridge-domain' "$@" && vpp_domains "$@" &&
    vpp_ask 'show vxlan tunnel' "$@" && vpp_tell 'show vxlan tunnel' &&
    vpp_ask 'show l2fib all' "$@" && vpp_keep awk '$6 == "*"' && vpp_tell 'show l2fib' &&
    vpp_again "$@" &&
    vpp_ask 'show version verbose' "$@" && vpp_sockets "$@" && vpp_tell end
  set +f
  vpp_inside "$1"
  case "$ports $insides" in *memif* | *=*) vpp_memifs "$@" ;; esac
  return 0
}`;
