import {
  formatAddress,
  nth,
  parsePrefix,
  type ContainerSettings,
  type EngineContainer,
  type EngineNetwork,
  type Inventory,
  type Step,
} from '../../src/core/index.js';
import { parseSettings, rowOf, textOf, textsOf, type Row } from '../../src/tools/index.js';

/** Carries an engine step out in an inventory, as far as the engine's lists show it. Throws where it knows no such call. */
export function performInEngine(inventory: Inventory, step: Step): Inventory {
  if (step.via === 'stream')
    return { ...inventory, images: { ...inventory.images, [step.args[0]!]: `sha256:${step.args[0]}` } };
  if (step.via === 'copy') return inventory;
  if (step.via !== 'docker') throw new Error(`no engine does ${step.via}`);
  const url = new URL(step.path, 'http://engine');
  const [, noun, name = '', verb = ''] = url.pathname.split('/').map(decodeURIComponent);
  const body = rowOf(step.body);
  switch (`${step.method} ${noun} ${verb || name}`) {
    case 'POST volumes create':
      return {
        ...inventory,
        volumes: [
          ...inventory.volumes,
          {
            name: textOf(body['Name']),
            driver: textOf(body['Driver']),
            options: textsOf(body['DriverOpts']),
            labels: textsOf(body['Labels']),
          },
        ],
      };
    case 'POST networks create':
      return { ...inventory, networks: [...inventory.networks, networkOf(body)] };
    case 'POST networks connect':
      return connect(inventory, name, textOf(body['Container']), rowOf(body['EndpointConfig']));
    case 'POST containers create':
      return create(inventory, url.searchParams.get('name')!, body);
    case 'POST networks disconnect':
      return disconnect(inventory, name, textOf(body['Container']));
    case 'POST containers start':
      return start(inventory, name);
    case 'POST containers rename':
      return change(inventory, name, c => ({ ...c, name: url.searchParams.get('name')! }));
    case 'POST containers update':
      return change(inventory, name, c => ({ ...c, settings: updated(c.settings!, body) }));
    default:
      throw new Error(`no such call: ${step.method} ${step.path}`);
  }
}

function networkOf(body: Row): EngineNetwork {
  const pools = rowOf(body['IPAM'])['Config'] as readonly Row[];
  return {
    id: `id-${textOf(body['Name'])}`,
    name: textOf(body['Name']),
    driver: textOf(body['Driver']),
    subnets: pools.map(p => textOf(p['Subnet'])),
    gateways: pools.map(p => textOf(p['Gateway'])).filter(Boolean),
    options: textsOf(body['Options']),
    labels: textsOf(body['Labels']),
    internal: body['Internal'] === true,
    ipv6: body['EnableIPv6'] === true,
  };
}

function create(inventory: Inventory, name: string, body: Row): Inventory {
  const host = rowOf(body['HostConfig']);
  const image = textOf(body['Image']);
  const container: EngineContainer = {
    id: `id-${name}`,
    name,
    image,
    imageId: inventory.images[image.includes(':') ? image : `${image}:latest`] ?? 'sha256:gone',
    labels: textsOf(body['Labels']),
    state: 'created',
    status: 'Created',
    networkMode: textOf(host['NetworkMode']),
    networks: {},
    settings: parseSettings({ HostConfig: host }),
    ports: portsOf(rowOf(host['PortBindings'])),
    mounts: [],
  };
  const made = { ...inventory, containers: [...inventory.containers, container] };
  const endpoints = Object.entries(rowOf(rowOf(body['NetworkingConfig'])['EndpointsConfig']));
  return endpoints.reduce<Inventory>(
    (into, [network, config]) => connect(into, network, name, rowOf(config)),
    made,
  );
}

function portsOf(bindings: Row): EngineContainer['ports'] {
  return Object.entries(bindings).flatMap(([port, list]) => {
    const [container, protocol] = port.split('/') as [string, string];
    return (list as readonly Row[]).map(b => ({
      ip: textOf(b['HostIp']) || '0.0.0.0',
      host: Number(b['HostPort']),
      container: Number(container),
      protocol,
    }));
  });
}

function connect(inventory: Inventory, network: string, container: string, endpoint: Row): Inventory {
  const found = inventory.networks.find(n => n.name === network);
  if (!found) throw new Error(`no network ${network}`);
  const fixed = textOf(rowOf(endpoint['IPAMConfig'])['IPv4Address']);
  const at = { networkId: found.id, ipv4: fixed, ipv6: '', mac: '' };
  const told = parseSettings({ NetworkSettings: { Networks: { [network]: endpoint } } }).networks;
  return change(inventory, container, c => ({
    ...c,
    networks: { ...c.networks, [network]: at },
    settings: { ...c.settings!, networks: { ...c.settings!.networks, ...told } },
  }));
}

function disconnect(inventory: Inventory, network: string, container: string): Inventory {
  return change(inventory, container, c => {
    const { [network]: gone, ...networks } = c.networks;
    if (!gone) throw new Error(`${container} is not connected to ${network}`);
    return { ...c, networks };
  });
}

/** As moby's `UpdateContainer` (20.10 to 29): nothing, 0 and empty leave things as they are, and what is given is checked against what is there. */
function updated(have: ContainerSettings, body: Row): ContainerSettings {
  const { limits } = have;
  const both = (one: string, other: string): boolean => Number(body[one]) > 0 && Number(limits[other]) > 0;
  for (const other of ['CpuPeriod', 'CpuQuota'])
    if (both('NanoCpus', other) || both(other, 'NanoCpus')) throw new Error(`NanoCpus beside ${other}`);
  const memory = Number(body['Memory'] ?? 0);
  if (memory > Number(limits['MemorySwap'] ?? 0) && !body['MemorySwap'])
    throw new Error('Memory limit should be smaller than already set memoryswap limit');
  if (Number(body['MemorySwap']) > 0 && Number(body['MemorySwap']) < memory)
    throw new Error('Minimum memoryswap limit should be larger than memory limit');
  const told = parseSettings({ HostConfig: body });
  return {
    ...have,
    limits: { ...limits, ...told.limits },
    restart: body['RestartPolicy'] === undefined ? have.restart : told.restart,
  };
}

/** What was given no fixed address gets one of its network's, by its place among all containers. */
function start(inventory: Inventory, name: string): Inventory {
  const place = BigInt(inventory.containers.findIndex(c => c.name === name));
  return change(inventory, name, c => ({
    ...c,
    state: 'running',
    status: 'Up 2 minutes',
    networks: Object.fromEntries(
      Object.entries(c.networks).map(([network, at]) => {
        const subnet = parsePrefix(
          inventory.networks.find(n => n.name === network)?.subnets[0] ?? '172.17.0.0/16',
        )!;
        const ipv4 = at.ipv4 || formatAddress(nth(subnet, 2n + place));
        return [network, { ...at, ipv4, mac: macOf(ipv4) }];
      }),
    ),
  }));
}

/** As engines before 28 make it. */
function macOf(ipv4: string): string {
  const bytes = ipv4.split('.').map(n => Number(n).toString(16).padStart(2, '0'));
  return ['02', '42', ...bytes].join(':');
}

function change(
  inventory: Inventory,
  container: string,
  to: (c: EngineContainer) => EngineContainer,
): Inventory {
  return {
    ...inventory,
    containers: inventory.containers.map(c => ([c.name, c.id].includes(container) ? to(c) : c)),
  };
}
