import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, HostView, Resolved, ResolvedVde } from '../core/index.js';
import { placeOf } from './clash-words.js';
import { networksInReach } from './reach.js';
import { isOthers } from './vde.js';

/** What VDE is made and asked with. */
const PROGRAMS = ['vde_switch', 'vde_plug2tap', 'unixcmd'];

/** Hosts that can't have VDE, and switches of others that are not there; a switch of others that is used instead of an own one is told. */
export function vdeObstacles(
  resolved: Resolved,
  views: ReadonlyMap<HostName, HostView>,
): readonly Diagnostic[] {
  const all = switchesOf(resolved, 'vde');
  const hosts = [...new Set(all.map(on => on.host))].flatMap(host => views.get(host) ?? []);
  const lacking = hosts.filter(networksInReach).flatMap(withoutPrograms);
  const without = new Set(lacking.map(d => d.host));
  return [
    ...lacking,
    ...all
      .filter(on => !without.has(on.host) && networksInReach(views.get(on.host)))
      .flatMap(on => notAsDeclared(resolved, on, views.get(on.host))),
  ];
}

function withoutPrograms({ host, facts }: HostView): readonly Diagnostic[] {
  const missing = PROGRAMS.filter(program => !(program in facts.tools));
  if (missing.length === 0) return [];
  const summary = `this host has no ${missing.join(' and no ')}, which a VDE switch needs`;
  const hint = 'install it there: apt-get install vde2';
  return [{ severity: 'error', code: 'program.missing', host, summary, hint }];
}

function notAsDeclared(
  resolved: Resolved,
  on: ResolvedVde,
  view: HostView | undefined,
): readonly Diagnostic[] {
  if (!view) return [];
  const { name, host, directory = '' } = on;
  const at = { host, ...placeOf(resolved, ['switches', name, 'socket_dir']) };
  if (isOthers(on, view)) {
    if (!on.isMade) return [];
    const summary = `in ${directory} of host ${host} a VDE switch of others runs, which is used as it is for switch ${name}`;
    return [{ severity: 'warning', code: 'vde.joined', ...at, summary }];
  }
  if (on.isMade) return [];
  const summary = `no VDE switch runs in ${directory} of host ${host}`;
  const hint = 'start it, or set create: true, and topo makes one there';
  return [{ severity: 'error', code: 'vde.missing', ...at, summary, hint }];
}
