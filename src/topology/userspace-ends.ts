import { isShared } from '../core/index.js';
import type { HostName, PlugDeclaration, ServiceDeclaration, UserspaceDeclaration } from '../core/index.js';
import { valueAt } from './at.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** What an end is to a VPP at the other one: where it is, and what has its VPP. */
type Place =
  | {
      readonly is: 'service';
      readonly host?: HostName;
      readonly called: string;
      readonly userspace?: UserspaceDeclaration;
    }
  | { readonly is: 'vpp'; readonly hosts: readonly HostName[] }
  | { readonly is: 'bridge' | 'vde'; readonly hosts: readonly HostName[] }
  | { readonly is: 'none' };

interface SharedEnd {
  readonly plug: PlugDeclaration;
  readonly own: Place;
  readonly other: Place;
}

/** Memif and vhost-user: between two VPPs of one host, of which one or both are in containers. Taps: from a VPP to what is on its host. */
export function checkUserspace(sight: Sight): readonly Finding[] {
  return [...interfaceEnds(sight), ...linkEnds(sight)].flatMap(end => {
    const wrong = wrongWith(end);
    if (wrong === undefined) return [];
    const path = [...end.plug.path, 'via'];
    const place = valueAt(sight.root, path) === undefined ? end.plug.path : path;
    return [clash(sight, 'value.conflict', wrong.summary, place, { hint: wrong.hint })];
  });
}

type Wrong = { readonly summary: string; readonly hint: string } | undefined;

function wrongWith(end: SharedEnd): Wrong {
  const { via } = end.plug;
  if (via === 'tap') return noTap(end);
  return isShared(via) ? problem(via, end) : undefined;
}

/** A port of a VDE switch is one in any case. */
function noTap({ own, other }: SharedEnd): Wrong {
  if (own.is === 'vde' || other.is === 'vde') return undefined;
  const vpp = [own, other].find(place => place.is === 'vpp');
  const far = vpp === own ? other : own;
  if (vpp?.is !== 'vpp' || far.is === 'none' || far.is === 'vpp')
    return {
      summary: 'via tap leads from a switch of kind vpp to a container or a bridge, which this link does not',
      hint: 'leave via out',
    };
  const there = far.is === 'service' ? [far.host] : far.hosts;
  return there.some(host => host !== undefined && vpp.hosts.includes(host))
    ? undefined
    : { summary: 'a tap is on the host of its VPP, and the other end is not', hint: 'leave via out' };
}

function problem(via: string, { own, other, plug: { impair } }: SharedEnd): Wrong {
  if (own.is !== 'service')
    return own.is === 'vpp' && other.is === 'service' ? undefined : noVpp(via, 'this end');
  if (!own.userspace)
    return {
      summary: `${own.called} has no VPP of its own, which ${via} leads to`,
      hint: 'say how it is configured: userspace: { configure: vppctl }',
    };
  if (impair)
    return {
      summary: `what goes by ${via} passes no queue of the kernel's, in which it could be impaired`,
      hint: 'take via: veth, or leave impair out',
    };
  if (via === 'vhost-user' && own.userspace.configure === 'vppctl')
    return {
      summary: 'vppctl makes only the side of vhost-user that the host has',
      hint: 'take memif, or configure: userspace-cni',
    };
  if (other.is !== 'vpp' && (other.is !== 'service' || !other.userspace)) return noVpp(via, 'the other end');
  if (other.is === 'service' && via === 'vhost-user')
    return {
      summary: 'vhost-user leads from a container to a switch of kind vpp',
      hint: 'take memif between containers',
    };
  const there = other.is === 'vpp' ? other.hosts : [other.host];
  return there.some(host => host === own.host)
    ? undefined
    : {
        summary: `${via} is memory of one host, and the other end is not on ${own.host}`,
        hint: 'leave via out, or put both on one host',
      };
}

const noVpp = (via: string, which: string) => ({
  summary: `${via} joins two VPPs, and ${which} is none`,
  hint: 'a switch of kind vpp has one, and a service with userspace',
});

function interfaceEnds(sight: Sight): readonly SharedEnd[] {
  return Object.entries(sight.topology.stacks).flatMap(([stack, { services }]) =>
    Object.entries(services).flatMap(([key, service]) =>
      service.interfaces.map(plug => ({
        plug,
        own: placeOf(sight, stack, key, service),
        other: switchAt(sight, plug.switch),
      })),
    ),
  );
}

function linkEnds(sight: Sight): readonly SharedEnd[] {
  return sight.topology.links.flatMap(({ ends: [a, b] }) => {
    const [one, other] = [a, b].map(({ at }): Place => {
      if (at.is === 'named') return at.port === undefined ? switchAt(sight, at.name) : { is: 'none' };
      const service = sight.topology.stacks[at.stack]?.services[at.service];
      return service ? placeOf(sight, at.stack, at.service, service) : { is: 'none' };
    }) as [Place, Place];
    return [
      { plug: a, own: one, other },
      { plug: b, own: other, other: one },
    ];
  });
}

function placeOf({ topology }: Sight, stack: string, key: string, { userspace }: ServiceDeclaration): Place {
  const host = topology.stacks[stack]?.host;
  return {
    is: 'service',
    called: `${stack}/${key}`,
    ...(host !== undefined && { host }),
    ...(userspace && { userspace }),
  };
}

function switchAt({ topology }: Sight, name: string): Place {
  const on = topology.switches[name];
  switch (on?.kind) {
    case 'vpp':
      return { is: 'vpp', hosts: on.hosts.map(h => h.host) };
    case 'bridge':
    case 'vde':
      return { is: on.kind, hosts: [on.host] };
    default:
      return { is: 'none' };
  }
}
