import type { HostName } from './names.js';
import type { Resolved, ResolvedNetwork, ResolvedSwitch } from './resolved.js';

/** The switches of one kind, in document order. */
export function switchesOf<K extends ResolvedSwitch['kind']>(
  { switches }: Pick<Resolved, 'switches'>,
  kind: K,
): readonly Extract<ResolvedSwitch, { kind: K }>[] {
  return switches.filter((s): s is Extract<ResolvedSwitch, { kind: K }> => s.kind === kind);
}

/** Whether a switch is a VXLAN of either mode, and so has a VNI. */
export function isVxlan<S extends { readonly kind: string }>(
  on: S,
): on is Extract<S, { readonly kind: 'vxlan' | 'segment' }> {
  return on.kind === 'vxlan' || on.kind === 'segment';
}

/** A switch whose ports are devices. */
export type ResolvedPorted = Exclude<ResolvedSwitch, { kind: 'vxlan' }>;

/** The switches whose ports are devices, in document order. */
export function portedSwitches({ switches }: Pick<Resolved, 'switches'>): readonly ResolvedPorted[] {
  return switches.filter(s => s.kind !== 'vxlan');
}

/** The hosts that a switch with ports is on; none where there is no such switch. */
export function hostsOfSwitch(resolved: Pick<Resolved, 'switches'>, name: string): readonly HostName[] {
  const on = portedSwitches(resolved).find(s => s.name === name);
  switch (on?.kind) {
    case 'segment':
      return on.hosts;
    case 'vpp':
      return on.hosts.map(h => h.host);
    case 'bridge':
    case 'vale':
    case 'vde':
      return [on.host];
    case undefined:
      return [];
  }
}

/** The switch that a network is on, routed or stretched. */
export function switchOf({ fabric, stretch }: ResolvedNetwork): string | undefined {
  return fabric?.switch ?? stretch;
}

/** The Docker network whose bridge is what a segment is on a host; undefined where it has a bridge of its own there. */
export function stretchedAt(
  { stacks }: Pick<Resolved, 'stacks'>,
  on: string,
  host: HostName,
): { readonly stack: string; readonly network: ResolvedNetwork } | undefined {
  const here = stacks.filter(s => s.host === host);
  return here.flatMap(({ name: stack, networks }) =>
    networks.flatMap(network => (network.stretch === on ? [{ stack, network }] : [])),
  )[0];
}
