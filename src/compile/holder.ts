import { resourceId, parseResourceId } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Resolved,
  ResolvedService,
  ResourceId,
  ServiceSettings,
} from '../core/index.js';
import { HOLDER_IMAGE, HOLDER_PATH, holderArchitectures } from '../tools/index.js';

/** The kind of resource that it is. */
const HOLDER = 'holder';

/** What belongs to the network namespace or to the files about it: the engine refuses or ignores it in a container that joins another's. */
const OF_THE_NETWORK = [
  'hostname',
  'domainname',
  'dns',
  'dnsOpt',
  'dnsSearch',
  'extraHosts',
  'links',
  'expose',
  'macAddress',
  'networkMode',
] as const satisfies readonly (keyof ServiceSettings)[];

/**
 * The service that a holder is: the network of a service that waits for its plugs, and a program that does nothing. The engine never
 * starts it by itself: its devices would be missing, and the service must not start without them.
 */
export function holderService(service: ResolvedService, number: number): ResolvedService {
  const { networks, ports, settings, containers } = service;
  const kept = OF_THE_NETWORK.flatMap(key => (settings[key] === undefined ? [] : [[key, settings[key]]]));
  const sysctls = sysctlsOf(settings, true);
  return {
    ...NOTHING,
    key: service.key,
    containers: [service.holders[number - 1]!],
    // Others know the service's container by its name as well.
    networks: networks.map(n => ({ ...n, aliases: [...n.aliases, containers[number - 1]!] })),
    ports,
    settings: { ...Object.fromEntries(kept), ...sysctls, capDrop: ['ALL'], readOnly: true, logging: NO_LOG },
  };
}

/** The same service without its network: it is in the namespace of the holder of that container. */
export function heldService(service: ResolvedService, number: number): ResolvedService {
  const own = Object.entries(service.settings).filter(([key]) => !IS_MOVED.has(key));
  return {
    ...service,
    networks: [],
    ports: [],
    settings: {
      ...Object.fromEntries(own),
      ...sysctlsOf(service.settings, false),
      networkMode: `container:${service.holders[number - 1]}`,
    },
  };
}

/** The holder of a container. */
export function holderId(container: ResourceId): ResourceId {
  const { host, name } = parseResourceId(container)!;
  return resourceId(host, HOLDER, name);
}

export function isHolder(id: ResourceId): boolean {
  return parseResourceId(id)?.kind === HOLDER;
}

/** Services that wait for their plugs on hosts for whose processors there is no holder. */
export function holdersWithoutProgram(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return resolved.stacks.flatMap(({ name, host, services }) =>
    services.flatMap(({ key, holders }): readonly Diagnostic[] => {
      const engine = views.get(host)?.facts.engine;
      if (holders.length === 0 || engine?.is !== 'running') return [];
      // Of a host that is not there yet it is not known.
      if (['', ...holderArchitectures].includes(engine.arch)) return [];
      const place = resolved.locate(['stacks', name, 'services', key, 'wait_for_interfaces'], 'key');
      return [
        {
          severity: 'error',
          code: 'holder.arch',
          host,
          summary: `${name}/${key} waits for its interfaces in the namespace of a small program, of which there is none for ${engine.arch}, which ${host} is`,
          hint: `leave wait_for_interfaces out, or put it on a host that is ${holderArchitectures.join(' or ')}`,
          ...(place && { place }),
        },
      ];
    }),
  );
}

const NO_LOG = { driver: 'none', options: {} } as const;

const NOTHING = {
  holders: [],
  image: HOLDER_IMAGE,
  entrypoint: [HOLDER_PATH],
  pullPolicy: { is: 'missing' },
  environment: {},
  labels: {},
  restart: { name: 'no' },
  mounts: [],
  dependsOn: [],
  postStart: [],
  limits: {},
  files: [],
} as const;

const IS_MOVED: ReadonlySet<string> = new Set<string>([...OF_THE_NETWORK, 'sysctls']);

function sysctlsOf({ sysctls = {} }: ServiceSettings, net: boolean): Pick<ServiceSettings, 'sysctls'> {
  const some = Object.entries(sysctls).filter(([name]) => name.startsWith('net.') === net);
  return some.length > 0 ? { sysctls: Object.fromEntries(some) } : {};
}
