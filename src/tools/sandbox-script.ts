import { sandboxBoot, sandboxEngine, sandboxSshd } from './sandbox-boot.js';

/** What the two scripts share: where things are, and whether they run. $name is the sandbox. */
const places = String.raw`
set -u
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
base=/run/topo/sandbox
store=/var/lib/topo/sandbox
bridge=topo-sandbox
cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)

at() {
  name=$1 run=$base/$1 data=$store/$1 netns=topo-$1 cg=$cgroups/topo-sandbox/$1
}

read_meta() {
  IFS='|' read -r topology address veth engine 2>/dev/null <"$run/meta" ||
    IFS='|' read -r topology address veth engine 2>/dev/null <"$data/meta"
}

# Finds process 1 of the sandbox, where its namespaces are wholly up.
find_init() {
  init=
  read -r pid 2>/dev/null <"$run/pid" || return 1
  [ "/proc/$pid/ns/net" -ef "/run/netns/$netns" ] && [ -e "/proc/$pid/root/run/sandbox/ready" ] || return 1
  init=$pid root=/proc/$pid/root
}

# Whether program $1 with pid file $2 runs; the pid is one of the sandbox, and so is the /proc that is asked.
runs() {
  p=$(cat "$root/run/$2" 2>/dev/null) && read -r c 2>/dev/null <"$root/proc/$p/comm" && [ "$c" = "$1" ]
}

named_volumes() {
  find "$data/docker/volumes" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | grep -qvE '/[0-9a-f]{64}$'
}
`;

/**
 * Makes and removes sandbox hosts: `create NAME TOPOLOGY ADDRESS VETH ENGINE`, `reboot NAME`, `engine NAME` (restarts it),
 * `remove NAME VETH`. Each can be killed anywhere and run again: what it says of a sandbox (`meta`) is written before the
 * first thing is made and goes after the last is gone, and a sandbox's lock is its run directory. A cgroup of its own finds
 * and ends every process it ever had. The bridge comes with the first sandbox and goes with the last.
 */
