import {
  PLAIN_NAME,
  TOPOLOGY_NAME,
  TopoError,
  formatPrefix,
  nearest,
  parsePrefix,
  size,
} from '../core/index.js';
import type { Prefix } from '../core/index.js';
import { graphOf } from './generate-shape.js';
import type { Graph } from './generate-shape.js';
import { topologyText } from './generate-text.js';
import type { NamedHost } from './generate-text.js';
import type { GenerateOptions } from './generate-types.js';

/**
 * A topology file of a shape, as text; the same options give the same bytes. Throws `generate.options` where it can't be, and says
 * which option to change.
 */
export async function generate(options: GenerateOptions): Promise<string> {
  checkCounts(options);
  checkName(options.name);
  const graph = graphOf(options);
  const hosts = (options.hosts ?? ['lab1', 'lab2']).map(readHost);
  checkHosts(hosts, options.kind === 'bridge' ? graph : { nodes: [], edges: [] });
  const subnet = subnetOf(options, graph);
  return Promise.resolve(topologyText({ options, graph, hosts, ...(subnet && { subnet }) }));
}

/** Which counts a shape has, and the least of each. */
const COUNTS = {
  ring: { nodes: 3 },
  mesh: { nodes: 2 },
  star: { nodes: 1 },
  clos: { spines: 1, leaves: 1, hostsPerLeaf: 0 },
} as const;

const FLAGS = {
  nodes: '--nodes',
  spines: '--spines',
  leaves: '--leaves',
  hostsPerLeaf: '--hosts-per-leaf',
} as const;

function checkCounts(options: GenerateOptions): void {
  const own: Readonly<Record<string, number>> = COUNTS[options.shape];
  for (const key of ['nodes', 'spines', 'leaves', 'hostsPerLeaf'] as const) {
    const given = options[key];
    if (given === undefined) continue;
    const least = own[key];
    const all = Object.keys(own).map(k => FLAGS[k as keyof typeof FLAGS]);
    if (least === undefined)
      throw wrong(`${FLAGS[key]} is not for a ${options.shape}`, `it takes ${all.join(', ')}`);
    if (!Number.isInteger(given) || given < least)
      throw wrong(`a ${options.shape} of ${FLAGS[key]} ${given} is none`, `give ${least} at least`);
  }
}

function checkName(name: string | undefined): void {
  if (name === undefined || TOPOLOGY_NAME.test(name)) return;
  throw wrong(
    `"${name}" can't be the name of a topology`,
    'lower-case letters, digits and "-", at most 31, a letter first',
  );
}

/** `NAME` is a sandbox; else `NAME=sandbox`, `NAME=local` or `NAME=ssh://[user@]host[:port]`. */
function readHost(text: string): NamedHost {
  const [, name = '', form = 'sandbox'] = /^([^=]*)(?:=(.*))?$/.exec(text) ?? [];
  if (!PLAIN_NAME.test(name))
    throw wrong(
      `--host ${text}: "${name}" can't be a host's name`,
      'such as --host lab1, or --host tera=ssh://alon@tera',
    );
  if (/^(sandbox|local|ssh:\/\/\S+)$/.test(form)) return { name, form };
  const meant = nearest(form, ['sandbox', 'local']);
  throw wrong(
    `--host ${text}: "${form}" is no host`,
    meant ? `did you mean ${name}=${meant}?` : 'sandbox, local or ssh://[user@]host[:port]',
  );
}

/** Hosts and switches share their names. */
function checkHosts(hosts: readonly NamedHost[], { nodes }: Graph): void {
  const taken = new Set(nodes.filter(n => n.is === 'inner').map(n => n.name));
  for (const { name } of hosts) {
    if (taken.has(name))
      throw wrong(`--host ${name}: there is something else of that name`, 'give the host another name');
    taken.add(name);
  }
}

/** Where addresses are taken from, if there are to be any, and there are enough. */
function subnetOf(options: GenerateOptions, { nodes, edges }: Graph): Prefix | undefined {
  const { subnet: text = '10.0.0.0/16', addresses = '/31', kind } = options;
  const subnet = parsePrefix(text);
  if (subnet?.family !== 4) throw wrong(`--subnet ${text} is no IPv4 subnet`, 'such as --subnet 10.0.0.0/16');
  if (addresses === 'none') return undefined;
  const outer = nodes.filter(n => n.is === 'outer').length;
  const needed = kind === 'bridge' ? outer + 2 : edges.length * (addresses === '/31' ? 2 : 4);
  if (size(subnet) >= BigInt(needed)) return subnet;
  const length = 32 - Math.ceil(Math.log2(needed));
  throw wrong(
    `${formatPrefix(subnet)} is too small: ${needed} addresses are needed`,
    `give a --subnet of /${length}`,
  );
}

function wrong(message: string, hint: string): TopoError {
  return new TopoError(message, { code: 'generate.options', who: 'user', hint });
}
