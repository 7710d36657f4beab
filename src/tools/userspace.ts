import { digest, type Step } from '../core/index.js';
import type { HookBody } from './hooks.js';
import { spelled, type VppCommand } from './vppctl.js';
import { createMemif, memifName, SOCKETS, type MemifWords } from './vppctl-shared.js';

/** Where a container finds what the Userspace CNI has for it. */
export const CNI_DATA = '/var/run/vpp/cni/data';

/** A port of a container's own VPP. */
export interface UserspacePort extends Omit<MemifWords, 'socket'> {
  /** As the file calls the interface. */
  readonly name: string;
  readonly via: 'memif' | 'vhost-user';
  /** The socket's file in the shared directory. */
  readonly file: string;
  readonly tag: string;
  /** With lengths. */
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly dst: string; readonly via?: string }[];
  readonly mtu: number;
  readonly up: boolean;
}

/**
 * Runs in a container. $1: the version that its VPP must have, or nothing; then a command of VPP each. One that begins with `?` may fail. An
 * answer is an error, for none of these commands says anything else; VPP is waited for, and one that hangs is not.
 */
const CONFIGURE = `want=$1; shift; set -f
ask() {
  said=$(timeout 10 vppctl "$@" 2>&1 </dev/null)
  code=$?
  case $code in
  124 | 137 | 143) echo "the VPP in the container hangs: '$*' took longer than 10 s" >&2; exit 1 ;;
  esac
}
tries=0
until ask show version; case $code$said in '0vpp v'*) ;; *) false ;; esac; do
  tries=$((tries + 1))
  [ $tries -lt 50 ] || { echo "the VPP in the container does not answer: $said" >&2; exit 1; }
  sleep 0.2
done
have=\${said#vpp v} have=\${have%% *}
if [ -n "$want" ] && [ "$have" != "$want" ]; then
  echo "the VPP in the container is $have, and the host's is $want: take the same, or say userspace: { allow_version_mismatch: true }" >&2
  exit 1
fi
for command do
  case $command in
  '?'*) ask \${command#?}; continue ;;
  esac
  ask $command
  [ "$code$said" = 0 ] || { echo "VPP in the container: $command: \${said:-exit code $code}" >&2; exit 1; }
done`;

/** Checks the VPP in a container, and makes its ports anew. `version`: what it must be; absent: it may be any. */
export function configureVpp(version: string | undefined, ports: readonly UserspacePort[]): HookBody {
  const commands = [...forgetRoutes(ports), ...ports.flatMap(portCommands)];
  return { Cmd: ['sh', '-c', CONFIGURE, 'sh', version ?? '', ...commands] };
}

/** A route outlives its interface and leads nowhere from then on, or into what has the index next; made again, it has both paths (seen). */
function forgetRoutes(ports: readonly UserspacePort[]): readonly string[] {
  return [...new Set(ports.flatMap(port => port.routes.map(({ dst }) => `?ip route del ${dst}`)))];
}

function portCommands(port: UserspacePort): readonly string[] {
  const name = memifName(port.socketId);
  const made = createMemif({ ...port, socket: `${SOCKETS}/${port.file}` }).map(({ words }) => words);
  const commands: readonly VppCommand['words'][] = [
    ...made,
    ['set', 'interface', 'tag', name, port.tag],
    ['set', 'interface', 'mtu', 'packet', port.mtu, name],
    ...port.addresses.map(address => ['set', 'interface', 'ip', 'address', name, address]),
    ...(port.up ? [['set', 'interface', 'state', name, 'up']] : []),
    ...port.routes.map(({ dst, via }) => ['ip', 'route', 'add', dst, 'via', ...(via ? [via] : []), name]),
  ];
  return [`?${spelled(['delete', 'interface', 'memif', name])}`, ...commands.map(spelled)];
}

/** A container's name at the Userspace CNI: as long as an engine's id, and known before there is a container. */
export function cniContainer(topology: string, replica: string): string {
  return digest([topology, replica]);
}

/** A file for a container's vpp-app. */
export interface CniData {
  readonly file: string;
  readonly text: string;
}

/** What the Userspace CNI leaves for one interface of a container, as its vpp-app reads it: empty values are left out. */
export function cniData(container: string, port: UserspacePort): CniData {
  const { name, via, role, file, mac, addresses, routes } = port;
  const shared =
    via === 'memif'
      ? { iftype: 'memif', memif: { role, mode: 'ethernet', socketfile: file } }
      : { iftype: 'vhostuser', vhost: { mode: 'client', socketfile: file } };
  const data = {
    containerId: container,
    ifName: name,
    name: port.tag,
    config: { engine: 'vpp', ...shared, netType: 'interface' },
    ipResult: {
      cniVersion: '1.0.0',
      interfaces: [{ name, mac }],
      ips: addresses.map(address => ({ address, interface: 0 })),
      routes: routes.map(({ dst, via: gw }) => ({ dst, ...(gw !== undefined && { gw }) })),
    },
  };
  return {
    file: `configData-${container.slice(0, 12)}-${name}.json`,
    text: `${JSON.stringify(data, null, 2)}\n`,
  };
}

/** The host's side of a container's data directory. */
export const cniDirectory = (container: string): string => `/var/run/vpp/cni/${container}`;

/** Scripts about them. */
export const userspaceScripts = {
  // $1 directory, $2 the file's name; its text on stdin. It appears whole: who polls the directory removes what it has read.
  'cni-data': `mkdir -p "$1" && cat >"$1/.topo" && mv "$1/.topo" "$1/$2"`,
  // $1 the container's name. A VPP leaves the file of a socket that it is told to delete (seen).
  'cni-gone': `case $1 in '' | *[!0-9a-f]*) exit 1 ;; esac
short=$(printf '%.12s' "$1")
rm -rf "${cniDirectory('$1')}" && rm -f ${SOCKETS}/"$short"-* ${SOCKETS}/memif-"$short"-*`,
} as const;

/** Leaves a file for a container's vpp-app, which takes it away when it has read it. */
export function leaveCniData(container: string, { file, text }: CniData): Step {
  const args = [cniDirectory(container), file];
  return {
    via: 'script',
    name: 'cni-data',
    args,
    stdin: text,
    mutates: true,
    label: `leave ${file} for vpp-app`,
  };
}

/** Removes a container's directory, and the files of the sockets that are called after it. `called`: as people call it. */
export function forgetCni(container: string, called: string): Step {
  const label = `remove what ${called} had for VPP`;
  return { via: 'script', name: 'cni-gone', args: [container], mutates: true, label };
}
