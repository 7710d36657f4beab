import type { DocPath, PortDeclaration, ServiceDeclaration } from '../core/index.js';
import { valueAt } from './at.js';
import type { Finding } from './finding.js';
import { expandPort } from './port.js';
import type { PortInput } from './port.js';
import { sharingsOf } from './shared-namespaces.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** How many containers a service is to have, as far as it can be told. Takes any document. */
export function replicasAt(root: unknown, service: DocPath): number {
  const said = valueAt(root, [...service, 'scale']) ?? valueAt(root, [...service, 'deploy', 'replicas']) ?? 1;
  const count = Number(said);
  return Number.isInteger(count) && count >= 0 ? count : 1;
}

/** What only one container can have, of services that have several. */
export function checkReplicas(sight: Sight): readonly Finding[] {
  return Object.entries(sight.topology.stacks).flatMap(([stack, { services }]) =>
    Object.entries(services).flatMap(([key, service]) => {
      const path = ['stacks', stack, 'services', key];
      return [
        ...(service.replicas > 1 ? alone(sight, path, service) : []),
        ...sharesNothing(sight, path, services),
      ];
    }),
  );
}

/** Namespaces of a service that is to have no container. */
function sharesNothing(
  sight: Sight,
  path: DocPath,
  services: Readonly<Record<string, ServiceDeclaration>>,
): readonly Finding[] {
  const empty = sharingsOf(sight.root, path).filter(({ name }) => services[name]?.replicas === 0);
  return empty.map(({ name, path: at }) => {
    const summary = `service "${name}" has no container to share anything with: its scale is 0`;
    return clash(sight, 'replicas.conflict', summary, at);
  });
}

function alone(
  sight: Sight,
  path: DocPath,
  { containerName, replicas, networks = {}, interfaces }: ServiceDeclaration,
): readonly Finding[] {
  const hint = 'leave it out, or let the service have one container';
  const complain = (at: DocPath, what: string): Finding =>
    clash(sight, 'replicas.conflict', `${replicas} containers can't all have ${what}`, at, { hint });
  return [
    ...(containerName === undefined
      ? []
      : [complain([...path, 'container_name'], `the name ${containerName}`)]),
    ...Object.entries(networks).flatMap(([network, { ipv4, ipv6 }]) => [
      ...(ipv4 === undefined
        ? []
        : [complain([...path, 'networks', network, 'ipv4_address'], `the address ${ipv4}`)]),
      ...(ipv6 === undefined
        ? []
        : [complain([...path, 'networks', network, 'ipv6_address'], `the address ${ipv6}`)]),
    ]),
    ...interfaces.flatMap(({ mac, path: at }) =>
      mac === undefined ? [] : [complain([...at, 'mac'], `the MAC address ${mac}`)],
    ),
    ...crowdedPorts(sight, [...path, 'ports'], replicas),
  ];
}

function crowdedPorts(sight: Sight, path: DocPath, replicas: number): readonly Finding[] {
  const inputs = (valueAt(sight.root, path) ?? []) as readonly PortInput[];
  return inputs.flatMap((input, i) => {
    const narrow = expandPort(input).find(port => roomOf(port) < replicas);
    if (!narrow) return [];
    const { host = 0, hostEnd, protocol } = narrow;
    const what =
      hostEnd === undefined ? `port ${host}/${protocol}` : `a port of ${host}-${hostEnd}/${protocol}`;
    const range = `${host}-${host + replicas - 1}:${narrow.container}`;
    const hint = `give a range of host ports, such as "${range}", or none, and the engine chooses`;
    return [
      clash(
        sight,
        'replicas.conflict',
        `${replicas} containers can't all have ${what} of the host`,
        [...path, i],
        { hint },
      ),
    ];
  });
}

/** How many containers can publish it on one host. */
function roomOf({ host, hostEnd }: PortDeclaration): number {
  return host === undefined ? Infinity : (hostEnd ?? host) - host + 1;
}
