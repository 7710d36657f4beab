import { replicaName, resourceId } from '../core/index.js';
import type { HostName, HostView, Resolved } from '../core/index.js';
import { ADOPTED } from '../tools/index.js';

type Labels = Readonly<Record<string, string>>;
type Views = ReadonlyMap<HostName, HostView>;

/**
 * Marks on the hosts what docker compose made for the projects of the topology's stacks, and nobody took over yet: by the labels of its project
 * and by what it is there. With `adopt` it counts as the topology's own from here on, else as what could be.
 */
export function withCandidates(resolved: Resolved, views: Views, adopt: boolean): Views {
  return new Map([...views].map(([host, view]) => [host, withCandidatesOn(resolved, view, adopt)]));
}

/** Candidates by noun and labels, to the name of the resource that they would be. */
function wantedOn(resolved: Resolved, host: HostName): ReadonlyMap<string, Wanted> {
  const here = resolved.stacks.filter(s => s.host === host);
  return new Map(
    here.flatMap(stack => {
      const { name, project } = stack;
      const of = (noun: string, key: string, called: string): readonly [string, Wanted] => [
        `${noun} ${project} ${key}`,
        { stack: name, id: resourceId(host, noun.split(' ')[0]!, called) },
      ];
      return [
        ...stack.services.flatMap(({ key, containers }) =>
          containers.map((_, i) => of('container', `${key} ${i + 1}`, replicaName(name, key, i + 1))),
        ),
        ...stack.networks
          .filter(n => !n.external)
          .map(n => of('network', `${n.key} ${n.name}`, `${name}/${n.key}`)),
        ...stack.volumes
          .filter(v => !v.external)
          .map(v => of('volume', `${v.key} ${v.name}`, `${name}/${v.key}`)),
      ];
    }),
  );
}

interface Wanted {
  readonly stack: string;
  readonly id: string;
}

/** Where no record can be kept nothing can be adopted. */
function withCandidatesOn(resolved: Resolved, view: HostView, adopt: boolean): HostView {
  if (view.facts.engineOnly) return view;
  const wanted = wantedOn(resolved, view.host);
  const marked = <T extends { readonly labels: Labels }>(item: T, key: string): T => {
    const want = item.labels['topo.name'] === undefined ? wanted.get(key) : undefined;
    return want ? { ...item, labels: { ...item.labels, ...markFor(resolved.name, want, adopt) } } : item;
  };
  const { containers, networks, volumes } = view.inventory;
  return {
    ...view,
    inventory: {
      ...view.inventory,
      containers: containers.map(c => marked(c, containerKey(c.labels))),
      networks: networks.map(n => marked(n, objectKey('network', n))),
      volumes: volumes.map(v => marked(v, objectKey('volume', v))),
    },
  };
}

function markFor(topology: string, { stack, id }: Wanted, adopt: boolean): Labels {
  if (!adopt) return { [ADOPTED]: 'could' };
  return { [ADOPTED]: 'now', 'topo.name': topology, 'topo.id': id, 'topo.stack': stack };
}

/** One that `docker compose run` made is none of a service. */
function containerKey(labels: Labels): string {
  const of = (name: string): string => labels[`com.docker.compose.${name}`] ?? '';
  return of('oneoff') === 'True'
    ? ''
    : `container ${of('project')} ${of('service')} ${of('container-number')}`;
}

function objectKey(
  noun: 'network' | 'volume',
  { name, labels }: { readonly name: string; readonly labels: Labels },
): string {
  const of = (label: string): string => labels[`com.docker.compose.${label}`] ?? '';
  return `${noun} ${of('project')} ${of(noun)} ${name}`;
}
