import { switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Resolved,
  ResolvedVpp,
  VppHost,
  VppState,
} from '../core/index.js';
import { placeOf } from './clash-words.js';
import { carriedBy } from './devices.js';
import type { Spans } from './spans.js';
import { vppEnds } from './vpp-ends.js';
import { vppApart } from './vpp-namespace.js';
import { withoutVhostNet } from './vpp-tap-obstacles.js';
import { vppUnderlays } from './vpp-underlay.js';

type Views = ReadonlyMap<HostName, HostView>;

/** What a VPP switch can't have on its hosts: told before anything is changed. */
export function vppObstacles(resolved: Resolved, views: Views, spans: Spans): readonly Diagnostic[] {
  const all = switchesOf(resolved, 'vpp');
  const hosts = [...new Set(all.flatMap(on => on.hosts.map(h => h.host)))];
  return [
    ...hosts.flatMap(host => unanswered(resolved, all, views.get(host))),
    ...hosts.flatMap(host => withoutEthtool(resolved, all, views.get(host))),
    ...all.flatMap(on => [
      ...on.hosts.flatMap(at => {
        const view = views.get(at.host);
        return view
          ? [
              ...withoutPlugins(resolved, on, at, view),
              ...vppApart(resolved, on, at, view),
              ...withoutVhostNet(resolved, on, at.host, view),
              ...uplinkObstacles(resolved, at, view),
            ]
          : [];
      }),
      ...vppUnderlays(resolved, on, views).diagnostics,
      ...unevenPorts(resolved, on, spans),
    ]),
  ];
}

/** Of a host that does not exist yet nobody knows; it is asked once it does. */
function unanswered(
  resolved: Resolved,
  all: readonly ResolvedVpp[],
  view: HostView | undefined,
): readonly Diagnostic[] {
  const facts = view?.facts.vpp;
  if (!view || !facts || facts.is === 'running') return [];
  const on = all.find(s => s.hosts.some(h => h.host === view.host));
  const { code, why, hint } = facts;
  const place = on ? placeOf(resolved, ['switches', on.name]) : {};
  return [
    {
      severity: 'error',
      code,
      host: view.host,
      ...place,
      summary: `${why}, and switch ${on?.name ?? ''} is to be there`,
      hint,
    },
  ];
}

/** Since when what a switch is made of is a plugin; before, it was built in. */
const PLUGINS = [
  { plugin: 'af_packet', since: 23.02, what: 'ports on network devices' },
  { plugin: 'vxlan', since: 23.1, what: 'tunnels between hosts' },
  { plugin: 'memif', since: 0, what: 'ports by memif' },
  { plugin: 'vhost', since: 23.1, what: 'ports by vhost-user' },
  { plugin: 'tap', since: 26.02, what: 'ports by tap' },
] as const;

function withoutPlugins(
  resolved: Resolved,
  on: ResolvedVpp,
  { host, path }: VppHost,
  { facts, inventory: { vpp } }: HostView,
): readonly Diagnostic[] {
  if (!vpp || facts.vpp?.is !== 'running') return [];
  const release = Number(/(\d+\.\d+)/.exec(facts.vpp.version)?.[1] ?? 0);
  return PLUGINS.filter(({ plugin, since }) => release >= since && !isLoaded(vpp, plugin))
    .filter(({ plugin }) => isNeeded(plugin, resolved, on, host))
    .map(({ plugin, what }) => ({
      severity: 'error',
      code: 'vpp.plugin',
      host,
      ...placeOf(resolved, path),
      summary: `VPP on ${host} has not loaded its plugin ${plugin}, which makes ${what}`,
      hint: `enable it in startup.conf: plugins { plugin ${plugin}_plugin.so { enable } }`,
    }));
}

function isNeeded(
  plugin: (typeof PLUGINS)[number]['plugin'],
  resolved: Resolved,
  on: ResolvedVpp,
  host: HostName,
): boolean {
  if (plugin === 'af_packet') return true;
  if (plugin === 'vxlan') return on.tunnel === 'vxlan';
  const via = plugin === 'vhost' ? 'vhost-user' : plugin;
  return vppEnds(resolved, on, host).some(
    ({ end, other }) => (end.tap === undefined ? other.is === 'service' && other.via : 'tap') === via,
  );
}

