import { canonicalJson, spellAddress, type Difference, type Step } from '../core/index.js';
import { connectNetwork, disconnectNetwork, type Endpoint } from '../tools/index.js';
import type { ContainerConnection, ContainerState } from './container-read.js';
import type { ContainerNetwork, ContainerSpec } from './container-spec.js';
import { showValue } from './fields.js';

/** Connections that are not as wanted: all of one can be changed while the container is there, by making it anew. */
export function networksDifferences(want: ContainerSpec, have: ContainerState): readonly Difference[] {
  return [
    ...want.networks.flatMap(network => networkDifferences(network, want, have)),
    ...unwanted(want, have).map(name => ({
      field: `network ${name}`,
      have: 'connected',
      want: 'disconnected',
    })),
  ];
}

/** Off those that it should not be on, then (again) on those that it should: an engine has one connection to a network at a time. */
export function networksSteps(want: ContainerSpec, have: ContainerState): readonly Step[] {
  const open = want.networks.filter(network => networkDifferences(network, want, have).length > 0);
  const off = [...unwanted(want, have), ...open.map(n => n.name).filter(name => have.networks[name])];
  return [
    ...off.map(name => disconnectNetwork(name, have.id, want.name)),
    ...open.map(network => connectNetwork(network.name, have.id, endpointOf(network), want.name)),
  ];
}

/**
 * What of the mode in which it was made forces a new container. One that was made on no network, or on the host's, can't get on another.
 * One that was made on a network that is gone by now, or goes, can be on others until it ends, but not start on them any more (seen on 26.1 and 28.5).
 */
export function modeDifference(want: ContainerSpec, { mode }: ContainerState): readonly Difference[] {
  const first = want.networks[0]?.name;
  const isWanted = want.networks.some(n => n.name === mode?.name);
  if (first === undefined || mode === undefined || isWanted || (mode.isNetwork && !mode.goes)) return [];
  const have = mode.goes ? `${mode.name}, which goes` : mode.name;
  return [{ field: 'network_mode', have, want: first, replace: true }];
}

/** Whether it is on a network with another address than the one it is to have there. */
export function hasOtherAddress(want: ContainerNetwork, have: ContainerState): boolean {
  const connection = have.networks[want.name];
  return connection !== undefined && addressDifferences(want, connection).length > 0;
}

/** What the engine is told of a connection. */
export function endpointOf({ aliases, ipv4, ipv6, linkLocal, options }: ContainerNetwork): Endpoint {
  const fixed = {
    ...(ipv4 !== undefined && { IPv4Address: ipv4 }),
    ...(ipv6 !== undefined && { IPv6Address: ipv6 }),
    ...(linkLocal && { LinkLocalIPs: linkLocal }),
  };
  return { Aliases: aliases, ...options, ...(Object.keys(fixed).length > 0 && { IPAMConfig: fixed }) };
}

/** Those that a container is on and should not be. What it was put on by hand otherwise stays. */
function unwanted(want: ContainerSpec, have: ContainerState): readonly string[] {
  const wanted = new Set(want.networks.map(n => n.name));
  const extra = Object.entries(have.networks).filter(([name, c]) => c.ours && !wanted.has(name));
  return extra.map(([name]) => name).sort();
}

function networkDifferences(
  want: ContainerNetwork,
  { config }: ContainerSpec,
  have: ContainerState,
): readonly Difference[] {
  const connection = have.networks[want.name];
  if (!connection || connection.stale)
    return [{ field: `network ${want.name}`, have: 'disconnected', want: 'connected' }];
  // docker compose gives a container's own name, by which it is found anyway.
  const name = want.aliases.includes(have.name) ? [] : [have.name];
  const added = [have.id.slice(0, 12), config['Hostname'], ...name];
  return [...addressDifferences(want, connection), ...endpointDifferences(want, connection, added)];
}

/** The fixed addresses that it has not. */
function addressDifferences(want: ContainerNetwork, have: ContainerConnection): readonly Difference[] {
  return (['ipv4', 'ipv6'] as const).flatMap(key => {
    const fixed = want[key];
    if (fixed === undefined || spellAddress(fixed) === spellAddress(have[key])) return [];
    return [{ field: `network ${want.name} address`, have: have[key] || '(none)', want: fixed }];
  });
}

/** What the driver is told of sysctls the engine puts there itself (28 on, where they are of a device). */
const ENGINES_OWN = 'com.docker.network.endpoint.sysctls';

/** `added`: aliases that engines before 25 give by themselves. */
function endpointDifferences(
  { name, aliases, linkLocal = [], options = {} }: ContainerNetwork,
  { settings, mac }: ContainerConnection,
  added: readonly unknown[],
): readonly Difference[] {
  if (!settings) return [];
  const { [ENGINES_OWN]: sysctls, ...told } = settings.options;
  const driver = options.DriverOpts ?? {};
  const given = ENGINES_OWN in driver ? settings.options : told;
  const differ = (what: string, have: unknown, want: unknown): readonly Difference[] =>
    canonicalJson(have) === canonicalJson(want)
      ? []
      : [{ field: `network ${name} ${what}`, have: showValue(have), want: showValue(want) }];
  const wantedMac = options.MacAddress?.toLowerCase();
  return [
    ...differ('aliases', without(added, settings.aliases), without(added, aliases)),
    ...differ('links', sorted(settings.links), sorted(options.Links ?? [])),
    ...differ('link_local_ips', sorted(settings.linkLocal), sorted(linkLocal)),
    ...differ('driver_opts', given, driver),
    ...differ('gw_priority', settings.gatewayPriority, options.GwPriority ?? 0),
    ...(wantedMac === undefined || mac === '' ? [] : differ('mac_address', mac.toLowerCase(), wantedMac)),
  ];
}

function without(added: readonly unknown[], aliases: readonly string[]): readonly string[] {
  return sorted(aliases.filter(alias => !added.includes(alias)));
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
