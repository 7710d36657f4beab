import type { Inventory } from '../core/index.js';
import { ADOPTED, type Adopted, type AdoptedNoun } from '../tools/index.js';

type Lists = Pick<Inventory, 'containers' | 'networks' | 'volumes'>;

/**
 * An engine's lists in which what topologies have adopted bears the labels that they would have given it: a label can't be added to what
 * is there, so the host's record stands in for it. From here on nobody need know. What has labels of topo's own keeps those.
 */
export function withAdopted<L extends Lists>(lists: L, adopted: readonly Adopted[]): L {
  if (adopted.length === 0) return lists;
  const known = new Map(adopted.map(a => [`${a.noun} ${a.ref}`, a]));
  const marked =
    <T extends { readonly labels: Readonly<Record<string, string>> }>(
      noun: AdoptedNoun,
      refOf: (item: T) => string,
    ) =>
    (item: T): T => {
      const record = known.get(`${noun} ${refOf(item)}`);
      if (!record || item.labels['topo.name'] !== undefined) return item;
      return { ...item, labels: { ...item.labels, ...record.labels, [ADOPTED]: 'before' } };
    };
  return {
    ...lists,
    containers: lists.containers.map(marked('container', c => c.id)),
    networks: lists.networks.map(marked('network', n => n.id)),
    volumes: lists.volumes.map(marked('volume', v => v.name)),
  };
}
