import type { Membership, ResolvedService, ServiceDeclaration, ServiceSettings } from '../core/index.js';

/** Networks that every engine has: a service is on one of them by `network_mode`. */
const BUILT_IN: readonly string[] = ['host', 'none', 'bridge'];

/** What a stack knows of its services: its project, and the containers' names of each, by key. */
interface Others {
  readonly project: string;
  readonly containers: ReadonlyMap<string, readonly string[]>;
}

/** What a service has of others, by the names that the engine knows. Each linked one has three names, as Compose gives them. */
export function resolveJoins(
  { links, externalLinks, volumesFrom }: ServiceSettings,
  { project, containers }: Others,
): Pick<ServiceSettings, 'links' | 'volumesFrom'> {
  const own = (links ?? []).flatMap(link => {
    const [service = '', alias = service] = link.split(':');
    return (containers.get(service) ?? []).flatMap((container, i) =>
      [alias, `${service}-${i + 1}`, `${project}-${service}-${i + 1}`].map(name => `${container}:${name}`),
    );
  });
  const others = (externalLinks ?? []).map(link => (link.includes(':') ? link : `${link}:${link}`));
  const from = volumesFrom?.map(entry => {
    const [, container, service = '', mode = ''] = /^(container:)?([^:]+)(:.+)?$/.exec(entry) ?? [];
    return container ? `${service}${mode}` : `${containers.get(service)?.[0]}${mode}`;
  });
  return {
    ...((links ?? externalLinks) && { links: [...own, ...others] }),
    ...(from && { volumesFrom: from }),
  };
}

/** How a service is on its networks: those of a higher priority first, else as the file has them. Its own MAC address is that on the first. */
export function resolveMemberships(
  networks: NonNullable<ServiceDeclaration['networks']>,
  macAddress: string | undefined,
): ResolvedService['networks'] {
  const priority = ([, m]: readonly [string, Membership]): number => m.priority ?? 0;
  const sorted = Object.entries(networks).sort((a, b) => priority(b) - priority(a));
  return sorted.map(([key, membership], i) => ({
    key,
    ...(i === 0 && macAddress !== undefined && { mac: macAddress }),
    ...membership,
  }));
}

/** The network of the engine's own that a service is on, given the external names of its stack's networks; undefined where it is on others. */
export function builtInNetwork(
  networks: NonNullable<ServiceDeclaration['networks']>,
  externalNames: ReadonlyMap<string, string>,
): string | undefined {
  const [key, ...others] = Object.keys(networks);
  const name = key === undefined || others.length > 0 ? undefined : externalNames.get(key);
  return name !== undefined && BUILT_IN.includes(name) ? name : undefined;
}
