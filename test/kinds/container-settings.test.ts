import { describe, expect, test } from 'vitest';
import { emptyInventory, type Change, type Found } from '../../src/core/index.js';
import { container, type ContainerSpec, type ContainerState } from '../../src/kinds/container.js';
import { parseSettings } from '../../src/tools/index.js';
import {
  bodyOf,
  containerOf,
  listedContainer,
  listedNetwork,
  networkOf,
  topology,
} from './engine-samples.js';

const front = listedNetwork({
  Name: 'front',
  Labels: { 'topo.name': topology, 'topo.id': networkOf().id },
  Options: {},
  IPAM: { Config: [] },
});

type Host = Readonly<Record<string, unknown>>;

function wanted(host: Host): Partial<ContainerSpec> {
  return { config: { Image: 'nginx', HostConfig: { RestartPolicy: { Name: 'no' }, ...host } } };
}

/** The change of a container that has one setting and is to have another. */
function change(has: Host, wants: Host): Change<ContainerSpec, ContainerState> & { verb: 'update' } {
  const want = containerOf(wanted(wants));
  const settings = parseSettings({
    HostConfig: { RestartPolicy: { Name: 'no' }, ...has },
    NetworkSettings: { Networks: { front: { Aliases: ['web', 'c1'] } } },
  });
  const item = listedContainer(bodyOf(container.steps({ verb: 'create', want })), { settings });
  const inventory = { ...emptyInventory(), containers: [item], networks: [front] };
  const [found] = container.read(inventory, { topology, host: 'h', wanted: [want] });
  const { state } = found as Found<ContainerState> & { is: 'ours' };
  const differences = container.diff(want.spec, state);
  return { verb: 'update', want, have: state, differences };
}

function named(has: Host, wants: Host): readonly string[] {
  return change(has, wants).differences.map(d => `${d.field}: ${d.have} → ${d.want}${d.replace ? ' !' : ''}`);
}

function call(has: Host, wants: Host): unknown {
  const steps = container.steps(change(has, wants));
  expect(steps.map(s => ('path' in s ? s.path : s.label))).toEqual(['/containers/c1/update']);
  return bodyOf(steps);
}

const [M64, M96] = [64 * 1024 ** 2, 96 * 1024 ** 2];

describe('what an engine can change of a container', () => {
  test('the restart policy, with its number of times', () => {
    const policy = { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } };
    expect(named({}, policy)).toEqual(['restart: no → on-failure:3']);
    expect(call({}, policy)).toEqual({ RestartPolicy: { ...policy.RestartPolicy } });
    expect(call(policy, {})).toEqual({ RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } });
    expect(named(policy, { RestartPolicy: { Name: 'on-failure' } })).toEqual([
      'restart: on-failure:3 → on-failure',
    ]);
    expect(named({ RestartPolicy: { Name: '' } }, {})).toEqual([]);
  });

  test('a limit, as a file would say it', () => {
    const has = { CpuShares: 512, NanoCpus: 5e8, CpusetCpus: '0', CpuRealtimeRuntime: 1 };
    const wants = { CpuShares: 256, NanoCpus: 15e8, CpusetCpus: '0-1', CpuRealtimeRuntime: 2 };
    expect(named(has, wants)).toEqual([
      'cpu_rt_runtime: 1 → 2',
      'cpu_shares: 512 → 256',
      'cpuset: 0 → 0-1',
      'cpus: 0.5 → 1.5',
    ]);
    expect(call(has, wants)).toEqual(wants);
    expect(named({}, { MemoryReservation: 1.5 * 1024 ** 3, Memory: 2 * 1024 ** 3 }).slice(0, 2)).toEqual([
      'mem_limit: (none) → 2g',
      'mem_reservation: (none) → 1536m',
    ]);
  });

  test('memory and swap are told together, swap being twice the memory where nobody says', () => {
    const has = { Memory: M64, MemorySwap: 2 * M64 };
    expect(named(has, { Memory: M64 })).toEqual([]);
    expect(call(has, { Memory: M96 })).toEqual({ Memory: M96, MemorySwap: 2 * M96 });
    expect(named(has, { Memory: M64, MemorySwap: -1 })).toEqual(['memswap_limit: 128m → -1']);
    expect(call(has, { Memory: M64, MemorySwap: -1 })).toEqual({ Memory: M64, MemorySwap: -1 });
  });

  test('swap without memory counts for nothing, as engines note it that can not limit', () => {
    expect(named({ Memory: 0, MemorySwap: -1 }, {})).toEqual([]);
  });

  test('nothing means "leave it" to the call: a limit that goes needs a new container, but that of processes', () => {
    expect(named({ Memory: M64, MemorySwap: 2 * M64, CpuShares: 5 }, {})).toEqual([
      'cpu_shares: 5 → (none) !',
      'mem_limit: 64m → (none) !',
      'memswap_limit: 128m → (none) !',
    ]);
    expect(named({ PidsLimit: 5 }, {})).toEqual(['pids_limit: 5 → (none)']);
    expect(call({ PidsLimit: 5 }, {})).toEqual({ PidsLimit: -1 });
    expect(named({ PidsLimit: 0 }, { PidsLimit: -1 })).toEqual([]);
  });

  test('cpus instead of cpu_quota is refused by the call, so it needs a new container', () => {
    expect(named({ CpuQuota: 50000 }, { NanoCpus: 5e8 })).toEqual([
      'cpu_quota: 50000 → (none) !',
      'cpus: (none) → 0.5 !',
    ]);
    expect(named({ NanoCpus: 5e8 }, { NanoCpus: 5e8, CpuPeriod: 9 })).toEqual(['cpu_period: (none) → 9 !']);
  });

  test('of one that went away meanwhile nothing is known, which is no difference', () => {
    const want = containerOf(wanted({ Memory: M64 }));
    const { settings: _, ...have } = change({}, {}).have;
    expect(container.diff(want.spec, have)).toEqual([]);
  });
});
