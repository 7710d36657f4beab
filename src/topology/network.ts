import { z } from 'zod';
import { contains, parseAddress, parsePrefix } from '../core/index.js';
import type { NetworkDeclaration } from '../core/index.js';
import { NETWORK_MTU } from '../core/index.js';
import { closed, complain, isMap, key, lazily, text } from './blocks.js';
import {
  checkExternal,
  driverOptions,
  expandOptions,
  externalSchema,
  isExternal,
  ownName,
} from './engine-object.js';
import { environmentSchema, expandLabels } from './environment.js';
import { given } from './given.js';
import { address, engineName, interfaceAddress, perFamily, subnet } from './phrases.js';

export type NetworkInput = z.input<ReturnType<typeof networkSchema>>;

/** A Docker network of a stack. */
export const networkSchema = lazily(() =>
  z.union([z.null(), networkObject()]).meta({ id: 'network', description: 'A Docker network.' }),
);

/** The input has been validated. */
export function expandNetwork(input: NetworkInput): NetworkDeclaration {
  const { internal = false, labels, fabric, stretch, ipam } = input ?? {};
  const name = input ? ownName(input) : undefined;
  const short = [input?.subnet ?? []].flat().map(subnet => ({ subnet }));
  const long = (input?.ipam?.config ?? []).map(config => ({
    subnet: config.subnet,
    ...(config.gateway !== undefined && { gateway: config.gateway }),
    ...(config.ip_range !== undefined && { range: config.ip_range }),
    ...(config.aux_addresses !== undefined && { aux: config.aux_addresses }),
  }));
  return {
    ...given({
      name,
      stretch,
      driver: input?.driver,
      attachable: input?.attachable,
      ipv4: input?.enable_ipv4,
      ipv6: input?.enable_ipv6,
      ipam: ipam && given({ driver: ipam.driver, options: ipam.options && expandOptions(ipam.options) }),
    }),
    external: isExternal(input?.external),
    options: expandOptions(input?.driver_opts),
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
    stretch: key(z.string(), 'The l2 switch that makes one network of this one and those of other stacks.'),
    driver: key(networkDriver(), 'The network driver.', 'bridge'),
    driver_opts: key(driverOptions(), "The driver's options."),
    enable_ipv4: key(z.boolean(), 'Whether it has IPv4.', true),
    enable_ipv6: key(z.boolean(), 'Whether it has IPv6; by default where it has a subnet of it.'),
    external: key(externalSchema(), 'Whether it is there already and not of this topology.', false),
    attachable: key(z.boolean(), 'Whether containers by hand can join it where it is of a swarm.', false),
  })
    .superRefine((value, context) => checkExternal('network', value, context), {
      when: ({ value }) => isMap(value),
    })
    .superRefine(checkSwitched, { when: ({ value }) => isMap(value) })
    .superRefine(
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

/** Those of the engine itself are no networks that one can make. */
function networkDriver() {
  return text({
    what: 'the driver of a network that is made',
    test: value => /^\S+$/.test(value) && value !== 'host' && value !== 'none' && value !== 'null',
    hint: value =>
      /\s/.test(value) ? undefined : `a service says network_mode: ${value.replace('null', 'none')}`,
    examples: ['bridge', 'macvlan', 'ipvlan'],
  });
}

/** A switch needs a bridge of ours, and says itself what its MTU is. */
function checkSwitched(value: Record<string, unknown>, context: z.RefinementCtx): void {
  const { fabric, stretch, driver = 'bridge', driver_opts: options } = value;
  if (fabric === undefined && stretch === undefined) return;
  if (fabric !== undefined && stretch !== undefined)
    complain(
      context,
      {
        is: 'said',
        code: 'key.conflict',
        summary: 'a network is routed to others (fabric) or one with them (stretch), not both',
        hint: 'leave one of them out',
        at: 'key',
      },
      ['stretch'],
    );
  if (driver !== 'bridge')
    complain(
      context,
      {
        is: 'said',
        code: 'key.conflict',
        summary: `a network on a switch is a bridge, not ${String(driver)}`,
        hint: `leave driver or ${fabric === undefined ? 'stretch' : 'fabric'} out`,
        at: 'key',
      },
      ['driver'],
    );
  if (isMap(options) && options[NETWORK_MTU] !== undefined)
    complain(
      context,
      {
        is: 'said',
        code: 'key.conflict',
        summary: 'the MTU of a network on a switch is that of the switch',
        hint: 'set mtu of the switch',
        at: 'key',
      },
      ['driver_opts', NETWORK_MTU],
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
    driver: key(z.string().min(1), 'Who manages the addresses.', 'default'),
    options: key(driverOptions(), "That driver's options."),
  });
}

function ipamConfig() {
  return closed({
    subnet: subnet().describe('The subnet.'),
    gateway: key(address(), 'Its gateway; by default its first address.'),
    ip_range: key(subnet(), 'What the engine allots addresses from.'),
    aux_addresses: key(z.record(z.string(), address()), 'Addresses in it that the engine does not allot.'),
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
