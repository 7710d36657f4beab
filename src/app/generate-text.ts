import { formatAddress, nth, withoutLength } from '../core/index.js';
import type { Prefix } from '../core/index.js';
import { hasLoop } from './generate-shape.js';
import type { Edge, Graph, Node } from './generate-shape.js';
import type { GenerateOptions } from './generate-types.js';

/** A host of the file that is made. */
export interface NamedHost {
  readonly name: string;
  readonly form: string;
}

/** What a file is written from. Without `subnet` nothing has an address. */
export interface Draft {
  readonly options: GenerateOptions;
  readonly graph: Graph;
  readonly hosts: readonly NamedHost[];
  readonly subnet?: Prefix;
}

/** An end of a link as it will stand in the file. */
interface End {
  readonly at: string;
  readonly ip?: string;
  readonly gateway?: string;
}

/** The file, section by section. */
export function topologyText(draft: Draft): string {
  const { options, hosts } = draft;
  const sections = [
    heading(draft),
    [`name: ${options.name ?? options.shape}`],
    ['hosts:', ...hosts.map(({ name, form }) => `  ${name}: ${form}`)],
    ...images(draft),
    switches(draft),
    stacks(draft),
    ['links:', ...links(draft).map(([a, b]) => `  - [${end(a)}, ${end(b)}]`)],
    checks(draft),
  ];
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`;
}

const MANY = { router: 'routers', bridge: 'bridges' } as const;

function heading({ options, graph, hosts }: Draft): readonly string[] {
  const { shape, kind = 'router' } = options;
  const inner = graph.nodes.filter(n => n.is === 'inner').length;
  const outer = graph.nodes.length - inner;
  const of = inner === 1 ? `a ${kind}` : `${inner} ${MANY[kind]}`;
  const and =
    outer === 0
      ? ''
      : ` and ${outer} ${outer === 1 ? 'container' : 'containers'} on ${inner === 1 ? 'it' : 'them'}`;
  return [
    `# A ${shape} of ${of}${and}, over ${hosts.map(h => h.name).join(', ')}: ${graph.edges.length} links.`,
    ...(kind === 'router'
      ? ["# A router is a container that forwards; its image may be a router's own, such as FRR's."]
      : []),
    '#',
    '#   topo up && topo check',
  ];
}

/** What the containers are, once for all. Without an image of the user's own it is one that sleeps. */
function images({ options, graph, hosts }: Draft): readonly (readonly string[])[] {
  const { image, kind = 'router' } = options;
  const standIn = hosts.every(h => h.form === 'sandbox') ? 'topo/busybox' : 'busybox';
  const sleeps = ['  command: [sleep, infinity]', '  stop_signal: SIGKILL'];
  const plain = [`  image: ${standIn}`, ...sleeps];
  const router = image === undefined ? plain : [`  image: ${scalar(image)}`];
  return [
    ...(kind === 'router' ? [['x-router: &router', ...router, '  sysctls: { net.ipv4.ip_forward: 1 }']] : []),
    ...(graph.nodes.some(n => n.is === 'outer')
      ? [['x-pc: &pc', ...(kind === 'bridge' ? router : plain)]]
      : []),
  ];
}

/** Plain where that is read back as it is. */
function scalar(text: string): string {
  return /^[a-z][\w./@-]*(:[\w./@-]+)*$/i.test(text) ? text : JSON.stringify(text);
}

function switches({ options, graph, hosts }: Draft): readonly string[] {
  if (options.kind !== 'bridge') return [];
  const stp = hasLoop(options.shape) ? ', stp: true' : '';
  const lines = graph.nodes
    .filter(n => n.is === 'inner')
    .map(({ name }) => `  ${name}: { kind: bridge, host: ${hostOf(graph, hosts, name)}${stp} }`);
  return ['switches:', ...lines];
}

