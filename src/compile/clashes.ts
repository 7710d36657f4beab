import { ADOPT_HINT, switchesOf } from '../core/index.js';
import type { Diagnostic, EngineContainer, Facts, HostName, HostView, Resolved } from '../core/index.js';
import { ADOPTED } from '../tools/index.js';
import { placeOf, titleOf } from './clash-words.js';
import { subnetClashes } from './clash-subnets.js';
import { tunnelClashes } from './clash-tunnel.js';
import { vppClashes } from './clash-vpp.js';
import { vxlanClashes } from './clash-vxlan.js';

/** What a host already has that the topology cannot live beside: told before anything is changed. */
export function clashes(resolved: Resolved, views: ReadonlyMap<HostName, HostView>): readonly Diagnostic[] {
  return [
    ...sameMachine(views),
    ...switchesOf(resolved, 'vxlan').flatMap(s =>
      vxlanClashes(resolved, { ...s, hosts: [...new Set(s.members.map(m => m.host))] }, views),
    ),
    ...switchesOf(resolved, 'segment').flatMap(s => vxlanClashes(resolved, s, views)),
    ...switchesOf(resolved, 'vpp').flatMap(s => vppClashes(resolved, s, views)),
    ...tunnelClashes(resolved, views),
    ...subnetClashes(resolved, views),
    ...resolved.stacks.flatMap(stack => portClashes(resolved, stack, views.get(stack.host))),
  ];
}

function sameMachine(views: ReadonlyMap<HostName, HostView>): readonly Diagnostic[] {
  const seen: HostView[] = [];
  return [...views.values()].flatMap((view): Diagnostic[] => {
    const { host, facts } = view;
    if (facts.computed || host.startsWith('@')) return [];
    const other = seen.find(v => isSameMachine(v.facts, facts));
    seen.push(view);
    if (!other) return [];
    const summary = `hosts ${other.host} and ${host} are the same machine (${facts.hostname})`;
    return [{ severity: 'error', code: 'host.twice', host, summary, hint: 'give one machine one name' }];
  });
}

/** Machines can be copied with their engine's id: it tells only where nothing else can. */
function isSameMachine(a: Facts, b: Facts): boolean {
  if (!a.engineOnly && !b.engineOnly) return a.bootId === b.bootId && a.netns === b.netns;
  return a.engine.is === 'running' && b.engine.is === 'running' && a.engine.id === b.engine.id;
}

function portClashes(
  resolved: Resolved,
  stack: Resolved['stacks'][number],
  view: HostView | undefined,
): readonly Diagnostic[] {
  if (!view) return [];
  return stack.services.flatMap(service =>
    service.ports.flatMap((port): Diagnostic[] => {
      if (port.host === undefined || port.hostEnd !== undefined) return [];
      const container = publishedBy(resolved, view, port.host, port.protocol);
      const holder = container ? `container ${container.name}` : listenedBy(view, port.host, port.protocol);
      if (holder === undefined) return [];
      return [
        {
          severity: 'error',
          code: 'port.taken',
          host: view.host,
          ...placeOf(resolved, ['stacks', stack.name, 'services', service.key, 'ports']),
          summary: `${port.protocol.toUpperCase()} port ${port.host} is held by ${holder}`,
          hint: `${container?.labels[ADOPTED] === 'could' ? ADOPT_HINT : ''}publish ${stack.name}/${service.key} on another port, or free this one`,
        },
      ];
    }),
  );
}

function publishedBy(
  resolved: Resolved,
  view: HostView,
  port: number,
  protocol: string,
): EngineContainer | undefined {
  return view.inventory.containers.find(
    c =>
      c.labels['topo.name'] !== resolved.name &&
      c.ports.some(p => p.host === port && p.protocol === protocol),
  );
}

/** docker-proxy is the engine's own helper: whose port that is, the container list tells. */
function listenedBy(view: HostView, port: number, protocol: string): string | undefined {
  const listeners = protocol === 'udp' ? view.inventory.udp : protocol === 'tcp' ? view.inventory.tcp : [];
  const holder = listeners.find(l => l.port === port && l.process !== '' && l.process !== 'docker-proxy');
  return holder && titleOf(holder);
}
