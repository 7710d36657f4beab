import { resourceId } from '../core/index.js';
import type { Difference, Found, ResourceKind, VdeSettings, VdeSwitch } from '../core/index.js';
import {
  setVdeSwitch,
  startVdeSwitch,
  stopVdeSwitch,
  vdeSwitchStem,
  type VdeSwitchPlace,
} from '../tools/index.js';
import { changed } from './fields.js';
import { unread } from './unread.js';

/** A vde_switch process and its sockets. */
export interface VdeSwitchSpec extends VdeSwitchPlace {
  readonly topology: string;
  readonly name: string;
  readonly settings: VdeSettings;
}

/** The program's own (fstp.c: 0x8000). */
const PRIORITY = 32768;

/** Known by the notes on it, which a dead one leaves. What it is told only when it starts makes it anew, and with it all that is plugged in. */
export const vdeSwitch: ResourceKind<VdeSwitchSpec, VdeSwitch> = {
  name: 'vde_switch',
  noun: 'VDE switch',
  carries: 'switch',
  after: ['sandbox'],
  reads: ['vde'],
  dependsOn: () => [],
  read(inventory, scope) {
    const missing = unread(inventory, ['vde'], scope);
    if (missing) return missing;
    const { topology, host, wanted } = scope;
    const { switches, directories } = inventory.vde;
    const own = switches.filter(s => s.topology === topology);
    const ids = new Map(wanted.map(w => [w.spec.name, w.id]));
    const names = new Set(own.map(s => s.name));
    const foreign = wanted
      .filter(({ spec }) => !names.has(spec.name) && directories.includes(spec.directory))
      .map(({ id, spec }): Found<VdeSwitch> => {
        return { is: 'foreign', id, holder: `a VDE switch in ${spec.directory} that topo did not start` };
      });
    const found = own.map((state): Found<VdeSwitch> => {
      const { name } = state;
      const id = ids.get(name) ?? resourceId(host, 'vde_switch', name);
      return { is: 'ours', id, state, group: { is: 'switch', name } };
    });
    return [...foreign, ...found];
  },
  diff(want, have) {
    const { settings } = want;
    const { says, socket } = have;
    if (have.pid === undefined) return [broken('process', 'dead', 'running')];
    if (!says) return [broken('management socket', 'no answer', 'answers')];
    if (!socket) return [broken('socket', 'gone', `${want.directory}/ctl`)];
    const fixed = [
      ...changed('directory', have.directory, want.directory),
      ...changed('management socket', have.management, want.management),
      ...changed('priority', says.priority, settings.priority ?? PRIORITY),
      ...changed('group', socket.group, settings.group ?? 'root'),
      ...changed('mode', octal(socket.mode), octal(settings.mode)),
      // Ports that were ever in use can't be taken away (vde_switch: EADDRINUSE).
      ...(settings.ports < says.ports ? changed('ports', says.ports, settings.ports) : []),
    ];
    return [
      ...fixed.map(d => ({ ...d, replace: true as const })),
      ...(settings.ports > says.ports ? changed('ports', says.ports, settings.ports) : []),
      ...changed('hub', says.hub, settings.hub),
      ...changed('fstp', says.fstp, settings.fstp),
    ];
  },
  claims: ({ spec }) => [claim(spec.directory), claim(spec.management)],
  holds: have => [claim(have.directory), claim(have.management)],
  steps(change) {
    switch (change.verb) {
      case 'create':
        return [startVdeSwitch(change.want.spec, change.want.spec.settings)];
      case 'update': {
        const { spec } = change.want;
        const told = new Set(change.differences.map(d => d.field));
        const { ports, hub, fstp } = spec.settings;
        const settings = {
          ...(told.has('ports') && { ports }),
          ...(told.has('hub') && { hub }),
          ...(told.has('fstp') && { fstp }),
        };
        return [setVdeSwitch(spec, settings)];
      }
      case 'replace':
        return [
          stopVdeSwitch(placeOf(change.have)),
          startVdeSwitch(change.want.spec, change.want.spec.settings),
        ];
      case 'delete':
        return [stopVdeSwitch(placeOf(change.have))];
    }
  },
};

function broken(field: string, have: string, want: string): Difference {
  return { field, have, want, replace: true };
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function claim(socket: string): string {
  return `socket ${socket}`;
}

function placeOf({ topology, name, directory }: VdeSwitch): { stem: string; directory: string } {
  return { stem: vdeSwitchStem(topology, name), directory };
}
