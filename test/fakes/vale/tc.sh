#!/bin/sh
# Stands before `tc`.
. /sys/module/netmap/emulator/shown.sh
case " $* " in
*' show dev '*) shown "$memory/tc" qdisc show | sed -n "s/ dev ${*##* } / /p" ;;
*) exec "$memory/tc" "$@" ;;
esac
