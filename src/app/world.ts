import { OPERATOR } from '../core/index.js';
import type { Diagnostic, HostName, HostView, SandboxState } from '../core/index.js';
import { computedView, readHost } from '../facts/index.js';
import type { HostTarget } from '../hosts/index.js';
import { sandboxAddresses } from '../tools/index.js';
import { attempt } from './connections.js';
import type { Connections } from './connections.js';
import { onHost } from './on-host.js';
import type { Scene } from './scene.js';
import type { Context } from './types.js';

/** What was read from all hosts at one time. */
export interface World {
  readonly views: ReadonlyMap<HostName, HostView>;
  /** Hosts that could not be reached or read, one diagnostic each. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same of those that are left out for it, as was asked for. */
  readonly skipped: readonly Diagnostic[];
  /** Sandbox hosts that are there but not wholly up: what is on them can only be read once they are repaired. */
  readonly halfUp: ReadonlySet<HostName>;
  /** Sandbox hosts, by host, to the sandbox's name. */
  readonly sandboxes: ReadonlyMap<HostName, string>;
  /** Whether what docker compose made for the same projects is to be taken over. */
  readonly adopt?: boolean;
  /** Hosts whose views hold paths that were measured just now, and are not in the record yet. */
  readonly measured?: ReadonlySet<HostName>;
}

/**
 * Reads all hosts at once: one round trip each, beside it the engine's lists. A sandbox that is not there is known to be
 * empty: its view is computed. Changes nothing.
 */
export async function readWorld(scene: Scene, links: Connections, context: Context): Promise<World> {
  const { topology } = scene;
  const { signal, emit } = context;
  const read = (name: HostName): Promise<HostView> =>
    onHost(links, name, host => {
      emit({ type: 'host', host: name, text: 'reading' });
      return readHost(host, {
        topology,
        signal,
        sandboxes: name === OPERATOR,
        inside: scene.inside ?? false,
        impaired: scene.impaired ?? false,
        dataplanes: scene.targets.find(t => t.name === name)?.dataplanes ?? {},
        adopt: scene.adopt ?? [],
      });
    });
  const operator = scene.operator ? await read(OPERATOR) : undefined;
  const states = new Map(operator?.inventory.sandboxes.map(s => [s.name, s]));
  const addresses = sandboxAddresses(
    scene.targets.flatMap(t => t.sandbox ?? []),
    operator?.inventory.sandboxes ?? [],
  );
  const stateOf = (t: HostTarget): SandboxState | undefined =>
    t.sandbox === undefined ? undefined : states.get(t.sandbox);
  const viewOf = async (t: HostTarget): Promise<HostView> =>
    t.sandbox === undefined || isUp(stateOf(t)) || !operator
      ? read(t.name)
      : computedView(t.name, operator, { address: `${addresses.get(t.sandbox)!}/16` });
  const results = await Promise.all(scene.targets.map(t => attempt(scene, t.name, () => viewOf(t))));
  const views = results.flatMap(r => ('value' in r ? [r.value] : []));
  const failed = results.flatMap(r => ('failed' in r ? [r.failed] : []));
  const skips = scene.unreachable === 'skip';
  return {
    views: new Map([...(operator ? [operator] : []), ...views].map(v => [v.host, v])),
    diagnostics: [...(skips ? [] : failed), ...(await elsewhere(scene, views, links))],
    adopt: scene.adopt !== undefined,
    skipped: [...(scene.skipped ?? []).map(s => s.reason), ...(skips ? failed : [])],
    halfUp: new Set(scene.targets.filter(t => stateOf(t) && !isUp(stateOf(t))).map(t => t.name)),
    sandboxes: new Map(scene.targets.flatMap(t => (t.sandbox === undefined ? [] : [[t.name, t.sandbox]]))),
  };
}

/** `local` is the engine in use here, as for the docker command line; where that is not this machine's, it is said. */
async function elsewhere(
  { targets }: Scene,
  views: readonly HostView[],
  links: Connections,
): Promise<readonly Diagnostic[]> {
  const local = targets.filter(t => t.form.is === 'local' && views.some(v => v.host === t.name));
  const hosts = await Promise.all(local.map(t => links.host(t.name)));
  return hosts
    .filter(({ described }) => described !== 'local')
    .map(({ name, described }) => ({
      severity: 'warning',
      code: 'host.elsewhere',
      host: name,
      summary: `host ${name} is local, and DOCKER_HOST, DOCKER_CONTEXT or the Docker context in use leads to ${described}`,
      hint: 'if this machine is meant: docker_socket: /var/run/docker.sock',
    }));
}

/** Whether a host still has named volumes of a topology: they outlive what used them. */
export function bearsVolumes(view: HostView | undefined, topology: string): boolean {
  return view?.inventory.volumes.some(v => v.labels['topo.name'] === topology) ?? false;
}

function isUp(state: SandboxState | undefined): boolean {
  return state !== undefined && state.running && state.problems.length === 0;
}
