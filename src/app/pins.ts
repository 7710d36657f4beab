import { withoutLength } from '../core/index.js';
import type {
  Diagnostic,
  PlugDeclaration,
  Resolved,
  ResolvedLink,
  ResolvedVpp,
  ServiceEnd,
  SwitchDeclaration,
  Topology,
} from '../core/index.js';
import type { Edit } from '../topology/index.js';

/**
 * What a file leaves to be allotted, as edits that say it: VNIs, ids of bridge domains and overlay addresses of switches, names and addresses of devices. Not
 * MACs and the VNIs of links, which follow from these names alone. What has no place in the file is told.
 */
export function pinsOf(
  topology: Topology,
  resolved: Resolved,
): { readonly edits: readonly Edit[]; readonly diagnostics: readonly Diagnostic[] } {
  const plugs = [...plugsOf(topology, resolved.links)].map(plug => pinPlug(plug, resolved));
  return {
    edits: [
      ...numbers(topology, resolved),
      ...overlays(topology, resolved),
      ...plugs.flatMap(p => p.edit ?? []),
    ],
    diagnostics: plugs.flatMap(p => p.told ?? []),
  };
}

/** VNIs, and ids of bridge domains. */
function numbers({ switches }: Topology, resolved: Resolved): readonly Edit[] {
  return resolved.switches.flatMap((s): readonly Edit[] => {
    const declared = switches[s.name]!;
    if (s.kind === 'vpp') return pinVpp(s, declared);
    if (!('vni' in s) || ('vni' in declared && declared.vni !== undefined)) return [];
    return [{ path: ['switches', s.name], short: 'kind', keys: { vni: s.vni } }];
  });
}

function pinVpp({ name, tunnel, vni, domain }: ResolvedVpp, declared: SwitchDeclaration): readonly Edit[] {
  if (declared.kind !== 'vpp') return [];
  const keys = {
    ...(declared.domain === undefined && { bridge_domain: domain }),
    ...(tunnel === 'vxlan' && declared.vni === undefined && { vni }),
  };
  return Object.keys(keys).length === 0 ? [] : [{ path: ['switches', name], short: 'kind', keys }];
}

/** The first network of a stack on a switch says the stack's addresses there. */
function overlays({ stacks }: Topology, { switches }: Resolved): readonly Edit[] {
  return switches.flatMap(s => {
    if (s.kind !== 'vxlan') return [];
    const seen = new Set<string>();
    return s.members.flatMap(({ stack, network, addresses }): readonly Edit[] => {
      const given = Object.values(stacks[stack]!.networks).some(
        ({ fabric }) => fabric?.switch === s.name && fabric.addresses.length > 0,
      );
      if (given || seen.has(stack)) return [];
      seen.add(stack);
      const path = ['stacks', stack, 'networks', network, 'fabric'];
      return [{ path, short: 'switch', keys: { address: oneOrMore(addresses) } }];
    });
  });
}

/** One, or several; without their lengths, which are those of the switch. */
function oneOrMore(addresses: readonly string[]): string | readonly string[] {
  const bare = addresses.map(withoutLength);
  return bare.length === 1 ? bare[0]! : bare;
}

/** What the file says once, and the ends that it becomes: several where a service has several containers. */
interface Plug {
  readonly plug: PlugDeclaration;
  readonly isEnd: boolean;
  ends: readonly ServiceEnd[];
}

function plugsOf({ stacks, links }: Topology, resolved: readonly ResolvedLink[]): Iterable<Plug> {
  const key = (path: readonly unknown[]): string => JSON.stringify(path);
  const all = new Map<string, Plug>();
  for (const { services } of Object.values(stacks))
    for (const { interfaces } of Object.values(services))
      for (const plug of interfaces) all.set(key(plug.path), { plug, isEnd: false, ends: [] });
  for (const plug of links.flatMap(l => l.ends))
    if (plug.at.is === 'service') all.set(key(plug.path), { plug, isEnd: true, ends: [] });
  for (const end of resolved.flatMap(l => l.ends)) {
    const found = end.is === 'service' ? all.get(key(end.path)) : undefined;
    if (end.is === 'service' && found) found.ends = [...found.ends, end];
  }
  return all.values();
}

function pinPlug(
  { plug, isEnd, ends }: Plug,
  { locate }: Resolved,
): { readonly edit?: Edit; readonly told?: Diagnostic } {
  const [first] = ends;
  if (!first) return {};
  const name =
    plug.name === undefined && ends.every(e => e.device === first.device) ? first.device : undefined;
  const allotted = plug.ip === undefined && first.addresses.length > 0;
  const ip = allotted && ends.length === 1 ? oneOrMore(first.addresses) : undefined;
  const edit: Edit = {
    path: plug.path,
    short: isEnd ? 'at' : 'switch',
    // The name of an end that is written short goes behind it.
    ...(isEnd && name !== undefined && { behind: { key: 'name', text: `:${name}` } }),
    keys: {
      ...(name !== undefined && { name }),
      ...(ip !== undefined && { ip }),
    },
  };
  const place = locate(plug.path);
  const told: Diagnostic = {
    severity: 'warning',
    code: 'pin.replicas',
    summary: `${ends.length} containers have this interface: the address of each stays allotted`,
    hint: "to fix them, give ip an address: it is the first one's, and those of the others follow",
    ...(place && { place }),
  };
  return {
    ...(Object.keys(edit.keys).length > 0 && { edit }),
    ...(allotted && ends.length > 1 && { told }),
  };
}
