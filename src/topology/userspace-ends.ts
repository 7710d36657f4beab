import { isShared } from '../core/index.js';
import type { HostName, PlugDeclaration, ServiceDeclaration, UserspaceDeclaration } from '../core/index.js';
import { valueAt } from './at.js';
import type { Finding } from './finding.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';

/** What an end is to those who share memory with it: where it is, and what has its VPP. */
type Place =
  | {
      readonly is: 'service';
      readonly host?: HostName;
      readonly called: string;
      readonly userspace?: UserspaceDeclaration;
    }
  | { readonly is: 'vpp'; readonly hosts: readonly HostName[] }
  | { readonly is: 'none' };

interface SharedEnd {
  readonly plug: PlugDeclaration;
  readonly own: Place;
  readonly other: Place;
}

/** Memif and vhost-user: between two VPPs of one host, of which one or both are in containers. */
export function checkUserspace(sight: Sight): readonly Finding[] {
  return [...interfaceEnds(sight), ...linkEnds(sight)].flatMap(end => {
    const wrong =
      end.plug.via === undefined || !isShared(end.plug.via) ? undefined : problem(end.plug.via, end);
    if (wrong === undefined) return [];
    const path = [...end.plug.path, 'via'];
    const place = valueAt(sight.root, path) === undefined ? end.plug.path : path;
    return [clash(sight, 'value.conflict', wrong.summary, place, { hint: wrong.hint })];
  });
}

function problem(
  via: string,
  { own, other }: SharedEnd,
): { readonly summary: string; readonly hint: string } | undefined {
  if (own.is !== 'service')
    return own.is === 'vpp' && other.is === 'service' ? undefined : noVpp(via, 'this end');
  if (!own.userspace)
    return {
      summary: `${own.called} has no VPP of its own, which ${via} leads to`,
      hint: 'say how it is configured: userspace: { configure: vppctl }',
    };
  if (via === 'vhost-user' && own.userspace.configure === 'vppctl')
    return {
      summary: 'vppctl makes only the side of vhost-user that the host has',
      hint: 'take memif, or configure: userspace-cni',
    };
  if (other.is === 'none' || (other.is === 'service' && !other.userspace)) return noVpp(via, 'the other end');
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
  return on?.kind === 'vpp' ? { is: 'vpp', hosts: on.hosts.map(h => h.host) } : { is: 'none' };
}
