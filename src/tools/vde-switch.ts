import type { Step, VdeSettings } from '../core/index.js';
import { FINISH, TALK } from './vde-shell.js';

/** Scripts around vde_switch. `$1` is always the path of the notes on the switch, less their ending. */
export const vdeSwitchScripts = {
  // $2 directory, $3 management socket, the rest: options. A killed switch leaves its sockets, and a management socket that is there keeps
  // the next one from starting, which it does not tell, for it is a daemon by then (seen). In a directory of others it would set the mode.
  'vde-switch-start': `stem=$1 dir=$2 mgmt=$3; shift 3
${TALK}
${FINISH}
if [ -n "$(running vde_switch "$stem.pid")" ]; then
  talk "$mgmt" port/showinfo >/dev/null 2>&1 && exit 0
  finish vde_switch "$stem.pid"
fi
for socket in "$dir/ctl" "$mgmt"; do
  listens "$socket" || continue
  echo "somebody else listens on $socket" >&2; exit 1
done
if ls -A "$dir" 2>/dev/null | grep -qvE '^(ctl|[0-9]+\\.[0-9]+|\\.[0-9]+-[0-9]+)$'; then
  echo "there are other things in $dir than the sockets of a switch" >&2; exit 1
fi
rm -f "$mgmt" "$stem.pid"
(umask 022; mkdir -p "\${stem%/*}" "\${dir%/*}" "\${mgmt%/*}") || exit
printf '%s\\n%s\\n' "$dir" "$mgmt" >"$stem.new" && mv "$stem.new" "$stem.switch" || exit
vde_switch -s "$dir" -M "$mgmt" -p "$stem.pid" -f /dev/null -d "$@" </dev/null || exit
tries=0
until talk "$mgmt" port/showinfo >/dev/null 2>&1; do
  tries=$((tries + 1)); sleep 0.05
  [ $tries -lt 60 ] || { echo "vde_switch does not answer on $mgmt: the system's log may say why" >&2; exit 1; }
done`,
  // What a killed switch left goes, too.
  'vde-switch-stop': `${FINISH}
finish vde_switch "$1.pid"
if { read -r dir && read -r mgmt; } 2>/dev/null <"$1.switch"; then
  listens "$dir/ctl" || { rm -f "$dir/ctl" "$dir"/[0-9]*.[0-9]* "$dir"/.[0-9]*-[0-9]*; rmdir "$dir"; }
  listens "$mgmt" || rm -f "$mgmt"
fi 2>/dev/null
rm -f "$1.pid" "$1.switch"
rmdir "\${1%/*}" "\${1%/*/*}" 2>/dev/null
exit 0`,
  // $2 management socket, the rest: commands
  'vde-switch-set': `mgmt=$2; shift 2
${TALK}
for words; do talk "$mgmt" "$words" >/dev/null || exit; done`,
} as const;

/** A switch that topo starts: where its notes are, and its sockets. */
export interface VdeSwitchPlace {
  readonly stem: string;
  readonly directory: string;
  readonly management: string;
}

/**
 * Starts a switch, or does nothing where it runs. Files of its user (`~/.vderc`) and of the system are not read: what it is, is what it
 * was told. It counts a port 0 of its own among its ports, which nobody can be plugged into (seen).
 */
export function startVdeSwitch({ stem, directory, management }: VdeSwitchPlace, settings: VdeSettings): Step {
  const { ports, hub, fstp, priority, group, mode } = settings;
  const options = [
    ...['-n', `${ports + 1}`],
    ...(hub ? ['-x'] : []),
    ...(fstp ? ['-F'] : []),
    ...(priority === undefined ? [] : ['--priority', `${priority}`]),
    ...(group === undefined ? [] : ['-g', group]),
    ...['-m', mode.toString(8).padStart(4, '0')],
  ];
  const args = [stem, directory, management, ...options];
  return {
    via: 'script',
    name: 'vde-switch-start',
    args,
    mutates: true,
    label: `start vde_switch in ${directory}`,
  };
}

/** Ends a switch and removes what is left of it, where topo started it. */
export function stopVdeSwitch({ stem, directory }: Pick<VdeSwitchPlace, 'stem' | 'directory'>): Step {
  const label = `stop vde_switch in ${directory}`;
  return { via: 'script', name: 'vde-switch-stop', args: [stem], mutates: true, label };
}

/** Changes a switch that runs. The order matters: a hub can't be told to speak the spanning tree protocol. */
export function setVdeSwitch(
  { stem, directory, management }: VdeSwitchPlace,
  { ports, hub, fstp }: Partial<Pick<VdeSettings, 'ports' | 'hub' | 'fstp'>>,
): Step {
  const commands = [
    ...(ports === undefined ? [] : [`port/setnumports ${ports + 1}`]),
    ...(fstp === false ? ['fstp/setfstp 0'] : []),
    ...(hub === undefined ? [] : [`port/sethub ${hub ? 1 : 0}`]),
    ...(fstp === true ? ['fstp/setfstp 1'] : []),
  ];
  const args = [stem, management, ...commands];
  return {
    via: 'script',
    name: 'vde-switch-set',
    args,
    mutates: true,
    label: `set vde_switch in ${directory}`,
  };
}
