import type { Step } from '../core/index.js';
import { linkGroup } from './ip.js';

/** The shell function that names the devices of which `$topology` wrote down how they were. */
export const TAKEN_READER = `taken() {
  [ ! -d "/run/topo/$topology/ports" ] || ls "/run/topo/$topology/ports"
}`;

/** Scripts around devices of the host's own that are ports of bridges of ours. How one was stands in a file until it is let go. */
export const portScripts = {
  // $1 device, $2 bridge, $3 topology
  'port-take': `file=/run/topo/$3/ports/$1
state=$(cat "/sys/class/net/$1/flags") || exit
if [ ! -e "$file" ]; then
  mkdir -p -m 0700 "\${file%/*}" && printf '%s\\n' "$state" >"\${file%/*}/.$1.new" && mv "\${file%/*}/.$1.new" "$file" || exit
fi
printf 'link set dev %s master %s\\nlink set dev %s up\\n' "$1" "$2" "$1" | ip -batch -`,
  // $1 device, $2 topology. IFF_UP is the lowest bit (linux/if.h). While it is a port the rest is still to be done.
  'port-release': `file=/run/topo/$2/ports/$1
[ -e "/sys/class/net/$1" ] || { rm -f "$file"; exit 0; }
if [ -e "$file" ]; then
  [ $(($(cat "$file") & 1)) = 1 ] || ip link set dev "$1" down || exit
  rm -f "$file"
fi
ip link set dev "$1" nomaster || exit
rmdir "\${file%/*}" 2>/dev/null || true`,
  // $1 device, $2 topology, the rest: what it is not to do (ethtool's words), which is written down where it does. A network card gives on
  // only what is for itself, unless it is told otherwise: a bridge tells it, a packet socket and netmap do not.
  'device-take': `device=$1 file=/run/topo/$2/ports/$1 on=; shift 2
state=$(cat "/sys/class/net/$device/flags") || exit
if [ $# != 0 ]; then
  on=$(ethtool -k "$device") || exit
  on=$(printf '%s\\n' "$on" | awk -v words=" $* " '
    BEGIN { word["generic-receive-offload:"] = "gro"; word["large-receive-offload:"] = "lro"; word["tx-checksumming:"] = "tx" }
    $2 == "on" && $3 != "[fixed]" && index(words, " " word[$1] " ") { printf " %s", word[$1] }')
fi
if [ ! -e "$file" ]; then
  mkdir -p -m 0700 "\${file%/*}" && printf '%s\\n' "$state$on" >"\${file%/*}/.$device.new" && mv "\${file%/*}/.$device.new" "$file" || exit
fi
for feature in $on; do ethtool -K "$device" "$feature" off >/dev/null || exit; done
ip link set dev "$device" promisc on`,
  // $1 device, $2 topology. IFF_UP is 0x1, IFF_PROMISC 0x100 (linux/if.h). One that somebody else made a port meanwhile is theirs to set up or down.
  'device-release': `file=/run/topo/$2/ports/$1
[ -e "$file" ] || exit 0
if [ -e "/sys/class/net/$1" ]; then
  read -r state on <"$file"
  for feature in $on; do ethtool -K "$1" "$feature" on >/dev/null || exit; done
  [ $((state & 0x100)) != 0 ] || ip link set dev "$1" promisc off || exit
  [ $((state & 1)) = 1 ] && how=up || how=down
  [ -e "/sys/class/net/$1/master" ] || ip link set dev "$1" "$how" || exit
fi
rm -f "$file"
rmdir "\${file%/*}" 2>/dev/null || true`,
} as const;

/** What a card and its kernel do to frames, by ethtool's words: put received ones together (`gro`, `lro`), send ones without checksums or in large pieces (`tx`). */
export type Feature = 'gro' | 'lro' | 'tx';

/** What a Linux bridge is told. */
export interface BridgeSettings {
  readonly stp: boolean;
  /** Hundredths of a second; absent: the kernel's 300 s. */
  readonly ageing?: number;
  readonly groupFwdMask: number;
  readonly vlanFiltering: boolean;
  /** Whether it shows what it bridges to iptables, ip6tables and arptables. */
  readonly netfilter: boolean;
}

/** Makes a bridge in its topology's group. */
export function addBridge(device: string, mac: string, settings: BridgeSettings, topology: string): Step {
  const { vlanFiltering, netfilter, ...rest } = settings;
  // A kernel without them refuses even the words.
  const more = { ...(vlanFiltering && { vlanFiltering }), ...(netfilter && { netfilter }) };
  const words = bridgeWords({ ...rest, ...more });
  const args = [device, `${linkGroup(topology)}`, 'address', mac, 'type', 'bridge', ...words];
  return { via: 'script', name: 'link-add', args, mutates: true, label: `add bridge ${device}` };
}

/** Changes a bridge that is there. */
export function setBridge(device: string, settings: Partial<BridgeSettings>): Step {
  const argv = ['ip', 'link', 'set', 'dev', device, 'type', 'bridge', ...bridgeWords(settings)];
  return { via: 'exec', argv, mutates: true, label: `set bridge ${device}` };
}

function bridgeWords({
  stp,
  ageing,
  groupFwdMask,
  vlanFiltering,
  netfilter,
}: Partial<BridgeSettings>): readonly string[] {
  const calls = netfilter ? '1' : '0';
  return [
    ...(stp === undefined ? [] : ['stp_state', stp ? '1' : '0']),
    ...(ageing === undefined ? [] : ['ageing_time', `${ageing}`]),
    ...(groupFwdMask === undefined ? [] : ['group_fwd_mask', `${groupFwdMask}`]),
    ...(vlanFiltering === undefined ? [] : ['vlan_filtering', vlanFiltering ? '1' : '0']),
    ...(netfilter === undefined
      ? []
      : ['nf_call_iptables', calls, 'nf_call_ip6tables', calls, 'nf_call_arptables', calls]),
  ];
}

/** Makes a device of the host's own a port of a bridge, writing down before whether it was up. */
export function enslaveLink(device: string, bridge: string, topology: string): Step {
  const args = [device, bridge, topology];
  return { via: 'script', name: 'port-take', args, mutates: true, label: `${device} into ${bridge}` };
}

/** Lets such a device go, and leaves it up or down as it was. One that is gone is no failure. */
export function releaseLink(device: string, topology: string): Step {
  const args = [device, topology];
  return { via: 'script', name: 'port-release', args, mutates: true, label: `${device} let go` };
}

/** Has a device of the host's own give on all frames, for a dataplane that takes it, writing down before how it was. `without`: see {@link Feature}. */
export function takeDevice(device: string, topology: string, without: readonly Feature[] = []): Step {
  const args = [device, topology, ...without];
  return { via: 'script', name: 'device-take', args, mutates: true, label: `all frames of ${device}` };
}

/** Has such a device as it was: a dataplane leaves it down, and one that ended up and promiscuous. One that is gone is no failure. */
export function releaseDevice(device: string, topology: string): Step {
  const args = [device, topology];
  return { via: 'script', name: 'device-release', args, mutates: true, label: `${device} as it was` };
}
