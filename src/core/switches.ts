import type { HostName } from './names.js';
import type { Resolved, ResolvedNetwork, ResolvedSwitch } from './resolved.js';

/** The switches of one kind, in document order. */
export function switchesOf<K extends ResolvedSwitch['kind']>(
  { switches }: Pick<Resolved, 'switches'>,
  kind: K,
): readonly Extract<ResolvedSwitch, { kind: K }>[] {
  return switches.filter((s): s is Extract<ResolvedSwitch, { kind: K }> => s.kind === kind);
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
