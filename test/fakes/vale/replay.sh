# Runs command lines where transcripts were recorded, or where an emulator stands in: in namespaces of its own, with h1, h2 … and their
# other ends p1, p2 …, the first two of which are in c1 and c2 where $2 says so. Input: seconds until a line that hangs is stopped, and
# the line, base64; output: exit status, stdout, stderr of each.
# usage: unshare --net --mount bash replay.sh PAIRS inside|outside [EMULATOR NODE HOLDERS ADMODE]
set -eu
mkdir -p /run/netns
mount -n -t tmpfs tmpfs /run/netns
mount -n -t sysfs sysfs /sys
work=$(mktemp -d)
export work
trap 'rm -rf "$work"' EXIT
parameters=/sys/module/netmap/parameters
for name in admode buf_size buf_num ring_num if_num generic_ringsize generic_txqdisc; do
  echo "$name $(cat "$parameters/$name")"
done >"$work/before" 2>/dev/null
# A namespace that goes with a switch in it keeps netmap's memory until the next boot.
ending() {
  for port in $(vale-ctl 2>/dev/null | sed -n 's/ bridge_idx .*//p' | grep -v '\^$'); do vale-ctl -d "$port"; done
  while read -r name value; do echo "$value" >"$parameters/$name"; done <"$work/before"
  rm -rf "$work"
}
[ $# = 6 ] || trap ending EXIT
# The kernel's log says what transcripts have no use for; and an emulator passes no frames.
silent=dmesg
if [ $# = 6 ]; then
  sh "$3/stand-in.sh" "$4"
  touch /sys/module/netmap/emulator/played-out
  for module in $5; do mkdir "/sys/module/netmap/holders/$module"; done
  echo "$6" >/sys/module/netmap/parameters/admode
  PATH=/usr/local/sbin:$PATH
  silent="$silent ping tcpdump nc iperf3 pkt-gen nm-bridge tcptest docker dockerd containerd"
fi
mkdir "$work/silent"
for program in $silent; do ln -s "$(type -P true)" "$work/silent/$program"; done
PATH=$work/silent:$PATH
# Indices and addresses as they were, for lines look for digits in them.
ip link set lo up
ip link add eth0 type bridge
ip link set eth0 up
for i in $(seq "$1"); do
  ip link add "h$i" address "02:00:00:00:00:1$((i % 10))" type veth peer name "p$i" address "02:00:00:00:00:0$((i % 10))"
  ip link set "h$i" up
  ip link set "p$i" up
done
for i in 1 2; do
  ip netns add "c$i"
  [ "$2" = inside ] || continue
  ip link set "p$i" netns "c$i"
  ip -n "c$i" address add "10.9.0.$i/24" dev "p$i"
  ip -n "c$i" link set "p$i" up
done
while read -r limit encoded; do
  code=0
  timeout -k 1 "$limit" bash -c "$(printf %s "$encoded" | base64 -d)" >"$work/out" 2>"$work/err" </dev/null || code=$?
  printf '%s %s %s\n' "$code" "$(base64 -w0 <"$work/out")" "$(base64 -w0 <"$work/err")"
done
