import { switchOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved } from '../core/index.js';
import { hostsOfLink } from './link-hosts.js';

type Views = ReadonlyMap<HostName, HostView>;

/** Whether what Docker networks on a host are made of can be seen and changed by commands there. */
export function networksInReach(view: HostView | undefined): boolean {
  if (!view) return true;
  const { engine, engineOnly } = view.facts;
  return engineOnly !== true && !(engine.is === 'running' && engine.rootless);
}

/** Stacks and links on hosts where topo can't get at what it would have to join. */
export function outOfReach(resolved: Resolved, views: Views): readonly Diagnostic[] {
  return [...stacksOutOfReach(resolved, views), ...linksOutOfReach(resolved, views)];
}

function linksOutOfReach(resolved: Resolved, views: Views): readonly Diagnostic[] {
  return resolved.links.flatMap(link =>
    [...new Set(hostsOfLink(resolved, link))].flatMap((host): Diagnostic[] => {
      const view = views.get(host);
      if (!view || networksInReach(view)) return [];
      const place = resolved.locate(link.path);
      const on = `link ${link.name} ends on ${host}`;
      const found = { severity: 'error', host, ...(place && { place }) } as const;
      return [{ ...found, ...(view.facts.engineOnly ? engineOnly(on, view) : rootless(on, view)) }];
    }),
  );
}

function stacksOutOfReach(resolved: Resolved, views: Views): readonly Diagnostic[] {
  return resolved.stacks.flatMap(stack => {
    const view = views.get(stack.host);
    if (!view || networksInReach(view)) return [];
    return stack.networks.flatMap((network): Diagnostic[] => {
      const name = switchOf(network);
      if (name === undefined) return [];
      const place = resolved.locate([
        'stacks',
        stack.name,
        'networks',
        network.key,
        network.fabric ? 'fabric' : 'stretch',
      ]);
      const on = `network ${network.key} of stack ${stack.name} is on switch ${name}`;
      const found = { severity: 'error', host: stack.host, ...(place && { place }) } as const;
      return [{ ...found, ...(view.facts.engineOnly ? engineOnly(on, view) : rootless(on, view)) }];
    });
  });
}

function engineOnly(on: string, { host, facts }: HostView): Pick<Diagnostic, 'code' | 'summary' | 'hint'> {
  return {
    code: 'host.engine-only',
    summary: `${on}, which takes commands on its host, and of ${host} only the engine is reached (${facts.hostname})`,
    hint: `give ${host} as \`ssh:\`, or a context that leads to ssh://`,
  };
}

function rootless(on: string, { host }: HostView): Pick<Diagnostic, 'code' | 'summary' | 'hint'> {
  return {
    code: 'engine.rootless',
    summary: `${on}, and the engine of ${host} is a rootless one: its networks are in a namespace of its own, behind a user's sockets`,
    hint: `let ${host} use the machine's own engine (docker_socket: /var/run/docker.sock), or take it off the switch`,
  };
}
