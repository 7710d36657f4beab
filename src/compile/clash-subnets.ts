import { contains, markPrefix, overlap, parseAddress, parsePrefix, switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  DocPath,
  HostName,
  HostView,
  Prefix,
  Resolved,
  ResolvedNetwork,
  Route,
} from '../core/index.js';

/** Subnets that a host cannot have, or reach: something that is not ours has their addresses there. */
export function subnetClashes(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  return [...claims(resolved)].flatMap(([host, list]) => {
    const view = views.get(host);
    if (!view) return [];
    const foreign = foreignOn(view, resolved.name);
    return [
      ...list.flatMap(claim => clashesOf(resolved, host, claim, foreign)),
      ...foreign.routes.flatMap(route => carvedOut(resolved, host, list, route)),
    ];
  });
}

/** A subnet that a host shall have, or have a route to: whose it is and where the file says so. `fabric`: it is reached through a switch. */
interface Claim {
  readonly fabric: boolean;
  readonly text: string;
  readonly of: string;
  readonly path: DocPath;
}

function claims(resolved: Resolved): ReadonlyMap<HostName, readonly Claim[]> {
  const networks = new Map(
    resolved.stacks.flatMap(s => s.networks.map(n => [`${s.name}/${n.key}`, claimsOf(s.name, n)] as const)),
  );
  const byHost = new Map<HostName, Claim[]>();
  const claim = (host: HostName, list: readonly Claim[]): void => {
    const known = byHost.get(host);
    if (known) known.push(...list);
    else byHost.set(host, [...list]);
  };
  for (const { name, host, networks: own } of resolved.stacks)
    for (const { key } of own) claim(host, networks.get(`${name}/${key}`)!);
  for (const { name, members, subnets } of switchesOf(resolved, 'vxlan')) {
    const path = ['switches', name, 'subnet'];
    for (const host of new Set(members.map(m => m.host))) {
      claim(
        host,
        subnets.map(text => ({ text, of: `switch ${name}`, path, fabric: true })),
      );
      // What it reaches through the tunnels: something nearer that has the same addresses would take its packets.
      for (const m of members)
        if (m.host !== host) claim(host, networks.get(`${m.stack}/${m.network}`) ?? []);
    }
  }
  return byHost;
}

function claimsOf(stack: string, network: ResolvedNetwork): readonly Claim[] {
  const path = ['stacks', stack, 'networks', network.key, 'subnet'];
  const of = `network ${stack}/${network.key}`;
  const fabric = network.fabric !== undefined;
  return network.subnets.map(({ subnet }) => ({ text: subnet, of, path, fabric }));
}

/** What of a host is not ours and has addresses: found once a host, for there may be as many routes as there are stacks. */
interface Foreign {
  /** By which the host is reached, and from where. */
  readonly carrying: readonly NonNullable<ReturnType<typeof parseAddress>>[];
  readonly networks: readonly { readonly name: string; readonly subnets: readonly Prefix[] }[];
  /** Of the main table; those of Docker networks left out, which are named as such. */
  readonly routes: readonly { readonly route: Route; readonly prefix: Prefix }[];
}

function foreignOn({ facts, inventory }: HostView, topology: string): Foreign {
  const { links, networks, routes } = inventory;
  const known = new Set([
    ...networks.map(n => n.options['com.docker.network.bridge.name'] ?? `br-${n.id.slice(0, 12)}`),
    ...links.filter(l => l.alias.startsWith(markPrefix(topology))).map(l => l.name),
  ]);
  return {
    carrying: [facts.reachedAt, facts.reachedFrom].flatMap(a => parseAddress(a ?? '') ?? []),
    networks: networks
      .filter(n => n.labels['topo.name'] !== topology)
      .map(({ name, subnets }) => ({ name, subnets: subnets.flatMap(s => parsePrefix(s) ?? []) })),
    routes: routes
      .filter(r => r.table === 'main' && (r.dev === undefined || !known.has(r.dev)))
      .flatMap(route => {
        const prefix = parsePrefix(route.dst);
        return prefix ? [{ route, prefix }] : [];
      }),
  };
}

function clashesOf(
  resolved: Resolved,
  host: HostName,
  { text, of, path }: Claim,
  { carrying, networks, routes }: Foreign,
): readonly Diagnostic[] {
  const subnet = parsePrefix(text);
  if (!subnet) return [];
  const error = (code: string, what: string, or = ''): Diagnostic => {
    const place = resolved.locate(path);
    return {
      severity: 'error',
      code,
      host,
      ...(place && { place }),
      summary: `subnet ${text} of ${of} ${what}`,
      hint: `give ${of} a subnet that is free on every host${or}`,
    };
  };
  return [
    ...(carrying.some(a => contains(subnet, a))
      ? [error('subnet.carries', 'contains an address by which this host is reached')]
      : []),
    ...networks
      .filter(n => n.subnets.some(s => overlap(s, subnet)))
      .map(n => error('subnet.taken', `overlaps Docker network ${n.name}`, ', or remove that network')),
    ...routes
      .filter(({ prefix }) => prefix.length >= subnet.length && overlap(prefix, subnet))
      .map(({ route }) =>
        error('subnet.taken', `overlaps the route ${route.dst} ${way(route)}`, ', or remove that route'),
      ),
  ];
}

/** A broader route stays, but what it led to at the fabric's addresses is reached no more: that may be meant. Default routes lead nowhere in particular. */
function carvedOut(
  resolved: Resolved,
  host: HostName,
  claims: readonly Claim[],
  { route, prefix }: Foreign['routes'][number],
): readonly Diagnostic[] {
  if (prefix.length === 0) return [];
  const inside = claims.filter(({ fabric, text }) => {
    const subnet = fabric ? parsePrefix(text) : undefined;
    return subnet && prefix.length < subnet.length && overlap(prefix, subnet);
  });
  const [first, ...more] = inside;
  if (!first) return [];
  const place = resolved.locate(first.path);
  const rest = more.length === 0 ? '' : `, and ${more.length} more of the fabric's`;
  return [
    {
      severity: 'warning',
      code: 'subnet.within',
      host,
      ...(place && { place }),
      summary: `the route ${route.dst} ${way(route)} leads to subnet ${first.text} of ${first.of} too${rest}: here the fabric takes these addresses from it`,
      hint: `nothing is to be done unless this host has to reach something there: then give ${first.of} another subnet`,
    },
  ];
}

function way(route: Route): string {
  return [route.via && `via ${route.via}`, route.dev && `dev ${route.dev}`].filter(Boolean).join(' ');
}
