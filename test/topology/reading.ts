import type { HostDeclaration, ServiceDeclaration } from '../../src/core/index.js';
import { readTopology } from '../../src/topology/index.js';
import type { TopologyInput, TopologyReading } from '../../src/topology/index.js';

type Around = Partial<Pick<TopologyInput, 'environment' | 'dotenv'>>;

/** Reads a file that begins with a name. */
export function read(text: string, around: Around = {}): TopologyReading {
  return readTopology({
    path: 'topo.yaml',
    text: `name: lab\n${text}`,
    directory: '/topology',
    environment: {},
    ...around,
  });
}

/** The service that these keys make, beside an image. */
export function service(keys: string, around: Around = {}): ServiceDeclaration {
  const lines = keys.split('\n').map(line => `        ${line}\n`);
  const more = '    networks: { front: , back: }\n    volumes: { data: }\n';
  const text = `hosts: { h: local }\nstacks:\n  s:\n    host: h\n${more}    services:\n      web:\n        image: busybox\n${lines.join('')}`;
  const { topology, diagnostics } = read(text, around);
  if (!topology) throw new Error(JSON.stringify(diagnostics, null, 1));
  return topology.stacks['s']!.services['web']!;
}

/** The host that this value makes. */
export function host(value: string): HostDeclaration {
  const { topology, diagnostics } = read(`hosts: { h: ${value} }`);
  if (!topology) throw new Error(JSON.stringify(diagnostics, null, 1));
  return topology.hosts['h']!;
}
