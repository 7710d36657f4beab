#!/bin/sh
# Stands before `ip`: refuses what a kernel with netmap refuses of attached devices, and tells as a fault what it hangs or dies of: a device
# deleted while it or its other end is attached, and another MTU of one that is attached natively. A replay has these played out.
. /sys/module/netmap/emulator/shown.sh
real=$memory/ip

field() { "$real" -o -d link show dev "$1" 2>/dev/null | sed -n "s/$2.*/\1/p"; }
index_of() { field "$1" '^\([0-9]*\):'; }
listed() { [ -n "$1" ] && grep -q "\"device\":$1[,}]" "$memory/kernel.json"; }

# $1 device: the index that it, or else its other end, is attached by; nothing if neither is.
attached() {
  if grep -q "\"$(space)\"" "$memory/kernel.json"; then
    for index in "$(index_of "$1")" "$(index_of "$(field "$1" '^[0-9]*: [^:]*@\([^:]*\):')")"; do
      ! listed "$index" || { echo "$index"; return; }
    done
  else
    index=$(field "$1" '^[0-9]*: [^:]*@if\([0-9]*\):')
    ! listed "$index" || echo "$index"
  fi
}

# What the kernel makes of a command: nothing special, or a word for it.
verdict() {
  [ "$1" = link ] || return
  verb=$2
  shift 2
  [ "$1" != dev ] || shift
  case "$verb $* " in
  'add '*' type macvlan '*) parent=${*##*link }; ! listed "$(index_of "${parent%% *}")" || echo busy ;;
  'set '*' master '*) ! listed "$(index_of "$1")" || echo busy ;;
  'set '*' mtu '*)
    [ -z "$(attached "$1")" ] || ! grep -q '"driver":"native"' "$memory/kernel.json" ||
      echo "oops ip link set $1 mtu: it is attached natively, and the kernel oopses" ;;
  'del '* | 'delete '*)
    if [ -n "$(field "$1" '.* \(dstport 9\) ')" ]; then echo unsupported
    elif [ -n "$(attached "$1")" ]; then echo "hang ip link delete $1: it is attached, and the kernel waits for ever"; fi ;;
  esac
}

blame() { echo "${1#* }" >>"$memory/faults"; }
refuse() { echo "RTNETLINK answers: $1" >&2; exit 2; }

[ ! -e "$memory/dead" ] || exec sleep infinity
case " $* " in
*' -batch '*)
  input=$(cat)
  printf '%s\n' "$input" | while read -r line; do
    said=$(verdict $line)
    [ -z "$said" ] || blame "$said"
  done
  [ -n "$input" ] || exec "$real" "$@" </dev/null
  printf '%s\n' "$input" | "$real" "$@"
  exit $? ;;
*' show '*) case " $* " in *' -j'*) exec "$real" "$@" ;; *) shown "$real" "$@"; exit $? ;; esac ;;
*' del '* | *' delete '* | *' mtu '* | *' master '* | *' macvlan '*)
  said=$(verdict $(echo "$*" | sed 's/^\(-[^ ]* \)*//'))
  case $said in
  busy) refuse 'Device or resource busy' ;;
  unsupported) refuse 'Operation not supported' ;;
  '') ;;
  *)
    if [ ! -e "$memory/played-out" ]; then blame "$said"
    elif [ "${said%% *}" = oops ]; then touch "$memory/dead"; kill -KILL $$
    else
      # The name is gone at once; the call ends when the port is detached.
      index=$(attached "$(echo "$*" | sed 's/.* //')")
      "$real" "$@" || exit
      while listed "$index"; do sleep 0.1; done
      exit 0
    fi ;;
  esac ;;
esac
exec "$real" "$@"
