import { digestsOf } from '../../src/app/digests.js';
import type { World } from '../../src/app/world.js';
import { compile } from '../../src/compile/index.js';
import type { HostView, Resolved, Step } from '../../src/core/index.js';
import { withAdopted } from '../../src/facts/adopted.js';
import type { ContainerSpec } from '../../src/kinds/index.js';
import { parseAdopted, rowOf } from '../../src/tools/index.js';
import { appliedWorld, changed, freshWorld, KEY } from './scene.js';

type Labels = Readonly<Record<string, string>>;

/** The hosts of a topology on which docker compose has made the same: no marks, no records, and what the engine says of each container. */
export function composeMade(topology: Resolved): World {
  const fresh = freshWorld(topology);
  const specs = new Map(
    compile(topology, fresh.views, digestsOf(fresh, KEY))
      .resources.filter(r => r.kind === 'container')
      .map(({ spec }) => [(spec as ContainerSpec).name, spec as ContainerSpec]),
  );
  return changed(appliedWorld(topology, fresh), view => {
    const { containers, networks, volumes } = view.inventory;
    const unmarked = <T extends { readonly labels: Labels }>(item: T): T => ({
      ...item,
      labels: Object.fromEntries(Object.entries(item.labels).filter(([key]) => !key.startsWith('topo.'))),
    });
    const inventory = {
      ...view.inventory,
      containers: containers.map(unmarked).map(c => ({
        ...c,
        labels: {
          ...c.labels,
          'com.docker.compose.container-number': '1',
          'com.docker.compose.oneoff': 'False',
        },
        inspected: inspectionOf(c.id, specs.get(c.name)!),
      })),
      networks: networks.map(unmarked).map(n => ({ ...n, options: {}, inspected: {} })),
      volumes: volumes.map(unmarked),
      applied: undefined,
    };
    return { ...view, inventory };
  });
}

/** What an engine adds to what it was asked for. */
function inspectionOf(id: string, { config }: ContainerSpec): { container: unknown; image: unknown } {
  const { Env, Labels, HostConfig, ...own } = config;
  const image = { Config: { Env: ['PATH=/bin'], Cmd: ['sh'], WorkingDir: '/srv', Labels: { maker: 'us' } } };
  return {
    image,
    container: {
      Config: {
        ...image.Config,
        ...own,
        Hostname: id.slice(0, 12),
        User: '',
        Env: [...(Env as readonly string[]), 'PATH=/bin'],
        Labels: { maker: 'us', ...(Labels as Labels), 'com.docker.compose.version': '2.40.3' },
      },
      HostConfig: {
        ...rowOf(HostConfig),
        ...{ ShmSize: 67_108_864, IpcMode: 'private', LogConfig: { Type: 'json-file', Config: {} } },
        ...{ CapAdd: null, Dns: [], Privileged: false, Init: null, OomScoreAdj: 0 },
      },
      Mounts: ((rowOf(HostConfig)['Mounts'] ?? []) as readonly Readonly<Record<string, string>>[]).map(m => ({
        Type: m['Type'],
        Name: m['Source'],
        Destination: m['Target'],
        RW: true,
      })),
    },
  };
}

/** The hosts once the records of what was adopted were written on them, and they are read again. */
export function adoptedWorld(world: World, steps: readonly Step[]): World {
  const lines = steps.flatMap(step => {
    if (step.via !== 'script' || step.name !== 'adopt') return [];
    return [`${String(step.args[0])}/adopted/${String(step.args[1])}:${step.stdin}`];
  });
  return changed(world, (view: HostView) => ({
    ...view,
    inventory: withAdopted(view.inventory, parseAdopted(lines.join('\n'))),
  }));
}