export const sandboxScript = String.raw`${places}
accept="-i $bridge -o $bridge -m comment --comment $bridge -j ACCEPT"
boot='${sandboxBoot}'
engine_start='${sandboxEngine}'
sshd_start='${sandboxSshd}'

fail() { printf '%s\n' "$1" >&2; exit 1; }

need() {
  command -v "$1" >/dev/null 2>&1 || fail "sandbox hosts need $1, which this machine lacks (apt-get install $2)"
}

whose() { [ -n "$1" ] && printf 'topology %s' "$1" || printf 'no topology'; }

preflight() {
  [ "$(uname -s)" = Linux ] || fail "sandbox hosts need Linux; this is $(uname -s)"
  [ "$(id -u)" = 0 ] || fail "sandbox hosts need root on this machine (run topo with sudo)"
  need ip iproute2; need unshare util-linux; need nsenter util-linux; need flock util-linux; need iptables iptables
  need sshd openssh-server; need ssh-keygen openssh-client
  [ -z "$engine" ] || [ -x "$engine/dockerd" ] || fail "there is no dockerd in $engine, the engine of sandbox $name"
  [ -n "$engine" ] || { need dockerd docker.io; need containerd containerd; }
  [ -n "$cgroups" ] || fail "sandbox hosts need cgroup2, which is not mounted (mount -t cgroup2 cgroup2 /sys/fs/cgroup)"
}

# Locks directory $1 through descriptor $2. It may have been removed by whoever was waited for: then once more.
lock() {
  while :; do
    mkdir -p "$1" || exit 1
    eval "exec $2<\"\$1\"" || exit 1
    flock -w 120 "$2" || fail "$1 has been locked for two minutes by another topo"
    [ "/proc/self/fd/$2" -ef "$1" ] && return
  done
}

write_meta() {
  printf '%s|%s|%s|%s\n' "$topology" "$address" "$veth" "$engine" >"$1/meta.new" && mv "$1/meta.new" "$1/meta" || exit 1
}

# Two topos at once may have found the same address free: it is that sandbox's whose meta is written first.
claim() {
  lock "$base" 9
  held=$(grep -lF "|$address|" "$base"/*/meta "$store"/*/meta 2>/dev/null | grep -v "/$name/meta$" | head -n 1)
  [ -z "$held" ] || {
    rmdir "$run" 2>/dev/null
    fail "$address has just been taken by sandbox $(basename "$(dirname "$held")"): run it again, and $name gets another"
  }
  mkdir -p "$data" && chmod 700 "$run" "$data" || exit 1
  write_meta "$run"; write_meta "$data"
  exec 9<&-
}

make_keys() {
  for key in key host_key; do
    [ ! -s "$run/$key" ] || continue
    rm -f "$run/$key.new" "$run/$key.new.pub"
    ssh-keygen -q -t ed25519 -N '' -C "topo-sandbox $name" -f "$run/$key.new" || exit 1
    mv "$run/$key.new.pub" "$run/$key.pub" && mv "$run/$key.new" "$run/$key" || exit 1
  done
  read -r type blob rest <"$run/host_key.pub"
  printf '%s %s %s\n' "$address" "$type" "$blob" >"$run/known_hosts"
  printf '%s\n' "$address" >"$run/address"
}

make_bridge() {
  lock "$base" 9
  other=$(ip -o -4 address show to 198.18.0.0/16 | awk -v b="$bridge" '$2 != b { print $2; exit }')
  [ -z "$other" ] || fail "$other has an address in 198.18.0.0/16, which sandbox hosts need"
  [ -e "/sys/class/net/$bridge" ] || ip link add name "$bridge" type bridge forward_delay 0 || exit 1
  ip address replace 198.18.0.1/16 dev "$bridge" && ip link set dev "$bridge" up || exit 1
  # With br_netfilter bridged frames pass iptables too, and an engine on this machine makes its FORWARD policy DROP.
  # Where nobody filters there is nothing to pass, and a first rule would leave a table behind.
  if [ "$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null)" = 1 ] && iptables-save 2>/dev/null | grep -q FORWARD; then
    iptables -w -C FORWARD $accept 2>/dev/null || iptables -w -I FORWARD $accept || exit 1
  fi
  exec 9<&-
}

make_netns() {
  if [ "$(stat -f -c %T "/run/netns/$netns" 2>/dev/null)" != nsfs ]; then
    ip netns del "$netns" 2>/dev/null
    # The first of a machine also makes /run/netns a mount of itself (ip-netns(8)): to be undone with the last.
    grep -q ' /run/netns ' /proc/mounts || : >"$base/.netns"
    ip netns add "$netns" || exit 1
  fi
  if ! ip -n "$netns" link show dev eth0 >/dev/null 2>&1; then
    ip link del dev "$veth" 2>/dev/null
    mac=$(echo "$address" | awk -F. '{ printf "02:01:%02x:%02x:%02x:%02x", $1, $2, $3, $4 }')
    ip link add name "$veth" type veth peer name eth0 address "$mac" netns "$netns" || exit 1
  fi
  ip link set dev "$veth" alias "topo-sandbox $name" && ip link set dev "$veth" master "$bridge" up || exit 1
  ip -n "$netns" link set dev lo up && ip -n "$netns" address replace "$address/16" dev eth0 && ip -n "$netns" link set dev eth0 up || exit 1
  # Without forwarding there is no way out: no route says so at once, a route would let every pull time out.
  [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ] || ip -n "$netns" route replace default via 198.18.0.1 || exit 1
}

# What is to live on is not one of the commands that end with the connection that started them.
outliving='env -u TOPO_RUN -u TOPO_CALL'

# The lock's descriptor is kept until the new process can be found by its cgroup: a killed topo leaves nobody unseen.
launch() {
  find_init && return
  end
  mkdir -p "$cg/init" || exit 1
  for d in "$cgroups" "$cgroups/topo-sandbox"; do
    for c in $(cat "$d/cgroup.controllers"); do echo "+$c" >"$d/cgroup.subtree_control"; done 2>/dev/null
  done
  rm -f "$run/pid"
  $outliving setsid sh -c '
    echo 0 >"$1/cgroup.procs" || exit 1
    exec 8<&- unshare --cgroup sh -c '\''
      echo 0 >"$1/init/cgroup.procs" || exit 1
      netns=$2
      shift 2
      exec nsenter --net="/run/netns/$netns" unshare --mount --uts --pid --fork --kill-child sh -c "$@"'\'' sh "$@"
  ' sh "$cg" "$netns" "$boot" sh "$run" "$data" "$name" "$address" "$engine" </dev/null >"$run/boot.log" 2>&1 &
  tries=0
  until find_init; do
    tries=$((tries + 1))
    [ $tries -le 200 ] && kill -0 $! 2>/dev/null || fail "the namespaces of sandbox $name did not come up: $(tail -n 3 "$run/boot.log")"
    sleep 0.03
  done
}

inside() {
  (exec 8<&-; echo 0 >"$cg/init/cgroup.procs" && exec $outliving nsenter -t "$init" -m -u -n -p -C sh -c "$1" sh) || exit 1
}

start_daemons() {
  runs sshd sshd.pid || inside "$sshd_start"
  runs dockerd docker.pid || inside "$engine_start"
  tries=0
  until runs sshd sshd.pid && runs dockerd docker.pid && grep -q 'API listen on' "$root/run/log/dockerd.log" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -le 1500 ] || fail "sandbox $name is not ready after a minute: $(tail -n 3 "$root/run/log/dockerd.log")"
    sleep 0.03
  done
}

start() {
  preflight
  make_keys
  make_bridge
  make_netns
  launch
  start_daemons
}

# Ends every process of the sandbox; its mounts go with the last one, its network with the name.
end() {
  tries=0
  while :; do
    [ ! -e "$cg/cgroup.kill" ] || echo 1 >"$cg/cgroup.kill"
    pids=$(ip netns pids "$netns" 2>/dev/null; [ ! -d "$cg" ] || find "$cg" -name cgroup.procs -exec cat {} + 2>/dev/null)
    [ -n "$pids" ] || break
    kill -KILL $pids 2>/dev/null
    tries=$((tries + 1))
    [ $tries -le 500 ] || fail "processes of sandbox $name do not end:" $pids
    sleep 0.02
  done
  [ ! -d "$cg" ] || find "$cg" -depth -type d -exec rmdir {} + 2>/dev/null
  return 0
}

unplug() {
  end
  [ ! -e "/sys/class/net/$veth" ] || ip link del dev "$veth" 2>/dev/null
  [ ! -e "/run/netns/$netns" ] || ip netns del "$netns"
}

create() {
  at "$1"
  lock "$run" 8
  read_meta && {
    [ "$topology" = "$2" ] || fail "sandbox $name belongs to $(whose "$topology"), not to $(whose "$2")"
    [ "$address $engine" = "$3 $5" ] || unplug
  }
  topology=$2 address=$3 veth=$4 engine=$5
  preflight
  claim
  start
}

reboot() {
  at "$1"
  lock "$run" 8
  read_meta || fail "there is no sandbox $name"
  unplug
  start
}

restart_engine() {
  at "$1"
  lock "$run" 8
  read_meta && find_init || fail "sandbox $name is not running"
  tries=0
  while runs dockerd docker.pid; do
    [ $((tries % 500)) != 0 ] || inside 'kill -TERM "$(cat /run/docker.pid)"'
    tries=$((tries + 1))
    [ $tries -le 1500 ] || fail "the engine of sandbox $name does not end"
    sleep 0.03
  done
  start_daemons
}

remove() {
  at "$1"
  veth=$2
  lock "$run" 8
  unplug
  rm -rf --one-file-system "$data" || exit 1
  lock "$base" 9
  find "$run" -mindepth 1 ! -name meta -delete
  rm -rf "$run"
  for d in "$base"/*/; do [ ! -d "$d" ] || flock -n "$d" rmdir "$d" 2>/dev/null; done
  [ -z "$(ls "$base")" ] || return 0
  [ ! -e "/sys/class/net/$bridge" ] || ip link del dev "$bridge"
  ! iptables-save 2>/dev/null | grep -q -e "--comment $bridge " || iptables -w -D FORWARD $accept
  [ ! -e "$base/.netns" ] || [ -n "$(ls -A /run/netns)" ] || { umount -n /run/netns && rmdir /run/netns; }
  rm -f "$base/.netns"
  rmdir "$cgroups/topo-sandbox" "$base" /run/topo "$store" /var/lib/topo 2>/dev/null
  return 0
}

verb=$1
shift
case $verb in
  create | reboot | remove) "$verb" "$@" ;;
  engine) restart_engine "$@" ;;
esac
`;

/** Lists the sandboxes of this machine, a line each: `name|topology|address|running|kept|problem,problem|engine`. Only reads. */
export const sandboxListScript = String.raw`${places}
problems() {
  find_init || { printf 'not running'; return; }
  [ -e "/sys/class/net/$veth" ] || printf 'not on the bridge,'
  runs sshd sshd.pid || printf 'sshd is not running,'
  runs dockerd docker.pid || printf 'dockerd is not running,'
}

show() {
  at "$1"
  read_meta || return
  running=0 kept=0 found=$(problems)
  [ -n "$found" ] && { ! named_volumes || kept=1; } || running=1
  printf '%s|%s|%s|%s|%s|%s|%s\n' "$name" "$topology" "$address" "$running" "$kept" "$found" "$engine"
}

for name in $({ ls "$base"; ls "$store"; } 2>/dev/null | sort -u); do show "$name"; done
`;
