#!/bin/sh
# Stands before `ip`: what a kernel with netmap hangs or dies of is told as a fault. That is a device deleted while it or its other end is
# attached, and another MTU of one that is attached natively.
memory=/sys/module/netmap/emulator
real=$memory/ip

# $1 device: whether it, or in a container its other end, is attached.
attached() {
  shown=$("$real" -o link show dev "$1" 2>/dev/null) || return 1
  index=${shown%%:*}
  peer=$(printf '%s\n' "$shown" | sed -n 's/^[0-9]*: [^:]*@if\([0-9]*\):.*/\1/p')
  space=$(readlink /proc/self/ns/net | tr -dc 0-9)
  if grep -q "\"$space\"" "$memory/kernel.json"; then set -- "$index"; else set -- "${peer:-none}"; fi
  grep -q "\"device\":$1[,}]" "$memory/kernel.json"
}

check() {
  while read -r object verb more; do
    [ "$object" = link ] || continue
    set -- $more
    [ "$1" != dev ] || shift
    case $verb in
    del | delete)
      ! attached "$1" || echo "ip link delete $1: it is attached, and the kernel waits for ever" >>"$memory/faults" ;;
    set)
      case " $more " in *' mtu '*) ;; *) continue ;; esac
      ! attached "$1" || ! grep -q '"driver":"native"' "$memory/kernel.json" ||
        echo "ip link set $1 mtu: it is attached natively, and the kernel oopses" >>"$memory/faults" ;;
    esac
  done
}

case " $* " in
*' -batch '*)
  input=$(cat)
  printf '%s\n' "$input" | check
  [ -n "$input" ] || exec "$real" "$@" </dev/null
  printf '%s\n' "$input" | "$real" "$@"
  exit $? ;;
*' del '* | *' delete '* | *' mtu '*)
  echo "$*" | sed 's/^\(-[^ ]* \)*//' | check ;;
esac
exec "$real" "$@"
