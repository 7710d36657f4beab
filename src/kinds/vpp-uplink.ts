import type { Found, ResourceKind, Step, VppInterface } from '../core/index.js';
import { leaveDomain, setVppState, setVppTag, tellVpp, type Vppctl } from '../tools/index.js';
import { changed } from './fields.js';
import { idsOfMarks } from './recorded.js';
import { unread } from './unread.js';
import { isMarked, LENT, taggedText } from './vpp-interface.js';
import { portDifferences, redressPort, withoutDomain, type VppPort } from './vpp-port.js';

/** An interface that VPP had before, such as one of a network card, made a port of a bridge domain. */
export interface VppUplinkSpec {
  readonly vppctl: Vppctl;
  readonly name: string;
  readonly port: VppPort;
}

export interface VppUplinkState {
  readonly vppctl: Vppctl;
  readonly interface: VppInterface;
}

/**
 * It is foreign and stays so: it bears our tag while it is a port, behind which stands how it was, and is left as it was. One with a tag of
 * somebody else's is somebody else's.
 */
export const vppUplink: ResourceKind<VppUplinkSpec, VppUplinkState> = {
  name: 'vpp_uplink',
  noun: 'uplink',
  carries: 'switch',
  after: ['vpp_domain'],
  reads: ['vpp'],
  dependsOn: ({ spec: { port } }) => [
    { on: port.domain.id, because: `it is a port of bridge domain ${port.domain.number}` },
  ],
  read(inventory, scope) {
    const missing = unread(inventory, ['vpp'], scope);
    if (missing || !inventory.vpp) return missing ?? [];
    const { called: vppctl, interfaces } = inventory.vpp;
    const idOf = idsOfMarks(inventory, scope, 'vpp_uplink');
    const names = new Set(scope.wanted.map(w => w.spec.name));
    const left = interfaces.filter(
      i => isMarked(i, scope.topology) && LENT.test(i.tag!) && !names.has(i.name),
    );
    return [
      ...scope.wanted.flatMap(({ id, spec }): readonly Found<VppUplinkState>[] => {
        const found = interfaces.find(i => i.name === spec.name);
        if (!found) return [];
        if (isMarked(found, scope.topology)) return [{ is: 'ours', id, state: { vppctl, interface: found } }];
        const holder = holderOf(found, spec.port.domain.number);
        if (holder !== undefined) return [{ is: 'foreign', id, holder }];
        return [{ is: 'ours', id, state: { vppctl, interface: found } }];
      }),
      ...left.map((found): Found<VppUplinkState> => {
        const id = idOf(found.tag!.replace(LENT, ''));
        return { is: 'ours', id, state: { vppctl, interface: found } };
      }),
    ];
  },
  diff: ({ port, name }, { interface: found }) =>
    found.name === name ? portDifferences(tagged(port, found), found) : changed('name', found.name, name),
  without: (have, { spec }, gone) =>
    gone.has(spec.port.domain.id) ? { ...have, interface: withoutDomain(have.interface) } : have,
  steps(change) {
    if (change.verb === 'delete') return [release(change.have)];
    if (change.verb === 'create') return [];
    const { vppctl, port, name } = change.want.spec;
    const commands = redressPort(tagged(port, change.have.interface), change.have.interface);
    return [tellVpp(vppctl, commands, `${name} into bridge domain ${port.domain.number}`)];
  },
};

/** Who has an interface that does not bear our tag, in words; undefined where it is free. */
function holderOf(found: VppInterface, number: number): string | undefined {
  const { name, tag, domain, bound } = found;
  if (tag !== undefined) return taggedText(`interface ${name}`, found);
  if (domain !== undefined && domain !== number)
    return `interface ${name}, a port of bridge domain ${domain},`;
  return bound === undefined ? undefined : `interface ${name}, with ${bound},`;
}

/** The tag says how it was when it had none. Its addresses are its own. */
function tagged(port: VppPort, { tag, up, addresses }: VppInterface): VppPort {
  const was = LENT.exec(tag ?? '')?.[1] ?? (up ? 'up' : 'down');
  return { ...port, tag: `${port.tag}:was-${was}`, addresses };
}

function release({ vppctl, interface: { name, tag } }: VppUplinkState): Step {
  const commands = [
    leaveDomain(name),
    ...(LENT.exec(tag ?? '')?.[1] === 'down' ? [setVppState(name, false)] : []),
    setVppTag(name, undefined),
  ];
  return tellVpp(vppctl, commands, `${name} let go`);
}
