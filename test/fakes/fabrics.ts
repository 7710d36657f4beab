import fc from 'fast-check';

/** A stack as it is written, with the subnet that tells it from all others. */
export interface StackText {
  readonly name: string;
  readonly host: string;
  /** The switch it is on; undefined: its network is its own. */
  readonly fabric: string | undefined;
  readonly services: number;
  readonly volume: boolean;
}

export interface FabricText {
  readonly hosts: readonly { readonly name: string; readonly sandbox: boolean }[];
  readonly switches: readonly { readonly name: string; readonly hostAccess: boolean }[];
  readonly stacks: readonly StackText[];
}

const NAMES = { hosts: ['a', 'b', 'c', 'd'], switches: ['red', 'blue'] } as const;

/** Random topologies: a few hosts, up to two routed switches, and stacks on them or on none. */
export const fabrics: fc.Arbitrary<FabricText> = fc
  .record({
    hosts: fc
      .integer({ min: 1, max: 4 })
      .chain(n =>
        fc.tuple(
          ...NAMES.hosts
            .slice(0, n)
            .map(name => fc.record({ name: fc.constant(name), sandbox: fc.boolean() })),
        ),
      ),
    switches: fc.tuple(
      ...NAMES.switches.map(name => fc.record({ name: fc.constant(name), hostAccess: fc.boolean() })),
    ),
  })
  .chain(({ hosts, switches }) =>
    fc
      .array(
        fc.record({
          host: fc.constantFrom(...hosts.map(h => h.name)),
          fabric: fc.constantFrom(...NAMES.switches, undefined),
          services: fc.integer({ min: 0, max: 2 }),
          volume: fc.boolean(),
        }),
        { maxLength: 6 },
      )
      .map(stacks => ({ hosts, switches, stacks: stacks.map((stack, i) => ({ name: `s${i}`, ...stack })) })),
  );

/** The n-th stack's subnet. */
export function subnetOf(stack: Pick<StackText, 'name'>): string {
  return `172.20.${stack.name.slice(1)}.0/24`;
}

/** A topology file. */
export function textOf({ hosts, switches, stacks }: FabricText): string {
  const yaml = {
    name: 'lab',
    hosts: Object.fromEntries(
      hosts.map(h => [h.name, h.sandbox ? 'sandbox' : `ssh://root@${h.name}.example`]),
    ),
    switches: Object.fromEntries(
      switches.map((s, i) => [
        s.name,
        { kind: 'vxlan', vni: 100 + i, subnet: `10.1.${i}.0/24`, host_access: s.hostAccess },
      ]),
    ),
    stacks: Object.fromEntries(stacks.map(s => [s.name, stackValue(s)])),
  };
  return JSON.stringify(yaml, undefined, 1);
}

function stackValue(stack: StackText): unknown {
  const volumes = stack.volume ? { volumes: ['data:/data'] } : {};
  const service = { image: 'busybox', networks: ['net'], ...volumes };
  return {
    host: stack.host,
    networks: {
      net: { subnet: subnetOf(stack), ...(stack.fabric === undefined ? {} : { fabric: stack.fabric }) },
    },
    ...(stack.volume ? { volumes: { data: {} } } : {}),
    services: Object.fromEntries(Array.from({ length: stack.services }, (_, i) => [`v${i}`, service])),
  };
}
