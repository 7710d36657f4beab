import { switchesOf } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  NetmapModule,
  Resolved,
  ResolvedEnd,
  ValeDriver,
} from '../core/index.js';
import { placeOf } from './clash-words.js';
import { attachedOn } from './vale.js';
import type { ValeAttached } from './vale.js';
import { driverGiven, frameLimit, speaksNetmap } from './netmap.js';
import { overfull } from './vale-limits.js';

/** What of the VALE switches can't be on their hosts: netmap is not there, its driver does what is not meant, or there is no room. */
export function valeObstacles(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const hosts = new Set(switchesOf(resolved, 'vale').map(s => s.host));
  return [...hosts].flatMap((host): readonly Diagnostic[] => {
    const view = views.get(host);
    // Of a host that is still to come nothing is known; that it is like this machine is known once it is there.
    if (!view || view.facts.computed || view.facts.engineOnly) return [];
    const why = view.inventory.unread.vale;
    if (why !== undefined) return [{ severity: 'error', host, ...unavailable(why) }];
    const module = view.inventory.vale?.module;
    if (!module) return [];
    const attached = attachedOn(resolved, host);
    return [
      ...attached.flatMap(one => obstacle(resolved, view, module, one)),
      ...withoutEthtool(resolved, view, attached),
      ...overfull(resolved, view, attached),
    ];
  });
}

type Found = Pick<Diagnostic, 'code' | 'summary' | 'hint'>;

/** vale-ctl's own words (`/dev/netmap: Permission denied`), and the shell's for a program that is not there. */
function unavailable(why: string): Found {
  if (/\/dev\/netmap: No such file/.test(why))
    return {
      code: 'netmap.missing',
      summary: 'VALE switches need netmap, whose kernel module is not loaded',
      hint: 'load it there: modprobe netmap; it is built for its kernel from the sources of netmap',
    };
  if (/\/dev\/netmap: Permission denied/.test(why))
    return {
      code: 'netmap.denied',
      summary: 'vale-ctl may not open /dev/netmap',
      hint: 'the mode of /dev/netmap alone decides: let vale_ctl of the host begin with sudo -n, or give its user the device',
    };
  if (/not found|No such file or directory/.test(why))
    return {
      code: 'program.missing',
      summary: `vale-ctl can't be called: ${why}`,
      hint: 'it is built with netmap; vale_ctl of the host says how it is called',
    };
  return {
    code: 'vale.unread',
    summary: `vale-ctl does not tell what is attached: ${why}`,
    hint: 'call vale-ctl there by hand',
  };
}

function obstacle(
  resolved: Resolved,
  view: HostView,
  module: NetmapModule,
  one: ValeAttached,
): readonly Diagnostic[] {
  const { link, on } = one;
  const given = driverGiven(view, attachedKind(one))!;
  const told = (path: ValeAttached['link']['path'], found: Found | undefined): readonly Diagnostic[] =>
    found ? [{ severity: 'error', host: on.host, ...placeOf(resolved, path), ...found }] : [];
  const wrong = wrongDriver(module, on.driver, given, `${link.name} on switch ${on.name}`);
  return [
    ...told(on.driver === undefined ? link.path : ['switches', on.name, 'driver'], wrong),
    ...(wrong ? [] : told(link.path, needsSockets(resolved, one, given))),
    ...told(link.path, unfit(view, module, one)),
  ];
}

/** What a driver is told by: the name of a device of the host's own, or the kind of all that topo makes. */
function attachedKind({ how, other }: ValeAttached): string {
  return how === 'own' && other.is === 'device' ? other.device : 'veth';
}

