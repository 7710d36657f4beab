#!/bin/sh
# Runs Node as on a machine of its own, on which nothing ever ran: own network, processes and cgroups, an empty /run, no
# /var/lib/topo. Files of tests can so run beside each other and still look at the whole machine; the real one's network is
# left alone, and what a killed run left dies with it.
# usage: as node; $TOPO_TEST_NODE is the real one
set -eu
root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$root" ] || { echo 'these tests need cgroup2 (mount -t cgroup2 cgroup2 /sys/fs/cgroup)' >&2; exit 1; }
for old in "$root"/topo-test-*; do
  [ ! -d "$old" ] || kill -0 "${old##*-}" || find "$old" -depth -type d -exec rmdir {} + || :
done 2>/dev/null
for controller in $(cat "$root/cgroup.controllers"); do
  echo "+$controller" >"$root/cgroup.subtree_control" || :
done 2>/dev/null
cgroup=$root/topo-test-$$
mkdir -p "$cgroup/tests"

# The root of a cgroup namespace may hold no process, or its children get no controllers.
# A real host (CONTRIBUTING.md) is only reached by the real network.
net=--net
[ -z "${TOPO_REAL_VALE:-}" ] || net=
export net

enter='
  echo 0 >"$1/cgroup.procs"
  exec unshare --cgroup sh -euc "$2" sh "$@"
'
part='
  echo 0 >"$1/tests/cgroup.procs"
  boot=$3
  shift 3
  exec unshare --mount $net --pid --fork --kill-child sh -euc "$boot" sh "$@"
'
# Other directories of /var/lib stay in sight. TMPDIR is where neither a sandbox nor an engine has a directory of its own. Names
# that no file knows are unknown at once: there is no network to ask by.
boot='
  for mounted in $(awk '\''$2 ~ "^/(run|var/lib/topo)/" { print $2 }'\'' /proc/mounts | sort -r); do
    umount -n -l "$mounted"
  done
  mount -n -t proc proc /proc
  umount -n -l -R /sys
  mount -n -t sysfs sysfs /sys
  mount -n -t cgroup2 cgroup2 /sys/fs/cgroup
  mount -n -t tmpfs -o mode=755 tmpfs /mnt
  mkdir -m 1777 /mnt/tmp
  mkdir /mnt/lib
  mount -n --bind /var/lib /mnt/lib
  mount -n -t tmpfs -o mode=755 tmpfs /var/lib
  for entry in /mnt/lib/*; do
    [ "${entry##*/}" = topo ] || ln -s "$entry" /var/lib/
  done
  mount -n -t tmpfs -o mode=755 tmpfs /run
  mkdir /run/lock /run/sshd
  echo "hosts: files" >/mnt/nsswitch.conf
  [ -z "$net" ] || [ ! -e /etc/nsswitch.conf ] || mount -n --bind /mnt/nsswitch.conf /etc/nsswitch.conf
  ip link set dev lo up
  export TMPDIR=/mnt/tmp
  "$TOPO_TEST_NODE" "$@" &
  wait $!
'
setpriv --pdeathsig KILL sh -euc "$enter" sh "$cgroup" "$part" "$boot" "$@" &
machine=$!
trap 'kill -KILL $machine' TERM
code=0
wait "$machine" 2>/dev/null || code=$?
wait "$machine" 2>/dev/null || :
tries=0
until find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || [ $tries -gt 20 ]; do
  tries=$((tries + 1))
  sleep 0.02
done
exit "$code"
