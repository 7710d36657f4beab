import { z } from 'zod';
import { contains, parseAddress, parsePrefix } from '../core/index.js';
import type { NetworkDeclaration } from '../core/index.js';
import { closed, complain, ignored, isMap, key, later, lazily } from './blocks.js';
import { environmentSchema, expandLabels } from './environment.js';
import { address, engineName, interfaceAddress, perFamily, subnet } from './phrases.js';

export type NetworkInput = z.input<ReturnType<typeof networkSchema>>;

/** A Docker network of a stack. */
export const networkSchema = lazily(() =>
  z.union([z.null(), networkObject()]).meta({ id: 'network', description: 'A Docker network.' }),
);

/** The input has been validated. */
export function expandNetwork(input: NetworkInput): NetworkDeclaration {
  const { name, internal = false, labels, fabric } = input ?? {};
  const short = [input?.subnet ?? []].flat().map(subnet => ({ subnet }));
  const long = (input?.ipam?.config ?? []).map(config => ({
    subnet: config.subnet,
    ...(config.gateway !== undefined && { gateway: config.gateway }),
    ...(config.ip_range !== undefined && { range: config.ip_range }),
  }));
  return {
    ...(name !== undefined && { name }),
    internal,
    labels: expandLabels(labels),
    subnets: [...short, ...long],
    ...(fabric !== undefined && {
      fabric:
        typeof fabric === 'string'
          ? { switch: fabric, addresses: [] }
          : { switch: fabric.switch, addresses: [fabric.address ?? []].flat() },
    }),
  };
}

function networkObject() {
  return closed({
    subnet: key(perFamily(subnet()), 'The subnet; a short form of ipam.'),
    ipam: key(ipam(), 'Address management, as in Compose.'),
    fabric: key(
      z.union([z.string(), fabric()]),
      'The switch that routes between this network and those of other stacks.',
    ),
    name: key(engineName(), "The engine's name of it; by default <project>_<name>."),
    internal: key(z.boolean(), 'Whether it has no way to the outside.', false),
    labels: key(environmentSchema(), 'Labels.'),
    stretch: later(z.string(), 'The l2 switch that makes one network of this one and those of other stacks.'),
    driver: later(z.string(), 'The network driver.'),
    driver_opts: later(z.looseObject({}), "The driver's options."),
    enable_ipv4: later(z.boolean(), 'Whether it has IPv4.'),
    enable_ipv6: later(z.boolean(), 'Whether it has IPv6.'),
    external: later(z.boolean(), 'Whether it is there already and not of this topology.'),
    attachable: ignored(),
  }).superRefine(
    (value, context) => {
      if (value.subnet === undefined || value.ipam === undefined) return;
      complain(
        context,
        {
          is: 'said',
          code: 'key.conflict',
          summary: 'subnet is a short form of ipam: give one of them',
          at: 'key',
        },
        ['subnet'],
      );
    },
    { when: ({ value }) => isMap(value) },
  );
}

function fabric() {
  return closed({
    switch: z.string().describe('The switch.'),
    address: key(
      perFamily(interfaceAddress()),
      "The stack's own address on it, one per family; by default allotted.",
    ),
  });
}

function ipam() {
  return closed({
    config: key(
      z.array(ipamConfig()).superRefine(oneOfEachFamily, { when: ({ value }) => Array.isArray(value) }),
      'Subnets, one per family.',
    ),
    driver: ignored(),
    options: ignored(),
  });
}

function ipamConfig() {
  return closed({
    subnet: subnet().describe('The subnet.'),
    gateway: key(address(), 'Its gateway; by default its first address.'),
    ip_range: key(subnet(), 'What the engine allots addresses from.'),
    aux_addresses: ignored(),
  }).superRefine(
    (value, context) => {
      const whole = typeof value?.subnet === 'string' ? parsePrefix(value.subnet) : undefined;
      for (const inner of ['gateway', 'ip_range'] as const) {
        const given = value?.[inner];
        const part = typeof given !== 'string' ? undefined : (parseAddress(given) ?? baseOf(given));
        if (!whole || !part || contains(whole, part)) continue;
        complain(
          context,
          { is: 'said', code: 'address.outside', summary: `${inner} ${given} is not in ${value.subnet}` },
          [inner],
        );
      }
    },
    { when: ({ value }) => isMap(value) },
  );
}

function baseOf(text: string) {
  const prefix = parsePrefix(text);
  return prefix && { family: prefix.family, value: prefix.base };
}

function oneOfEachFamily(configs: readonly unknown[], context: z.RefinementCtx): void {
  if (configs.length < 2) return;
  const families = configs.map(
    config => isMap(config) && typeof config['subnet'] === 'string' && config['subnet'].includes(':'),
  );
  families.forEach((family, i) => {
    if (families.indexOf(family) === i) return;
    complain(context, { is: 'said', code: 'value.invalid', summary: 'a second subnet of the same family' }, [
      i,
    ]);
  });
}