/** A stack for each host, of the same name. */
function stacks({ options, graph, hosts }: Draft): readonly string[] {
  const containers = graph.nodes.filter(n => options.kind !== 'bridge' || n.is === 'outer');
  const of = (host: string): readonly Node[] =>
    containers.filter(({ name }) => hostOf(graph, hosts, name) === host);
  const lines = hosts.flatMap(({ name: host }) =>
    of(host).length === 0
      ? []
      : [
          `  ${host}:`,
          `    host: ${host}`,
          '    services:',
          ...of(host).map(({ name, is }) => `      ${name}: *${is === 'inner' ? 'router' : 'pc'}`),
        ],
  );
  return lines.length === 0 ? [] : ['stacks:', ...lines];
}

/** Inner ones turn by turn; an outer one with the one that it is on, but turn by turn where that is the same for all. */
function hostOf({ nodes, edges }: Graph, hosts: readonly NamedHost[], name: string): string {
  const inner = nodes.filter(n => n.is === 'inner').map(n => n.name);
  const at = inner.indexOf(name);
  const outer = nodes.findIndex(n => n.name === name) - inner.length;
  const turn =
    at >= 0 ? at : inner.length === 1 ? outer + 1 : inner.indexOf(edges.find(([, to]) => to === name)![0]);
  return hosts[turn % hosts.length]!.name;
}

function links(draft: Draft): readonly (readonly [End, End])[] {
  const { options, graph } = draft;
  const outer = new Set(graph.nodes.filter(n => n.is === 'outer').map(n => n.name));
  const device = counter();
  const pcs = counter();
  return graph.edges.map(([a, b], i): readonly [End, End] => {
    if (options.kind === 'bridge') {
      if (!outer.has(b)) return [{ at: a }, { at: b }];
      return [{ at: `${place(draft, b)}:eth1`, ...flat(draft, pcs('')) }, { at: a }];
    }
    const [one, two] = linkAddresses(draft, i);
    const gateway = outer.has(b) && one !== undefined ? withoutLength(one) : undefined;
    return [
      { at: `${place(draft, a)}:eth${device(a)}`, ...(one !== undefined && { ip: one }) },
      {
        at: `${place(draft, b)}:eth${device(b)}`,
        ...(two !== undefined && { ip: two }),
        ...(gateway !== undefined && { gateway }),
      },
    ];
  });
}

/** 1, 2, 3 … for each name. */
function counter(): (name: string) => number {
  const counts = new Map<string, number>();
  return name => {
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    return n;
  };
}

/** `lab1/router1`. */
function place({ graph, hosts }: Draft, name: string): string {
  return `${hostOf(graph, hosts, name)}/${name}`;
}

/** The two of the i-th link. RFC 3021: of a /31 both; of a /30 those between the network's and the broadcast address. */
function linkAddresses({ options, subnet }: Draft, i: number): readonly string[] {
  if (!subnet) return [];
  const [length, step, first] = options.addresses === '/30' ? [30, 4, 1] : [31, 2, 0];
  return [0, 1].map(n => `${formatAddress(nth(subnet, BigInt(i * step + first + n)))}/${length}`);
}

/** One of the whole subnet, which is one segment. */
function flat({ subnet }: Draft, n: number): { readonly ip?: string } {
  return subnet ? { ip: `${formatAddress(nth(subnet, BigInt(n)))}/${subnet.length}` } : {};
}

function end({ at, ip, gateway }: End): string {
  if (ip === undefined) return at;
  return `{ at: ${at}, ip: ${ip}${gateway === undefined ? '' : `, gateway: ${gateway}`} }`;
}

/** Every link between containers is proven; on bridges, and through the middle of a star, from each container to the next. */
function checks(draft: Draft): readonly string[] {
  const { options, graph, subnet } = draft;
  if (!subnet) return [];
  const outer = graph.nodes.filter(n => n.is === 'outer').map(n => n.name);
  const chain = outer.slice(1).map((name, i): Edge => [outer[i]!, name]);
  const bridged = options.kind === 'bridge';
  const pairs = bridged || options.shape === 'star' ? chain : graph.edges;
  // A spanning tree lets nothing through for twice its forward delay of 15 s.
  const wait = bridged && hasLoop(options.shape) ? ', retries: 40' : '';
  if (pairs.length === 0) return [];
  return [
    'checks:',
    ...pairs.map(([a, b]) => `  - { from: ${place(draft, a)}, ping: ${place(draft, b)}${wait} }`),
  ];
}
