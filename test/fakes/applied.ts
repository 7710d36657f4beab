import {
  formatPrefix,
  markPrefix,
  parsePrefix,
  specDigest,
  type HostView,
  type Inventory,
  type Link,
  type Resource,
} from '../../src/core/index.js';
import type {
  AcceptSpec,
  AddressSpec,
  BridgeSpec,
  EnslaveSpec,
  FdbSpec,
  GatewaySpec,
  GuardSpec,
  MacvlanSpec,
  NamesSpec,
  NeighbourSpec,
  NetworkSpec,
  PlugSpec,
  PostStartSpec,
  RouteSpec,
  SandboxSpec,
  SysctlSpec,
  TapSpec,
  TunnelSpec,
  ValePortSpec,
  VethSpec,
  VlanSpec,
  VxlanSpec,
} from '../../src/kinds/index.js';
import { kinds } from '../../src/kinds/index.js';
import { linkGroup, ROUTE_PROTOCOL } from '../../src/tools/index.js';
import { performInEngine } from './engine.js';
import { link, route } from './hosts.js';

/**
 * The hosts as they are once everything was applied to them: what the engine keeps follows from the create steps, what the
 * kernel keeps from the specs, as its tools print it. Reading this back and finding no difference is what the plan promises.
 */
export function asApplied(
  topology: string,
  resources: readonly Resource[],
  views: readonly HostView[],
  key = '',
): readonly HostView[] {
  return views.map(view => {
    const own = resources.filter(r => r.host === view.host);
    const made = [...own].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    const inventory = made.reduce(
      (before, resource) => makerOf(resource.kind)(before, resource, topology),
      view.inventory,
    );
    const specs = {
      ...view.inventory.applied?.specs,
      ...Object.fromEntries(own.map(r => [r.id, specDigest(r)])),
    };
    const { computed: _, ...facts } = view.facts;
    const applied = { format: 1 as const, topology, specs, hosts: {}, key, bootId: facts.bootId };
    return {
      host: view.host,
      facts,
      inventory: { ...inventory, applied: own.length > 0 ? applied : inventory.applied },
    };
  });
}

/** Kinds in the order in which things can be made. */
const ORDER = [
  'sandbox',
  'sysctl',
  'image',
  'volume',
  'network',
  'holder',
  'container',
  'guard',
  'bridge',
  'gateway',
  'vxlan',
  'address',
  'neighbour',
  'container_neighbour',
  'fdb',
  'container_fdb',
  'route',
  'accept',
  'enslave',
  'veth',
  'tap',
  'tunnel',
  'macvlan',
  'vale_port',
  'vlan',
  'names',
  'post_start',
  'wait',
];

type Maker = (inventory: Inventory, resource: Resource, topology: string) => Inventory;

function makerOf(kind: string): Maker {
  const maker = MAKERS[kind];
  if (!maker) throw new Error(`nobody knows what ${kind} looks like once it is there`);
  return maker;
}

function of<Spec>(
  make: (inventory: Inventory, spec: Spec, resource: Resource, topology: string) => Inventory,
): Maker {
  return (inventory, resource, topology) => make(inventory, resource.spec as Spec, resource, topology);
}

const byEngine: Maker = (inventory, resource) =>
  kinds.get(resource.kind)!.steps({ verb: 'create', want: resource }).reduce(performInEngine, inventory);

