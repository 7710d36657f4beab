import { describe, expect, test } from 'vitest';
import { emptyInventory, shortMark } from '../../src/core/index.js';
import type { Inventory, PortVlan, Resource } from '../../src/core/index.js';
import { kinds } from '../../src/kinds/index.js';
import type { VlanSpec } from '../../src/kinds/index.js';
import { parseVlans, scripts } from '../../src/tools/index.js';
import { link } from '../fakes/hosts.js';

const vlan = kinds.get('vlan')!;
const ID = 'h1/vlan/a/x:eth1 on lan';

function wanted(untagged: number | undefined, tagged: readonly number[]): Resource<VlanSpec> {
  const spec = {
    device: { id: 'h1/veth/a/x:eth1', name: 'tport' },
    bridge: { id: 'h1/bridge/lan', device: 'tlan' },
    ...(untagged !== undefined && { untagged }),
    tagged,
  };
  const group = { is: 'switch', name: 'lan' } as const;
  return {
    id: ID,
    kind: 'vlan',
    host: 'h1',
    name: 'a/x:eth1 on lan',
    group,
    mark: shortMark('lab', ID),
    spec,
  };
}

const entry = (id: number, more: Partial<PortVlan> = {}): PortVlan => ({
  dev: 'tport',
  id,
  pvid: false,
  untagged: false,
  ...more,
});
const NATIVE = { pvid: true, untagged: true };

function inventory(vlans: readonly PortVlan[], master = 'tlan'): Inventory {
  return { ...emptyInventory(), links: [link('tport', { master })], vlans };
}

/** What differs, and what is run to put it right. */
function changes(
  want: Resource<VlanSpec>,
  vlans: readonly PortVlan[],
): { differences: readonly string[]; commands: readonly string[] } {
  const scope = { topology: 'lab', host: 'h1', wanted: [want] };
  const [found] = vlan.read(inventory(vlans), scope);
  const state = found?.is === 'ours' ? found.state : undefined;
  const differences = state === undefined ? [] : vlan.diff(want.spec, state);
  const steps =
    state === undefined
      ? vlan.steps({ verb: 'create', want })
      : differences.length === 0
        ? []
        : vlan.steps({ verb: 'update', want, have: state, differences });
  return {
    differences: differences.map(d => `${d.field}: ${d.have} → ${d.want}`),
    commands: steps.flatMap(step =>
      step.via === 'script'
        ? [[step.name, ...step.args].join(' '), ...step.stdin!.trimEnd().split('\n')]
        : [],
    ),
  };
}

describe('the VLANs of a port', () => {
  test('an access port is put into its VLAN, and out of the one that the kernel put it into', () => {
    expect(changes(wanted(10, []), [])).toEqual({
      differences: [],
      commands: ['vlan-set tport 1', 'vlan add dev tport vid 10 pvid untagged master'],
    });
    expect(scripts['vlan-set']).toContain('bridge vlan del dev "$1" vid "$2"');
  });

  test('a trunk is written in ranges, with its native VLAN', () => {
    expect(changes(wanted(1, [10, 20, 21, 22]), []).commands).toEqual([
      'vlan-set tport ',
      'vlan add dev tport vid 1 pvid untagged master',
      'vlan add dev tport vid 10 master',
      'vlan add dev tport vid 20-22 master',
    ]);
  });

  test('in sync, as bridge shows it', () => {
    const shown = `[{"ifname":"tport","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]},{"vlan":10},{"vlan":20,"vlanEnd":22}]},{"ifname":"other","vlans":[{"vlan":5}]}]`;
    expect(changes(wanted(1, [10, 20, 21, 22]), parseVlans(shown))).toEqual({
      differences: [],
      commands: [],
    });
  });

  test('what is changed is changed in place, and what is no longer wanted goes', () => {
    const have = [entry(1, NATIVE), entry(10), entry(20), entry(21)];
    expect(changes(wanted(10, [20]), have)).toEqual({
      differences: [
        '1: untagged → absent',
        '10: tagged → untagged',
        '20: missing → tagged',
        '20-21: tagged → absent',
      ],
      commands: [
        'fdb-remove ',
        'vlan del dev tport vid 1 master',
        'vlan del dev tport vid 20-21 master',
        'vlan-set tport 1',
        'vlan add dev tport vid 10 pvid untagged master',
        'vlan add dev tport vid 20 master',
      ].map(line => line.trimEnd()),
    });
  });

  test('a port that is on another bridge has none of ours yet', () => {
    const found = vlan.read(inventory([entry(1, NATIVE)], 'other'), {
      topology: 'lab',
      host: 'h1',
      wanted: [wanted(1, [])],
    });
    expect(found).toEqual([]);
  });
});
