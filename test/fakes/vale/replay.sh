# Runs command lines where transcripts were recorded, or where an emulator stands in: in namespaces of its own, with h1, h2 … and their
# other ends p1, p2 …, the first two of which are in c1 and c2 where $2 says so. Input: a line each, base64; output: exit status, stdout,
# stderr of each.
# usage: unshare --net --mount bash replay.sh PAIRS inside|outside [EMULATOR NODE HOLDERS ADMODE]
set -eu
mkdir -p /run/netns
mount -n -t tmpfs tmpfs /run/netns
mount -n -t sysfs sysfs /sys
if [ $# = 6 ]; then
  sh "$3/stand-in.sh" "$4"
  for module in $5; do mkdir "/sys/module/netmap/holders/$module"; done
  echo "$6" >/sys/module/netmap/parameters/admode
  PATH=/usr/local/sbin:$PATH
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ip link set lo up
for i in $(seq "$1"); do
  ip link add "h$i" type veth peer name "p$i"
  ip link set "h$i" up
  ip link set "p$i" up
done
ip link add eth0 type veth peer name far0
ip link set eth0 up
for i in 1 2; do
  ip netns add "c$i"
  [ "$2" = inside ] || continue
  ip link set "p$i" netns "c$i"
  ip -n "c$i" address add "10.9.0.$i/24" dev "p$i"
  ip -n "c$i" link set "p$i" up
done
[ "$1" != 1 ] || { echo 1024 >/sys/module/netmap/parameters/ring_num; echo 600 >/sys/module/netmap/parameters/if_num; echo 64 >/sys/module/netmap/parameters/generic_ringsize; }
while read -r encoded; do
  code=0
  timeout -s KILL 120 bash -c "$(printf %s "$encoded" | base64 -d)" >"$work/out" 2>"$work/err" </dev/null || code=$?
  printf '%s %s %s\n' "$code" "$(base64 -w0 <"$work/out")" "$(base64 -w0 <"$work/err")"
done
