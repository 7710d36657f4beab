#!/bin/sh
# What a guest on a VDE switch does with its lease.
[ "$1" = bound ] || exit 0
busybox ip address replace "$ip/$mask" dev "$interface"
echo "guest: leased $ip" >/dev/console
