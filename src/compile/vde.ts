import { resourceId } from '../core/index.js';
import type { HostView, Resolved, ResolvedVde, Resource, ResourceId } from '../core/index.js';
import type { VdeSwitchSpec } from '../kinds/index.js';
import { vdeSwitchStem } from '../tools/index.js';
import { makeResource } from './resource.js';

/** A VDE switch of the file; nothing where somebody else runs it. */
export function compileVde(
  { name: topology }: Resolved,
  on: ResolvedVde,
  view: HostView | undefined,
): readonly Resource[] {
  const { name, host, ports, hub, fstp, priority, group, mode } = on;
  const { directory, management } = vdeSockets(topology, on);
  if (madeSwitch(on, view) === undefined || management === undefined) return [];
  const settings = {
    ...{ ports, hub, fstp, mode },
    ...(priority !== undefined && { priority }),
    ...(group !== undefined && { group }),
  };
  const at = { host, kind: 'vde_switch', name, group: { is: 'switch', name } as const };
  const stem = vdeSwitchStem(topology, name);
  return [
    makeResource<VdeSwitchSpec>(topology, at, { topology, name, stem, directory, management, settings }),
  ];
}

/** The directory of a switch's sockets and its management socket, topo's own where the file gives none. */
export function vdeSockets(
  topology: string,
  { name, isMade, directory, management }: ResolvedVde,
): { readonly directory: string; readonly management?: string } {
  const own = vdeSwitchStem(topology, name);
  const socket = management ?? (isMade ? `${own}.mgmt` : undefined);
  return { directory: directory ?? own, ...(socket !== undefined && { management: socket }) };
}

/** What must stand before something is plugged into a switch; undefined where somebody else runs it. */
export function madeSwitch(on: ResolvedVde, view: HostView | undefined): ResourceId | undefined {
  const isOurs = on.isMade && !isOthers(on, view);
  return isOurs ? resourceId(on.host, 'vde_switch', on.name) : undefined;
}

/** Whether in the directory that the file names a switch of somebody else's runs: one is only made where there is none. */
export function isOthers({ name, directory }: ResolvedVde, view: HostView | undefined): boolean {
  if (!view || directory === undefined) return false;
  const { switches, directories } = view.inventory.vde;
  return directories.includes(directory) && !switches.some(s => s.name === name && s.directory === directory);
}
