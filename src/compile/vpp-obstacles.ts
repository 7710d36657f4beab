import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved, ResolvedVpp } from '../core/index.js';
import { placeOf } from './clash-words.js';
import type { Spans } from './spans.js';
import { bviClashes } from './vpp-bvi.js';
import { portMedium, vppEnds } from './vpp-ends.js';
import { vppApart } from './vpp-namespace.js';
import { withoutPlugins } from './vpp-plugins.js';
import { withoutVhostNet } from './vpp-tap-obstacles.js';
import { vppUnderlays } from './vpp-underlay.js';
import { uplinkObstacles } from './vpp-uplinks.js';

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
              ...bviClashes(resolved, at, view),
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

/** Frames of containers leave without checksums where nobody turns that off: between ports of one VPP they arrive, over a tunnel they do not. */
function withoutEthtool(
  resolved: Resolved,
  all: readonly ResolvedVpp[],
  view: HostView | undefined,
): readonly Diagnostic[] {
  if (!view || view.facts.computed || view.facts.tools['ethtool'] !== undefined) return [];
  const on = all.find(s => vppEnds(resolved, s, view.host).some(port => portMedium(port) === 'veth'));
  if (!on) return [];
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
