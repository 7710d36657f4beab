import type { PortVlans, Step } from '../core/index.js';
import { VDE_NO_VLAN } from '../core/index.js';
import { FINISH, TALK } from './vde-shell.js';

/** Ends the plug of notes `$stem`, and gives back the port that was kept for it. A killed one leaves its socket in the switch's directory. */
const UNPLUG = `${TALK}
${FINISH}
unplug() {
  { read -r old; read -r asked; read -r kept; } 2>/dev/null <"$stem.plug" || :
  finish vde_plug2tap "$stem.pid"
  if [ -n "$old" ] && read -r pid 2>/dev/null <"$stem.pid"; then rm -f "$old"/.$(printf %05d "$pid")-*; fi
  if [ -n "$kept" ]; then
    tries=0
    until talk "$asked" "port/remove $kept" >/dev/null 2>&1 || [ $tries -ge 5 ]; do tries=$((tries + 1)); sleep 0.05; done
  fi
  rm -f "$stem.pid" "$stem.log" "$stem.plug"
}`;

/** Puts port `$kept` into VLANs: untagged `$untagged`, tagged the arguments. A VLAN has to be there first. */
const VLANS = `vlans() {
  for vlan in "$untagged" "$@"; do
    case $vlan in 0 | ${VDE_NO_VLAN}) ;; *) talk "$mgmt" "vlan/create $vlan" >/dev/null 2>&1 ;; esac
  done
  talk "$mgmt" "port/setvlan $kept $untagged" >/dev/null || return
  for vlan; do talk "$mgmt" "vlan/addport $vlan $kept" >/dev/null || return; done
}`;

/** Scripts around vde_plug2tap. `$1` is always the path of the notes on the plug, less their ending. */
export const vdePlugScripts = {
  // $2 the switch's directory, $3 its management socket (nothing: not known), $4 the tap, $5 its untagged VLAN (nothing: nothing is said of
  // VLANs), the rest: its tagged ones. A port with VLANs is kept for its plug: a guest that came after it would be in them (seen).
  // Who finds no free port waits for one for ever (seen).
  'vde-plug-start': `stem=$1 dir=$2 mgmt=$3 tap=$4 untagged=$5 kept=; shift 5
${UNPLUG}
${VLANS}
give_up() { echo "$1" >&2; unplug; exit 1; }
unplug; kept=
[ -S "$dir/ctl" ] || { echo "no VDE switch is at $dir" >&2; exit 1; }
(umask 022; mkdir -p "\${stem%/*}") && printf '%s\\n%s\\n' "$dir" "$mgmt" >"$stem.plug" || exit
if [ -n "$untagged" ]; then
  kept=$(talk "$mgmt" port/createauto | sed -n 's/^Port 0*\\([0-9]*\\).*/\\1/p')
  [ -n "$kept" ] || give_up "the VDE switch at $dir has no free port"
  echo "$kept" >>"$stem.plug"
  vlans "$@" || give_up "port $kept of the VDE switch at $dir can't be put into its VLANs"
fi
setsid vde_plug2tap -P "$stem.pid" \${kept:+-p "$kept"} -s "$dir" "$tap" </dev/null >"$stem.log" 2>&1 &
pid=$! tries=0
plugged() {
  ip link show dev "$tap" >/dev/null 2>&1 && { [ -z "$mgmt" ] || talk "$mgmt" port/print | grep -qw "pid=$pid"; }
}
until plugged; do
  tries=$((tries + 1)); sleep 0.02
  kill -0 "$pid" 2>/dev/null || give_up "vde_plug2tap ended: $(cat "$stem.log")"
  [ $tries -lt 100 ] || give_up "the VDE switch at $dir has no free port, or does not answer"
done`,
  'vde-plug-stop': `stem=$1
${UNPLUG}
unplug
rmdir "\${1%/*}" "\${1%/*/*}" 2>/dev/null
exit 0`,
  // $2 untagged VLAN, $3 the tagged ones that it leaves, the rest: its tagged ones
  'vde-plug-vlans': `stem=$1 untagged=$2 gone=$3; shift 3
${TALK}
${VLANS}
{ read -r dir && read -r mgmt && read -r kept; } <"$stem.plug" || exit
vlans "$@" || exit
for vlan in $gone; do talk "$mgmt" "vlan/delport $vlan $kept" >/dev/null || exit; done`,
} as const;

/** A process that joins a tap with a switch: where its notes are, and what it was told. */
export interface VdePlugPlace {
  readonly stem: string;
  /** Of the switch. */
  readonly directory: string;
  /** Of the switch; absent where it is not known. */
  readonly management?: string;
  /** By the name that it is made under. */
  readonly tap: string;
  /** Absent: the port is as the switch has it. */
  readonly vlans?: PortVlans;
}

/** Starts a plug, ending what is left of the one before; the tap is made by it, on the host, and goes with it. */
export function startVdePlug({ stem, directory, management = '', tap, vlans }: VdePlugPlace): Step {
  const words = vlans ? [untaggedOf(vlans), ...vlans.tagged.map(String)] : [''];
  const args = [stem, directory, management, tap, ...words];
  return {
    via: 'script',
    name: 'vde-plug-start',
    args,
    mutates: true,
    label: `plug ${tap} into ${directory}`,
  };
}

/** Ends a plug, and with it its tap wherever that is. */
export function stopVdePlug(stem: string): Step {
  return {
    via: 'script',
    name: 'vde-plug-stop',
    args: [stem],
    mutates: true,
    label: `end vde_plug2tap ${stem}`,
  };
}

/** Puts the port that is kept for a plug into other VLANs. `gone`: tagged ones that it leaves. */
export function setVdeVlans(stem: string, vlans: PortVlans, gone: readonly number[]): Step {
  const args = [stem, untaggedOf(vlans), gone.join(' '), ...vlans.tagged.map(String)];
  return { via: 'script', name: 'vde-plug-vlans', args, mutates: true, label: `VLANs of ${stem}` };
}

function untaggedOf({ untagged }: PortVlans): string {
  return `${untagged ?? VDE_NO_VLAN}`;
}
