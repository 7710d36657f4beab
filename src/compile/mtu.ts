import { ETHERNET_MTU, vxlanOverhead } from '../core/index.js';
import type { Diagnostic, HostName, Resolved, ResolvedVxlan } from '../core/index.js';
import { NO_PING } from '../tools/index.js';
import type { Path } from './paths.js';
import type { Underlay } from './underlay.js';

/** What fits through a switch, and what there is to say about it. */
export interface SwitchMtu {
  /** Bytes, for the devices, the networks and the containers on it. */
  readonly mtu: number;
  /** Why it is less than the hosts' devices leave, in words; undefined where it is not, or where the file says it. */
  readonly note: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What lets no more through, and who says so. */
export interface MtuLimit {
  readonly bytes: number;
  readonly host: HostName;
  /** In words. */
  readonly by: string;
}

/** The declared MTU of a switch, or what is left of its narrowest path after the headers of VXLAN. More than that is an error. */
export function switchMtu(
  resolved: Resolved,
  vxlan: ResolvedVxlan,
  underlayOf: ReadonlyMap<HostName, Underlay>,
  paths: readonly Path[],
): SwitchMtu {
  const overhead = vxlanOverhead([...underlayOf.values()][0]?.family ?? 4);
  const narrowest = paths.reduce<Path | undefined>(
    (a, b) => (a && a.carries <= b.carries ? a : b),
    undefined,
  );
  const devices = Math.min(...[...underlayOf.values()].map(u => u.mtu));
  const alone = Number.isFinite(devices) ? devices : ETHERNET_MTU;
  // A host that was not read this time has no path, and the MTU that is in use.
  const left = Math.min(narrowest?.carries ?? alone, alone) - overhead;
  if (vxlan.mtu !== undefined) {
    const fits = !narrowest || vxlan.mtu <= left;
    const diagnostics = fits ? [] : [tooLarge(resolved, vxlan, vxlan.mtu, narrowest, overhead)];
    return { mtu: vxlan.mtu, note: undefined, diagnostics };
  }
  const less = narrowest && narrowest.carries < devices;
  return {
    mtu: left,
    note: less ? `switch ${vxlan.name} has an MTU of ${left}: ${why(narrowest)}` : undefined,
    diagnostics: paths.filter(p => p.found && p.found.carries === undefined).map(unmeasured),
  };
}

function why({ host, peer, carries, most, by }: Path): string {
  return carries < most
    ? `the path from ${host} to ${peer} carries ${carries} bytes (measured; ${by} lets ${most} through)`
    : `${by}, on the path from ${host} to ${peer}, lets no more than ${most} bytes through`;
}

function tooLarge(
  resolved: Resolved,
  { name }: ResolvedVxlan,
  mtu: number,
  path: Path,
  overhead: number,
): Diagnostic {
  const place = resolved.locate(['switches', name, 'mtu']);
  const left = path.carries - overhead;
  return {
    severity: 'error',
    code: 'mtu.path',
    host: path.host,
    ...(place && { place }),
    summary: `an MTU of ${mtu} does not fit through switch ${name}: ${why(path)}, and VXLAN needs ${overhead} of them`,
    hint: `set \`mtu\` of switch ${name} to ${left} or less, or leave it out, or let ${mtu + overhead} bytes pass there`,
  };
}

/** A firewall that drops pings says nothing about the tunnel: no reason to refuse. */
function unmeasured({ host, peer, most, by, found }: Path): Diagnostic {
  return {
    severity: 'warning',
    code: 'mtu.unmeasured',
    host,
    summary: `what the path from ${host} to ${peer} carries could not be measured (${found?.why ?? ''}): the ${most} bytes that ${by} lets through are taken`,
    hint: `${found?.why === NO_PING ? `install ping on ${host} (iputils-ping)` : 'let ICMP echo pass between the two'}, or set \`mtu\` of the switch`,
  };
}
