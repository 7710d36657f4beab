import type { Found, Link, ResourceId, ResourceKind } from '../core/index.js';
import { ipRemove, setLink } from '../tools/index.js';
import { aliasKind, isOurs, resourceOf } from './device.js';
import { changed } from './fields.js';
import { unread } from './unread.js';

/** What makes the bridge of a Docker network the same gateway on all hosts: one MAC everywhere, beside the one address. */
export interface GatewaySpec {
  readonly topology: string;
  readonly network: ResourceId;
  /** The network's bridge. */
  readonly device: string;
  readonly mac: string;
  readonly alias: string;
}

/** The engine makes the bridge, and removes it with the network; its alias says that topo told it something. */
export const gateway: ResourceKind<GatewaySpec, Link> = {
  name: 'gateway',
  noun: 'gateway',
  after: ['network'],
  reads: ['links'],
  dependsOn: ({ spec }) => [{ on: spec.network, because: `${spec.device} is its bridge` }],
  read(inventory, scope) {
    const missing = unread(inventory, ['links'], scope);
    if (missing) return missing;
    const { topology, host, wanted } = scope;
    const names = new Set(wanted.map(w => w.spec.device));
    const left = inventory.links.filter(
      l => aliasKind(l) === 'gateway' && isOurs(l, topology) && !names.has(l.name),
    );
    return [
      ...wanted.flatMap(({ id, spec }): readonly Found<Link>[] => {
        const state = inventory.links.find(l => l.name === spec.device);
        return state ? [{ is: 'ours', id, state }] : [];
      }),
      ...left.map((state): Found<Link> => {
        return { is: 'ours', id: resourceOf(state, topology, host, 'gateway'), state };
      }),
    ];
  },
  diff: (want, have) =>
    (['mac', 'alias'] as const).flatMap(key => changed(key, have[key] || undefined, want[key])),
  without: (have, { spec }, gone) => (gone.has(spec.network) ? undefined : have),
  steps(change) {
    if (change.verb !== 'delete') {
      const { device, mac, alias } = change.want.spec;
      return [setLink(device, { mac, alias })];
    }
    const { name } = change.have;
    const lines = [`neighbour flush dev ${name} nud permanent`, `link set dev ${name} alias ""`];
    return [ipRemove(lines, `${name} as it was`)];
  },
};
