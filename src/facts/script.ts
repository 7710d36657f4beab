import {
  ADOPTED_READER,
  NAMESPACES_READER,
  NAMES_READER,
  OFFLOADS_READER,
  QDISCS_READER,
  RUNS_READER,
  SYSCTLS,
  TAKEN_READER,
  VALE_READER,
  VDE_READER,
  VPP_READER,
} from '../tools/index.js';

/** Programs that some kind needs or that a plan decides by. */
const TOOLS = [
  'awk',
  'bridge',
  'busybox',
  'docker',
  'dockerd',
  'ethtool',
  'flock',
  'ip',
  'ip6tables',
  'iptables',
  'nft',
  'nsenter',
  'ping',
  'ss',
  'sshd',
  'sysctl',
  'tc',
  'unixcmd',
  'unshare',
  'vale-ctl',
  'vde_plug2tap',
  'vde_switch',
  'vppctl',
  'wg',
  'wireguard-go',
];

/** What stands at the begin of a line that divides the output, on stdout and stderr alike. */
export const DIVIDER = '#topo#';

/**
 * Reads a whole host as root in one go: `$1` the topology, `$2` the script that lists sandbox hosts, or nothing, `$3` whether to look into containers, or nothing, `$4` whether to look what queues the kernel can make, or nothing; then pairs of a dataplane's name and the words for its reader, a line each. Each part ends with its exit status, so that what cannot be read
 * spoils nothing else. `sudo` takes SSH_CONNECTION away: its own environment still has it.
 */
export const READ_SCRIPT = `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C
export PATH LC_ALL
part() {
  printf '\\n${DIVIDER} %s\\n' "$1"; printf '\\n${DIVIDER} %s\\n' "$1" >&2
  shift
  "$@"
  printf '\\n${DIVIDER} = %s\\n' $?
}
about() {
  uname -nrm
  cat /proc/sys/kernel/random/boot_id
  readlink /proc/self/ns/net
  [ -n "$SSH_CONNECTION" ] || SSH_CONNECTION=$(tr '\\0' '\\n' 2>/dev/null <"/proc/$PPID/environ" | sed -n 's/^SSH_CONNECTION=//p')
  echo "$SSH_CONNECTION"
}
tools() {
  for tool in ${TOOLS.join(' ')}; do path=$(command -v "$tool") && echo "$tool=$path"; done
  return 0
}
routes6() {
  [ ! -e /proc/net/if_inet6 ] || ip -N -j -6 route show table all
}
# A host can have two of $1, with tables of their own that are all in force; $2: where the kernel names those of the older one. What an
# engine wrote with the one can't be opened with the other.
rules() {
  other=
  case $("$1" -V) in
  *nf_tables*) ! grep -q . "/proc/net/$2" 2>/dev/null || other=$1-legacy ;;
  *legacy*) other=$1-nft ;;
  esac
  if [ -n "$other" ] && "$other-save" -t filter 2>/dev/null | grep -q '^:DOCKER-USER '; then
    echo "the engine's are in those of $other, and $1 here is another program; choose one (update-alternatives --config $1), remove the other's rules (restart the host, or flush them) and restart the engine" >&2
    return 1
  fi
  "$1-save"
}
# A table of another topology may go between the two calls.
tables() {
  all=$(nft list tables) || return
  printf '%s\\n' "$all"
  printf '%s\\n' "$all" | while read -r _ family name; do
    case $name in
    topo*) nft -j list table "$family" "$name" || ! nft list table "$family" "$name" || exit 1 ;;
    docker-bridges) # an engine's: long, and only the mark that it lets through is asked for
      nft list table "$family" "$name" | sed -n "s/.*meta mark & \\(0x[0-9a-f]*\\) == \\(0x[0-9a-f]*\\) .*ALLOW FW MARK.*/accepts $family $name \\2 \\1/p" | sort -u ;;
    esac
  done
}
# Beside the fixed ones: how those devices take router advertisements that have a route by one.
sysctls() {
  sysctl -e ${SYSCTLS.join(' ')}
  [ -e /proc/net/if_inet6 ] || return 0
  for dev in $(ip -6 route show table all proto ra | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | sort -u); do
    value=$(cat "/proc/sys/net/ipv6/conf/$dev/accept_ra") && echo "net/ipv6/conf/$dev/accept_ra = $value"
  done 2>/dev/null
  return 0
}
topologies() {
  cd /var/lib/topo 2>/dev/null || return 0
  for name in *; do [ -f "$name/host.json" ] && echo "$name"; done
  return 0
}
record() {
  [ ! -e "/var/lib/topo/$topology/$1" ] || cat "/var/lib/topo/$topology/$1"
}
sandboxes() {
  sh -c "$1" sandbox-list
  [ $? -le 1 ] # 1: the last one listed is half made
}
${ADOPTED_READER}
${NAMES_READER}
${NAMESPACES_READER}
${OFFLOADS_READER}
${QDISCS_READER}
${RUNS_READER}
${TAKEN_READER}
${VALE_READER}
${VDE_READER}
${VPP_READER}
topology=$1 data_root=
part about about
part tools tools
part links ip -d -j address show
part qdiscs qdiscs
part routes4 ip -N -j -4 route show table all
part routes6 routes6
part fdb bridge -j fdb show
part vlans bridge -j -compressvlans vlan show
part neighbours ip -j neigh show
part iptables4 rules iptables ip_tables_names
part iptables6 rules ip6tables ip6_tables_names
part nft tables
part listeners ss -Hlntup
part sysctls sysctls
part names names
part namespaces namespaces "$3"
part runs runs
part vde vde
part taken taken
part topologies topologies
part hosts record host.json
part applied record applied.json
part adopted adopted
part paths record paths.json
[ -z "$4" ] || part kernel kernel_qdiscs
[ -z "$2" ] || part sandboxes sandboxes "$2"
shift 4
case " $* " in
*' vale '*) ;;
*) left=$(vale_left) && set -- "$@" vale "$left" ;;
esac
[ $# -lt 2 ] || part offloads offloads
while [ $# -gt 1 ]; do
  part "$1" "read_$1" "$2"
  shift 2
done
part end true`;
