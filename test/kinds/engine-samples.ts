import {
  emptyInventory,
  type EngineContainer,
  type EngineNetwork,
  type Inventory,
  type Resource,
} from '../../src/core/index.js';
import type { ContainerSpec, NetworkSpec } from '../../src/kinds/index.js';

export const topology = 'lab';

/** A host whose part `part` could not be read. */
export function blind(part: 'containers' | 'networks' | 'volumes' | 'images'): Inventory {
  return { ...emptyInventory(), unread: { [part]: 'no permission' } };
}

export function resource<Spec>(kind: string, name: string, spec: Spec): Resource<Spec> {
  const group = { is: 'stack', name: 'shop' } as const;
  return { id: `h/${kind}/${name}`, kind, host: 'h', name, group, mark: 'topo:lab:x', spec };
}

export function containerOf(spec: Partial<ContainerSpec> = {}): Resource<ContainerSpec> {
  return resource('container', 'shop/web', {
    name: 'web',
    config: { Image: 'nginx', HostConfig: { RestartPolicy: { Name: 'no' } } },
    networks: [{ id: 'h/network/shop/front', name: 'front', aliases: ['web'] }],
    image: 'h/image/nginx',
    needs: [],
    shares: [],
    restartsWith: [],
    redacted: { image: 'nginx', environment: { FOO: 'digest:0000000000000001' } },
    topology,
    ...spec,
  });
}

export function networkOf(spec: Partial<NetworkSpec> = {}): Resource<NetworkSpec> {
  return resource('network', 'shop/front', {
    name: 'front',
    bridge: 'br-front',
    mtu: 1450,
    subnets: [{ subnet: '172.30.0.0/16' }],
    internal: false,
    ipv6: false,
    options: {},
    labels: {},
    topology,
    ...spec,
  });
}

/** What the engine lists after a body was given to its create call. */
export function listedContainer(body: unknown, over: Partial<EngineContainer> = {}): EngineContainer {
  const { Labels: labels } = body as { Labels: Record<string, string> };
  return {
    id: 'c1',
    name: 'web',
    image: 'nginx',
    imageId: 'sha256:aa',
    labels,
    state: 'running',
    status: 'Up 2 hours',
    networkMode: 'front',
    networks: { front: { networkId: 'n1', ipv4: '172.30.0.2', ipv6: '', mac: '' } },
    ports: [],
    mounts: [],
    ...over,
  };
}

export function listedNetwork(body: unknown, over: Partial<EngineNetwork> = {}): EngineNetwork {
  const b = body as {
    Name: string;
    Labels: Record<string, string>;
    Options: Record<string, string>;
    IPAM: { Config: { Subnet: string; Gateway?: string }[] };
  };
  return {
    id: 'n1',
    name: b.Name,
    driver: 'bridge',
    subnets: b.IPAM.Config.map(c => c.Subnet),
    gateways: b.IPAM.Config.flatMap(c => c.Gateway ?? []),
    options: b.Options,
    labels: b.Labels,
    internal: false,
    ipv6: false,
    ...over,
  };
}

/** The body of the first step: the create call. */
export function bodyOf(steps: readonly object[]): unknown {
  return (steps[0] as { body: unknown }).body;
}
