import type {
  Diagnostic,
  DocPath,
  HostName,
  HostView,
  Link,
  Listener,
  Resolved,
  ResolvedVxlan,
} from '../core/index.js';
import { describeLink, isOurs } from '../kinds/index.js';
import { subnetClashes } from './clash-subnets.js';

/** What a host already has that the topology cannot live beside: told before anything is changed. */
export function clashes(resolved: Resolved, views: ReadonlyMap<HostName, HostView>): readonly Diagnostic[] {
  return [
    ...sameMachine(views),
    ...resolved.switches.flatMap(s => vxlanClashes(resolved, s, views)),
    ...subnetClashes(resolved, views),
    ...resolved.stacks.flatMap(stack => portClashes(resolved, stack, views.get(stack.host))),
  ];
}

function sameMachine(views: ReadonlyMap<HostName, HostView>): readonly Diagnostic[] {
  const byMachine = new Map<string, HostName>();
  return [...views.values()].flatMap(({ host, facts }): Diagnostic[] => {
    if (facts.computed || host.startsWith('@')) return [];
    const machine = `${facts.bootId} ${facts.netns}`;
    const other = byMachine.get(machine);
    byMachine.set(machine, host);
    if (other === undefined) return [];
    const summary = `hosts ${other} and ${host} are the same machine (${facts.hostname})`;
    return [{ severity: 'error', code: 'host.twice', host, summary, hint: 'give one machine one name' }];
  });
}

function vxlanClashes(
  resolved: Resolved,
  vxlan: ResolvedVxlan,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const hosts = [...new Set(vxlan.members.map(m => m.host))];
  return hosts.flatMap(host => {
    const view = views.get(host);
    if (!view) return [];
    return [
      ...vniHolders(view, vxlan).map(link => vniTaken(resolved, vxlan, view, link)),
      ...nameHolders(resolved, view, vxlan).map(link => nameTaken(resolved, vxlan, host, link)),
      ...portHolders(view, vxlan.port).map(process => udpTaken(resolved, vxlan, host, process)),
    ];
  });
}

/** A (VNI, UDP port) exists once in a network namespace. */
function vniHolders(view: HostView, vxlan: ResolvedVxlan): readonly Link[] {
  return view.inventory.links.filter(
    l =>
      l.kind === 'vxlan' &&
      l.data['id'] === vxlan.vni &&
      l.data['port'] === vxlan.port &&
      l.name !== `vxlan${vxlan.vni}`,
  );
}

function vniTaken(resolved: Resolved, vxlan: ResolvedVxlan, view: HostView, link: Link): Diagnostic {
  const whose = /^topo:([^:]+):/.exec(link.alias)?.[1];
  const holder =
    whose && whose !== resolved.name ? `topology ${whose}'s device ${link.name}` : `device ${link.name}`;
  return {
    severity: 'error',
    code: 'vni.taken',
    host: view.host,
    ...at(resolved, ['switches', vxlan.name, 'vni']),
    summary: `VNI ${vxlan.vni} on UDP port ${vxlan.port} is held by ${holder}`,
    hint: `give switch ${vxlan.name} another \`vni\` or \`port\`, or remove that device`,
  };
}

function nameHolders(resolved: Resolved, view: HostView, vxlan: ResolvedVxlan): readonly Link[] {
  return view.inventory.links.filter(l => l.name === `vxlan${vxlan.vni}` && !isOurs(l, resolved.name));
}

function nameTaken(resolved: Resolved, vxlan: ResolvedVxlan, host: HostName, link: Link): Diagnostic {
  return {
    severity: 'error',
    code: 'vni.taken',
    host,
    ...at(resolved, ['switches', vxlan.name, 'vni']),
    summary: `the name ${link.name} is held by ${describeLink(link)}`,
    hint: `give switch ${vxlan.name} another \`vni\`, which its devices are named after, or remove that one`,
  };
}

/** The kernel's own VXLAN sockets belong to no process; whatever has one is something else. */
function portHolders(view: HostView, port: number): readonly string[] {
  return [...new Set(view.inventory.udp.filter(u => u.port === port && u.process !== '').map(titleOf))];
}

function titleOf({ process, pid }: Listener): string {
  return pid === undefined ? process : `${process} (pid ${pid})`;
}

function udpTaken(resolved: Resolved, vxlan: ResolvedVxlan, host: HostName, process: string): Diagnostic {
  return {
    severity: 'error',
    code: 'port.taken',
    host,
    ...at(resolved, ['switches', vxlan.name, 'port']),
    summary: `UDP port ${vxlan.port}, which switch ${vxlan.name} uses, is held by ${process}`,
    hint: `give switch ${vxlan.name} another \`port\`, or stop that process`,
  };
}

function portClashes(
  resolved: Resolved,
  stack: Resolved['stacks'][number],
  view: HostView | undefined,
): readonly Diagnostic[] {
  if (!view) return [];
  return stack.services.flatMap(service =>
    service.ports.flatMap((port): Diagnostic[] => {
      if (port.host === undefined) return [];
      const holder =
        publishedBy(resolved, view, port.host, port.protocol) ?? listenedBy(view, port.host, port.protocol);
      if (holder === undefined) return [];
      return [
        {
          severity: 'error',
          code: 'port.taken',
          host: view.host,
          ...at(resolved, ['stacks', stack.name, 'services', service.key, 'ports']),
          summary: `${port.protocol.toUpperCase()} port ${port.host} is held by ${holder}`,
          hint: `publish ${stack.name}/${service.key} on another port, or free this one`,
        },
      ];
    }),
  );
}

function publishedBy(resolved: Resolved, view: HostView, port: number, protocol: string): string | undefined {
  const holder = view.inventory.containers.find(
    c =>
      c.labels['topo.name'] !== resolved.name &&
      c.ports.some(p => p.host === port && p.protocol === protocol),
  );
  return holder && `container ${holder.name}`;
}

/** docker-proxy is the engine's own helper: whose port that is, the container list tells. */
function listenedBy(view: HostView, port: number, protocol: string): string | undefined {
  const listeners = protocol === 'udp' ? view.inventory.udp : protocol === 'tcp' ? view.inventory.tcp : [];
  const holder = listeners.find(l => l.port === port && l.process !== '' && l.process !== 'docker-proxy');
  return holder && titleOf(holder);
}

function at(resolved: Resolved, path: DocPath): Pick<Diagnostic, 'place'> {
  const place = resolved.locate(path);
  return place ? { place } : {};
}