function isLoaded({ plugins }: VppState, name: string): boolean {
  return plugins.includes(`${name}_plugin.so`);
}

/** Frames of containers leave without checksums where nobody turns that off: between ports of one VPP they arrive, over a tunnel they do not. */
function withoutEthtool(
  resolved: Resolved,
  all: readonly ResolvedVpp[],
  view: HostView | undefined,
): readonly Diagnostic[] {
  if (!view || view.facts.computed || view.facts.tools['ethtool'] !== undefined) return [];
  const on = all.find(s => s.hosts.some(h => h.host === view.host));
  const ported = resolved.links.some(l => l.ends.some(e => e.is === 'switch' && e.switch === on?.name));
  if (!on || !ported) return [];
  return [
    {
      severity: 'warning',
      code: 'program.missing',
      host: view.host,
      ...placeOf(resolved, ['switches', on.name]),
      summary: `this host has no ethtool, with which the offloads of devices at ports of VPP are turned off: TCP stalls where it goes on by a tunnel, a tap, a VDE switch, memif or vhost-user`,
      hint: 'install it there: apt-get install ethtool',
    },
  ];
}

function uplinkObstacles(
  resolved: Resolved,
  { host, uplink, path }: VppHost,
  view: HostView,
): readonly Diagnostic[] {
  const { facts, inventory } = view;
  if (uplink === undefined || facts.computed || !inventory.vpp) return [];
  const at = { severity: 'error', host, ...placeOf(resolved, [...path, 'uplink']) } as const;
  const known = inventory.vpp.interfaces.find(i => i.name === uplink);
  const address = known?.addresses[0];
  if (address !== undefined) {
    const summary = `${uplink} of VPP on ${host} has the address ${address}, which a port of a bridge domain can't have`;
    return [
      { ...at, code: 'device.in-use', summary, hint: 'take the address off it, or take another interface' },
    ];
  }
  if (known) return [];
  const device = inventory.links.find(l => l.name === uplink);
  if (!device) {
    const summary = `neither VPP nor the kernel of host ${host} has an interface ${uplink}`;
    const names = [
      ...inventory.vpp.interfaces
        .filter(i => i.name !== 'local0' && !i.tag?.startsWith('topo:'))
        .map(i => i.name),
      ...inventory.links.filter(l => l.name !== 'lo' && !l.alias.startsWith('topo:')).map(l => l.name),
    ];
    return [
      { ...at, code: 'vpp.uplink', summary, hint: `there are ${names.slice(0, 8).join(', ') || 'none'}` },
    ];
  }
  const carried = carriedBy(view).find(c => c.device === uplink);
  const own = device.addresses[0];
  if (carried)
    return [
      {
        ...at,
        code: 'device.in-use',
        summary: `${uplink} of host ${host} carries ${carried.what}`,
        hint: 'take another device as uplink',
      },
    ];
  if (own === undefined) return [];
  const summary = `${uplink} of host ${host} has the address ${own}: the kernel would answer beside VPP`;
  return [
    {
      ...at,
      code: 'device.in-use',
      summary,
      hint: `take it off (ip address flush dev ${uplink}), or take another device as uplink`,
    },
  ];
}

/** A frame that is larger than what one of its ports takes blocks that port for good (seen): so all have the MTU of the switch. */
function unevenPorts(
  resolved: Resolved,
  on: ResolvedVpp,
  { mtuOf, mtuOfSwitch }: Spans,
): readonly Diagnostic[] {
  const due = mtuOfSwitch(on.name);
  return resolved.links.flatMap((link): readonly Diagnostic[] => {
    if (!link.ends.some(e => e.is === 'switch' && e.switch === on.name)) return [];
    const odd = ([0, 1] as const).find(n => mtuOf(link, n) !== due);
    if (odd === undefined) return [];
    const mtu = mtuOf(link, odd);
    return [
      {
        severity: 'error',
        code: 'mtu.uneven',
        ...placeOf(resolved, [...link.ends[odd].path, 'mtu']),
        summary: `link ${link.name} has an MTU of ${mtu}, and switch ${on.name} one of ${due}: VPP stops sending by a port for ever once a frame is too large for it`,
        hint: `give the switch mtu: ${Math.min(mtu, due)}, and none to its ports`,
      },
    ];
  });
}