function wrongDriver(
  { admode, holders }: NetmapModule,
  wanted: ValeDriver | undefined,
  given: ValeDriver,
  what: string,
): Found | undefined {
  const set = (value: number): string => `set admode of netmap's module to ${value} there`;
  if (admode === 1 && given === 'generic')
    return {
      code: 'vale.driver',
      summary: `${what} can't be attached: admode of netmap is 1, which is for drivers with an adapter of their own alone`,
      hint: `${set(0)}, or load a driver with netmap's patch`,
    };
  if (wanted === undefined || wanted === given) return undefined;
  const summary = `${what} would be attached by the ${given} driver, not the ${wanted} one`;
  if (wanted === 'generic')
    return {
      code: 'vale.driver',
      summary,
      hint: `${set(2)}, so that netmap leaves the adapters of drivers alone`,
    };
  const why =
    admode === 2
      ? set(0)
      : `the driver of the device has no adapter for netmap (${holders.join(', ') || 'none'} have one): load one with netmap's patch`;
  return { code: 'vale.driver', summary, hint: why };
}

/** Natively attached, frames pass only where the other end is in netmap mode too; what comes by the kernel goes nowhere, without a word. */
function needsSockets(
  resolved: Resolved,
  { link, other, how }: ValeAttached,
  given: ValeDriver,
): Found | undefined {
  if (given === 'generic' || how === 'own') return undefined;
  const far = how === 'tunnel' ? 'a tunnel' : farEnd(resolved, other);
  if (far === undefined) return undefined;
  return {
    code: 'vale.sockets',
    summary: `${link.name} is attached by the native driver, which carries nothing of ${far}: that speaks by the kernel's own stack`,
    hint: "set netmap: true of a service whose program speaks netmap; or set admode of netmap's module to 2 there: the generic driver carries all",
  };
}

/** Who is at the other end of a pair, unless that is in netmap mode. */
function farEnd(resolved: Resolved, other: ResolvedEnd): string | undefined {
  if (other.is === 'device') return undefined;
  if (other.is === 'switch')
    return switchesOf(resolved, 'vale').some(s => s.name === other.switch)
      ? undefined
      : `switch ${other.switch}`;
  return speaksNetmap(resolved, other) ? undefined : other.replica.replace(/#\d+$/, '');
}

/** A device that has a receive handler is busy to netmap; one that is down, or whose frames no buffer holds, it takes and nothing passes. */
function unfit(
  { host, inventory }: HostView,
  module: NetmapModule,
  { how, other }: ValeAttached,
): Found | undefined {
  if (how !== 'own' || other.is !== 'device') return undefined;
  const { device } = other;
  const own = inventory.links.find(l => l.name === device);
  const borne = inventory.links.find(l => l.other === device && BORNE.has(l.kind));
  const refused = `${device} of host ${host} can't be attached to VALE`;
  if (own?.master !== undefined)
    return {
      code: 'device.in-use',
      summary: `${refused}: it is a port of ${own.master}`,
      hint: `take it out of ${own.master}, or link the switch with ${own.master}'s other ports`,
    };
  if (borne)
    return {
      code: 'device.in-use',
      summary: `${refused}: it bears ${borne.name}, a ${borne.kind}`,
      hint: `take ${borne.name} away, or another device`,
    };
  if (own?.up === false)
    return {
      code: 'device.down',
      summary: `${refused}: it is down, and nothing would pass`,
      hint: `ip link set ${device} up`,
    };
  if (own === undefined || own.mtu <= frameLimit(module)) return undefined;
  return {
    code: 'mtu.path',
    summary: `${refused}: its MTU is ${own.mtu}, and netmap's buffers there have ${module.bufSize} bytes`,
    hint: `give it an MTU of at most ${frameLimit(module)}, or set buf_size while nothing is attached`,
  };
}

/** Kinds of devices that a device beneath them has a receive handler for. */
const BORNE = new Set(['ipvlan', 'macvlan', 'macvtap']);

function withoutEthtool(
  resolved: Resolved,
  view: HostView,
  attached: readonly ValeAttached[],
): readonly Diagnostic[] {
  const needs = attached.some(one => driverGiven(view, attachedKind(one)) === 'generic');
  if (!needs || 'ethtool' in view.facts.tools) return [];
  return [
    {
      severity: 'error',
      code: 'program.missing',
      host: view.host,
      ...placeOf(resolved, attached[0]!.link.path),
      summary:
        'this host has no ethtool, which turns offloads off: with them netmap passes ping, and TCP and UDP hardly or not at all',
      hint: 'install it there: apt-get install ethtool',
    },
  ];
}