const MAKERS: Readonly<Record<string, Maker>> = {
  image: byEngine,
  volume: byEngine,
  container: byEngine,
  holder: byEngine,
  wait: inventory => inventory,
  post_start: of<PostStartSpec>((inventory, spec) => {
    const { id } = inventory.containers.find(c => c.name === spec.containerName)!;
    return { ...inventory, runs: { ...inventory.runs, [id]: { startedAt: 'now', hooksAt: 'now' } } };
  }),
  network: of<NetworkSpec>((inventory, spec, resource, topology) => {
    const made = byEngine(inventory, resource, topology);
    const bridge = link(spec.bridge, { kind: 'bridge', mtu: spec.mtu });
    const routes = spec.subnets.map(s => route(s.subnet, { dev: spec.bridge }));
    return { ...made, links: [...made.links, bridge], routes: [...made.routes, ...routes] };
  }),
  sandbox: of<SandboxSpec>((inventory, spec) => ({
    ...inventory,
    sandboxes: [...inventory.sandboxes, { ...spec, running: true, kept: false, problems: [] }],
  })),
  sysctl: of<SysctlSpec>((inventory, { key, value }) => ({
    ...inventory,
    sysctls: { ...inventory.sysctls, [key]: value },
  })),
  vale_port: of<ValePortSpec>((inventory, spec, { id }) => {
    const { device, switch: on, hostStack, driver } = spec;
    const index = inventory.links.find(l => l.name === device.name)!.index;
    const vale = inventory.vale!;
    return {
      ...inventory,
      vale: {
        ...vale,
        ports: [...vale.ports, { switch: on, device: device.name, hostStack }],
        records: [...vale.records, { switch: on, device: device.name, index, driver, id }],
      },
    };
  }),
  vxlan: of<VxlanSpec>((inventory, spec, _, topology) => ({
    ...inventory,
    links: [
      ...inventory.links,
      link(spec.device, {
        kind: 'vxlan',
        alias: spec.alias,
        mac: spec.mac,
        mtu: spec.mtu,
        group: String(linkGroup(topology)),
        data: {
          id: spec.vni,
          port: spec.port,
          local: spec.local,
          learning: spec.bridge?.learning ?? true,
          df: 'set',
        },
        ...(spec.bridge && {
          master: spec.bridge.device,
          port: { learning: spec.bridge.learning, neigh_suppress: true },
        }),
      }),
    ],
  })),
  bridge: of<BridgeSpec>((inventory, spec) => {
    const { device, mac, mtu, alias, ageing, groupFwdMask, stp, vlanFiltering } = spec;
    const data = {
      stp_state: stp ? 1 : 0,
      ageing_time: ageing,
      group_fwd_mask: groupFwdMask,
      vlan_filtering: vlanFiltering ? 1 : 0,
      vlan_protocol: '802.1Q',
    };
    const made = link(device, { kind: 'bridge', mac, mtu, alias, data });
    return { ...inventory, links: [...inventory.links, made] };
  }),
  enslave: of<EnslaveSpec>((inventory, { device, bridge }) => ({
    ...inventory,
    links: inventory.links.map(l => (l.name === device ? { ...l, master: bridge.device, up: true } : l)),
  })),
  veth: of<VethSpec>((inventory, spec) => withPlugs(inventory, spec, { kind: 'veth' })),
  tap: of<TapSpec>((inventory, spec) => withPlugs(inventory, spec, { kind: 'tun' })),
  macvlan: of<MacvlanSpec>((inventory, spec) => withPlugs(inventory, spec, { kind: 'macvlan' })),
  tunnel: of<TunnelSpec>((inventory, spec) => {
    const { vni: id, port, local, remote } = spec;
    const data = { id, port, local, remote, learning: false, df: 'set' };
    return withPlugs(inventory, spec, { kind: 'vxlan', data });
  }),
  address: of<AddressSpec>((inventory, { device, addresses }) => ({
    ...inventory,
    links: inventory.links.map(l => (l.name === device.name ? { ...l, addresses } : l)),
    routes: [
      ...inventory.routes,
      ...addresses.map(a =>
        route(formatPrefix(parsePrefix(a)!), { dev: device.name, source: a.replace(/\/.*$/, '') }),
      ),
    ],
  })),
  neighbour: of(withNeighbours),
  container_neighbour: of(withNeighbours),
  gateway: of<GatewaySpec>((inventory, { device, mac, alias }) => ({
    ...inventory,
    links: inventory.links.map(l => (l.name === device ? { ...l, mac, alias } : l)),
  })),
  fdb: of(withFdb),
  container_fdb: of(withFdb),
  route: of<RouteSpec>((inventory, { device, routes }) => ({
    ...inventory,
    routes: [
      ...inventory.routes,
      ...routes.map(r => route(r.dst, { ...r, dev: device.name, protocol: ROUTE_PROTOCOL })),
    ],
  })),
  vlan: of<VlanSpec>((inventory, { device: { name: dev }, untagged, tagged }) => ({
    ...inventory,
    vlans: [
      ...inventory.vlans,
      ...(untagged === undefined ? [] : [{ dev, id: untagged, pvid: true, untagged: true }]),
      ...tagged.map(id => ({ dev, id, pvid: false, untagged: false })),
    ],
  })),
  guard: of<GuardSpec>((inventory, spec, resource) => ({
    ...inventory,
    nft: [...inventory.nft, written(spec, resource)],
  })),
  names: of<NamesSpec>((inventory, { running, lines }, { mark }) => {
    if (!running) return inventory;
    const block = { container: running.id, file: running.hostsFile, mark, lines };
    return { ...inventory, nameBlocks: [...inventory.nameBlocks, block] };
  }),
  accept: of<AcceptSpec>((inventory, { family, rules }, { mark }) => {
    const tables = structuredClone(inventory.iptables[family] ?? {}) as Record<
      string,
      Record<string, { policy: string; rules: string[] }>
    >;
    // These hosts have an engine that keeps rules of both families.
    const applying = rules.filter(rule => rule.where !== 'closed');
    for (const { table, chain, match } of applying.reverse())
      ((tables[table] ??= {})[chain] ??= { policy: '-', rules: [] }).rules.unshift(
        `${match.join(' ')} -m comment --comment "${mark}" -j ACCEPT`,
      );
    return { ...inventory, iptables: { ...inventory.iptables, [family]: tables } };
  }),
};

