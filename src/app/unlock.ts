import { EXIT, nearest, OPERATOR, TopoError } from '../core/index.js';
import type { Host, HostName } from '../core/index.js';
import { unlockArgv } from '../tools/index.js';
import { readKnown } from './known.js';
import { load } from './load.js';
import { NotReady } from './not-ready.js';
import { onHost } from './on-host.js';
import { sceneOf } from './plan.js';
import { withConnections } from './session.js';
import type { Context, HeldLock, UnlockOptions } from './types.js';
import type { Scene } from './scene.js';

/** Breaks the topology's locks that others hold on its hosts, if `confirm` agrees. Returns those that were broken. */
export async function unlock(context: Context, options: UnlockOptions): Promise<readonly HeldLock[]> {
  const { resolved, diagnostics } = await load(context);
  if (!resolved) throw new NotReady(diagnostics, EXIT.invalid);
  const scene = sceneOf(resolved, await readKnown(context, resolved.name));
  const names = chosen(lockedOn(scene), options.host);
  return withConnections(scene, context, async links => {
    const ask = (name: HostName): Promise<HeldLock | undefined> =>
      onHost(links, name, host => look(host, scene.topology, context.now()));
    const held = (await Promise.all(names.map(ask))).filter(lock => lock !== undefined);
    if (held.length === 0 || !(await options.confirm(held))) return [];
    await Promise.all(held.map(async lock => breakIt(await links.host(lock.host), scene.topology, lock)));
    return held;
  });
}

/** Sandboxes are covered by the lock of this machine. */
function lockedOn({ operator, targets }: Scene): readonly HostName[] {
  return [...(operator ? [OPERATOR] : []), ...targets.filter(t => !t.sandbox).map(t => t.name)];
}

function chosen(names: readonly HostName[], host: HostName | undefined): readonly HostName[] {
  if (host === undefined) return names;
  if (names.includes(host)) return [host];
  const like = nearest(host, names);
  throw new TopoError(`no host ${host} has a lock of its own in this topology`, {
    code: 'host.unknown',
    who: 'user',
    exit: EXIT.invalid,
    hint: like === undefined ? `its hosts are ${names.join(', ')}` : `did you mean ${like}?`,
  });
}

async function look(host: Host, topology: string, now: number): Promise<HeldLock | undefined> {
  if (host.engineOnly) return undefined;
  const { stdout } = await host.exec(unlockArgv(topology));
  const [, pid = '', who = 'another topo', since = ''] = /^held (\d+) (?:(.*) (\d+))?/.exec(stdout) ?? [];
  if (pid === '') return undefined;
  const seconds = since === '' ? undefined : Math.max(0, Math.round(now / 1000 - Number(since)));
  return { host: host.name, pid, who, ...(seconds === undefined ? {} : { seconds }) };
}

async function breakIt(host: Host, topology: string, { pid, who }: HeldLock): Promise<void> {
  const { code, stdout, stderr } = await host.exec(unlockArgv(topology, pid));
  if (code === 0) return;
  throw new TopoError(`could not break the lock of ${who}: ${stderr.trim() || stdout.trim()}`, {
    code: 'lock.unbroken',
    who: 'host',
    host: host.name,
    hint: `look at process ${pid} there`,
  });
}
