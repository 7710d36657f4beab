import { IMPAIR_KEYS } from '../core/index.js';
import type {
  Diagnostic,
  HostName,
  HostView,
  Impairment,
  Resolved,
  ResolvedEnd,
  ResolvedLink,
  Resource,
} from '../core/index.js';
import { placeOf } from './clash-words.js';
import { hostsOfLink } from './link-hosts.js';
import { plugsOf } from './plugs.js';
import { hasQdisc, qdiscOf } from './qdisc.js';

/** A link with the resources that it is. */
export interface MadeLink {
  readonly link: ResolvedLink;
  readonly own: readonly Resource[];
}

/** Impairments that can't be: where no device of topo's sends, or where the kernel has no queue for them. */
export function impairObstacles(
  resolved: Resolved,
  made: readonly MadeLink[],
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const impaired = made.flatMap(one => impairedEnds(resolved, one));
  return [
    ...impaired.filter(isDeviceless).map(one => deviceless(resolved, one)),
    ...[...views.values()].flatMap(view =>
      queueless(
        resolved,
        view,
        impaired.filter(one => one.host === view.host),
      ),
    ),
  ];
}

/** An end of a link that is to be impaired. */
interface Impaired extends MadeLink {
  readonly end: ResolvedEnd;
  readonly impair: Impairment;
  readonly host: HostName;
  /** How many ends of the link are to be, on that host. */
  readonly count: number;
}

function impairedEnds(resolved: Resolved, { link, own }: MadeLink): readonly Impaired[] {
  const hosts = hostsOfLink(resolved, link);
  const ends = link.ends.flatMap((end, n) =>
    end.impair ? [{ end, impair: end.impair, host: hosts[n]! }] : [],
  );
  return ends.map(one => ({ ...one, link, own, count: ends.filter(e => e.host === one.host).length }));
}

/**
 * What an end sends is impaired where it leaves a device: of topo's, and one that the kernel sends through. A container has one. What a
 * program makes a port of its switch it may well send past the kernel's queues (packet(7): PACKET_QDISC_BYPASS).
 */
function isDeviceless({ own, end, host, count }: Impaired): boolean {
  const here = own.filter(r => r.host === host);
  const plugs = here.flatMap(plugsOf).filter(plug => plug.qdisc && plug.place.is !== 'host');
  return end.is !== 'service' && here.length > 0 && plugs.length < count;
}

function deviceless(resolved: Resolved, { link, end, host }: Impaired): Diagnostic {
  const other = link.ends.find(e => e !== end)!;
  const sends =
    end.is === 'device' ? `${end.host}:${end.device}` : end.is === 'switch' ? `switch ${end.switch}` : '';
  const wire = end.is === 'device' ? `; or via: enslave at ${sends}, which puts a wire between` : '';
  const hint =
    other.is === 'service'
      ? `say it at the end in the container, of what that sends${wire}`
      : 'a link to a container has a wire of its own';
  const summary = `what ${sends} sends here goes through no device of topo's, where it could be impaired`;
  return { severity: 'error', code: 'impair.device', host, ...placeOf(resolved, end.path), summary, hint };
}

/** Told once for each host and queue, where it is first asked for: all its links lack the same. */
function queueless(resolved: Resolved, view: HostView, impaired: readonly Impaired[]): readonly Diagnostic[] {
  const kindOf = ({ impair }: Impaired): string => qdiscOf(impair, view, 0).kind;
  return [...new Set(impaired.map(kindOf))].sort().flatMap(kind => {
    const asking = impaired.filter(one => kindOf(one) === kind);
    const all = Object.assign({}, ...asking.map(one => one.impair)) as Impairment;
    const why = missingQueue(view, all);
    return why ? [{ ...why, ...placeOf(resolved, [...asking[0]!.end.path, 'impair']) }] : [];
  });
}

/** Why a host can't impair like this: its kernel lacks the queue for it. */
export function missingQueue(view: HostView, impair: Impairment): Diagnostic | undefined {
  const { host, facts } = view;
  const { kind } = qdiscOf(impair, view, 0);
  // Without the program nobody could ask: that is told by itself.
  if (hasQdisc(view, kind) || !('tc' in facts.tools)) return undefined;
  const keys = IMPAIR_KEYS.filter(key => impair[key] !== undefined);
  const summary = `the kernel of host ${host} (${facts.kernel}) has no ${kind}, by which ${keys.join(', ')} would be done`;
  const config = `a kernel with CONFIG_NET_SCH_${kind.toUpperCase()} has it, as those of distributions do (Red Hat: package kernel-modules-extra)`;
  const hint = kind === 'netem' ? `${config}; a rate alone goes without it` : config;
  return { severity: 'error', code: `kernel.${kind}`, host, summary, hint };
}