/** The devices of a wire, each where it is to be. */
function withPlugs(
  inventory: Inventory,
  { plugs, alias }: { readonly plugs: readonly PlugSpec[]; readonly alias: string },
  more: Partial<Link>,
): Inventory {
  return plugs.reduce((before, plug) => {
    const { place, device, mac, mtu, up, addresses, routes, qdisc } = plug;
    const master = place.is === 'bridge' ? { master: place.device } : {};
    const made = link(device, {
      ...more,
      alias,
      mtu,
      up,
      addresses,
      ...(mac !== undefined && { mac }),
      ...(qdisc && { qdisc }),
      ...master,
    });
    if (place.is !== 'container') return { ...before, links: [...before.links, made] };
    const id = before.containers.find(c => c.name === place.container)!.id;
    const space = before.namespaces.find(n => n.containers.includes(id)) ?? {
      path: `/ns/${place.container}`,
      containers: before.containers
        .filter(c => c.id === id || c.networkMode === `container:${place.container}`)
        .map(c => c.id),
      links: [],
      routes: [],
    };
    const ways = routes.map(r => route(r.dst, { ...r, dev: device, protocol: ROUTE_PROTOCOL }));
    const grown = { ...space, links: [...space.links, made], routes: [...space.routes, ...ways] };
    return { ...before, namespaces: [...before.namespaces.filter(n => n !== space), grown] };
  }, inventory);
}

function withNeighbours(inventory: Inventory, { device, entries }: NeighbourSpec): Inventory {
  const made = entries.map(e => ({ ...e, dev: device.name, permanent: true }));
  return { ...inventory, neighbours: [...inventory.neighbours, ...made] };
}

function withFdb(inventory: Inventory, { device: { name: dev }, entries, behind = [] }: FdbSpec): Inventory {
  const own = entries.map(e => ({ ...e, dev, state: 'permanent' }));
  const atBridge = behind.map(mac => ({ mac, dev, master: 'bridge', state: 'static' }));
  return { ...inventory, fdb: [...inventory.fdb, ...own, ...atBridge] };
}

/** A table as nft lists it after the step that writes it: the comments are read back out of the text that was loaded. */
function written(spec: GuardSpec, resource: Resource): Inventory['nft'][number] {
  const [step] = kinds.get('guard')!.steps({ verb: 'create', want: resource });
  const text = step?.via === 'exec' ? (step.stdin ?? '') : '';
  if (!text.includes(markPrefix(resource.mark.split(':')[1]!))) throw new Error('the rules bear no mark');
  const chains = spec.chains.map(({ name, type, hook, priority }) => {
    const body = text.split(`chain ${name} {`)[1]!.split('\n  }')[0]!;
    const comments = [...body.matchAll(/ comment "([^"]*)"$/gm)].map(m => m[1]!);
    return [name, { type, hook, priority, policy: 'accept', comments }] as const;
  });
  return { family: 'inet', name: spec.table, chains: Object.fromEntries(chains) };
}
