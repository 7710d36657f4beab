import type { Diagnostic, DocPath, HostName, HostView, Resolved, ResolvedStack } from '../core/index.js';

/** Something of the file that older engines don't know and say nothing of, or something else. */
interface Feature {
  readonly what: string;
  /** The Engine API and the engine that brought it. */
  readonly api: number;
  readonly engine: string;
  readonly path: DocPath;
}

/** What the file asks of an engine that is too old for it. The versions are those of the Engine API's own list of changes. */
export function engineTooOld(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return resolved.stacks.flatMap(stack => {
    const facts = views.get(stack.host)?.facts.engine;
    if (facts?.is !== 'running') return [];
    const has = minorOf(facts.apiVersion);
    return featuresOf(stack)
      .filter(feature => has < feature.api)
      .map(({ what, engine, path }): Diagnostic => {
        const place = resolved.locate(path);
        return {
          severity: 'error',
          code: 'engine.too-old',
          host: stack.host,
          summary: `${what} needs Docker ${engine} or newer, and that of ${stack.host} is ${facts.version}`,
          hint: 'leave it out, or put a newer engine there',
          ...(place && { place }),
        };
      });
  });
}

function featuresOf(stack: ResolvedStack): readonly Feature[] {
  const root = ['stacks', stack.name];
  const networks = stack.networks.flatMap((network): readonly Feature[] => {
    const path = [...root, 'networks', network.key, 'enable_ipv4'];
    return network.ipv4 === false ? [{ what: 'a network without IPv4', api: 48, engine: '28.0', path }] : [];
  });
  const services = stack.services.flatMap(service => {
    const path = [...root, 'services', service.key];
    return [
      ...service.networks.flatMap((network, i) =>
        featuresOfMembership(network, i, [...path, 'networks', network.key]),
      ),
      ...service.mounts.flatMap((mount, i) => featuresOfMount(mount, [...path, 'volumes', i])),
    ];
  });
  return [...networks, ...services];
}

type Service = ResolvedStack['services'][number];

function featuresOfMembership(
  { mac, gatewayPriority, options }: Service['networks'][number],
  index: number,
  path: DocPath,
): readonly Feature[] {
  const named = options?.['com.docker.network.endpoint.ifname'] !== undefined;
  return [
    ...(mac !== undefined && index > 0
      ? [
          {
            what: 'a MAC address on another network than the first',
            api: 44,
            engine: '25.0',
            path: [...path, 'mac_address'],
          },
        ]
      : []),
    ...(gatewayPriority !== undefined
      ? [{ what: 'gw_priority', api: 48, engine: '28.0', path: [...path, 'gw_priority'] }]
      : []),
    ...(named
      ? [{ what: 'interface_name', api: 49, engine: '28.1', path: [...path, 'interface_name'] }]
      : []),
  ];
}

function featuresOfMount(
  { type, recursive, subpath }: Service['mounts'][number],
  path: DocPath,
): readonly Feature[] {
  return [
    ...(type === 'image'
      ? [{ what: 'mounting an image', api: 48, engine: '28.0', path: [...path, 'type'] }]
      : []),
    ...(type === 'volume' && subpath !== undefined
      ? [{ what: 'a part of a volume', api: 45, engine: '26.0', path: [...path, 'volume', 'subpath'] }]
      : []),
    ...(recursive === 'writable' || recursive === 'readonly'
      ? [
          {
            what: `recursive: ${recursive}`,
            api: 44,
            engine: '25.0',
            path: [...path, 'bind', 'recursive'],
          },
        ]
      : []),
  ];
}

/** Whether an engine takes a MAC address for each network of a container (25.0): older ones make it of the address, and newer ones at random. */
export function takesMacs(view: HostView | undefined): boolean {
  const engine = view?.facts.engine;
  return engine?.is === 'running' && minorOf(engine.apiVersion) >= 44;
}

/** `48` of `1.48`. */
function minorOf(version: string): number {
  return Number(/^1\.(\d+)$/.exec(version)?.[1] ?? Infinity);
}
