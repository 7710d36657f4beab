import { TopoError, type Argument } from '../core/index.js';
import { adoptedScripts } from './adopted.js';
import { fdbScripts } from './bridge.js';
import { ipScripts } from './ip.js';
import { iptablesScripts } from './iptables.js';
import { portScripts } from './ip-bridge.js';
import { wireScripts } from './ip-wire.js';
import { hookScripts } from './hooks.js';
import { namesScripts } from './names.js';
import { sandboxScripts } from './sandbox.js';
import { tcScripts } from './tc.js';
import { userspaceScripts } from './userspace.js';
import { vppScripts } from './vppctl.js';
import { valeScripts } from './vale-ctl.js';
import { tapScripts } from './tap.js';
import { vdePlugScripts } from './vde-plug.js';
import { vdeSwitchScripts } from './vde-switch.js';

/** POSIX sh texts by name. They are constant: what differs between two runs is only in their arguments and their input. */
export type Scripts = Readonly<Record<string, string>>;

/** Every script that a `via: 'script'` call may name. */
export const scripts: Scripts = {
  ...adoptedScripts,
  ...ipScripts,
  ...wireScripts,
  ...portScripts,
  ...fdbScripts,
  ...iptablesScripts,
  ...hookScripts,
  ...namesScripts,
  ...sandboxScripts,
  ...tcScripts,
  ...userspaceScripts,
  ...vppScripts,
  ...valeScripts,
  ...tapScripts,
  ...vdePlugScripts,
  ...vdeSwitchScripts,
};

/** The argv that runs a script: its name stands as `$0`, the arguments as `$1` and on. An unknown name is a bug, and so is a namespace among them. */
export function scriptArgv(name: string, args: readonly Argument[]): readonly string[] {
  const words = args.filter(arg => typeof arg === 'string');
  if (words.length < args.length)
    throw new TopoError(`${name} needs a namespace, which only apply/ can bind`, {
      code: 'script.unbound',
      who: 'topo',
    });
  const text = scripts[name];
  if (text === undefined)
    throw new TopoError(`no script is named ${name}`, { code: 'script.unknown', who: 'topo' });
  return ['sh', '-c', text, name, ...words];
}
