import { z } from 'zod';
import { parseAddress, parseInterface } from '../core/index.js';
import type {
  DocPath,
  EndDeclaration,
  EndPoint,
  InterfaceDeclaration,
  PlugDeclaration,
} from '../core/index.js';
import { closed, key, later, lazily, oneOrMore, text } from './blocks.js';
import { expandImpair, impairSchema } from './impair.js';
import { address, mtu, perFamily, subnet } from './phrases.js';
import { expandVlan, vlanSchema } from './vlan.js';

type InterfaceInput = z.input<ReturnType<typeof interfaceSchema>>;
type EndInput = z.input<ReturnType<typeof endSchema>>;
type PlugInput = Omit<InterfaceInput, 'switch'>;

/** A port of a service on one of topo's switches. */
export const interfaceSchema = lazily(() =>
  closed({ switch: z.string().describe('The switch.'), ...plugKeys() }).meta({
    id: 'interface',
    description: 'A port of a service on a switch.',
  }),
);

/** An end of a link: `stack/service[#n][:ifname]`, `switch[:port]`, `host:netdev`, or a map. */
export const endSchema = lazily(() =>
  z.union([endpoint(), closed({ at: endpoint().describe('Where it is.'), ...plugKeys() })]).meta({
    id: 'end',
    description: 'An end of a link: stack/service[#n][:interface], switch[:port] or host:device.',
  }),
);

/** The input has been validated. */
export function expandInterface(input: InterfaceInput, path: DocPath): InterfaceDeclaration {
  return { switch: input.switch, ...expandPlug(input, path) };
}

/** The input has been validated. The name of a device that `at` gives is the plug's. */
export function expandEnd(input: EndInput, path: DocPath): EndDeclaration {
  const { at, ...rest } = typeof input === 'string' ? { at: input } : input;
  const [, name = '', service, n, port] = ENDPOINT.exec(at) ?? [];
  const plug = expandPlug(rest, path);
  if (service === undefined)
    return { ...plug, at: { is: 'named', name, ...(port !== undefined && { port }) } };
  const point: EndPoint = { is: 'service', stack: name, service, ...(n !== undefined && { n: Number(n) }) };
  return { ...plug, ...(port !== undefined && { name: port }), at: point };
}

function expandPlug(input: PlugInput, path: DocPath): PlugDeclaration {
  const { name, ip, mac, mtu, up, via, vlan, impair, gateway, routes = [] } = input;
  return {
    ...(name !== undefined && { name }),
    ...(ip !== undefined && { ip: ip === 'none' ? ip : [ip].flat() }),
    ...(mac !== undefined && mac !== 'auto' && { mac: mac.toLowerCase() }),
    gateways: [gateway ?? []].flat(),
    routes: routes.map(route =>
      typeof route === 'string'
        ? { to: route }
        : { to: route.to, ...(route.via !== undefined && { via: route.via }) },
    ),
    ...(mtu !== undefined && { mtu }),
    ...(up !== undefined && { up }),
    ...expandVia(via),
    ...(vlan !== undefined && { vlan: expandVlan(vlan) }),
    ...(impair !== undefined && { impair: expandImpair(impair) }),
    path,
  };
}

/** How the medium of a link or interface is chosen. */
export const viaSchema = lazily(() =>
  z.enum(['auto', 'veth', 'vxlan', 'macvlan', 'enslave', 'tap', 'memif', 'vhost-user']),
);

/** A medium that was chosen; a VXLAN is one only where the ends are on two hosts, and then in any case. */
export function expandVia(
  via: z.input<ReturnType<typeof viaSchema>> | undefined,
): Pick<PlugDeclaration, 'via'> {
  return via === undefined || via === 'auto' || via === 'vxlan' ? {} : { via };
}

/** What interfaces and ends of links have in common. */
function plugKeys() {
  return {
    name: key(
      deviceName(),
      'The name of the device; by default eth1, eth2 … or, beside Docker networks, net1, net2 …',
    ),
    ip: key(z.union([z.literal('none'), oneOrMore(anyAddress())]), 'Addresses, or none.'),
    mac: key(macAddress(), 'The hardware address.', 'auto'),
    gateway: key(perFamily(address()), 'The default route, one per family.'),
    routes: key(
      z.array(
        z.union([
          subnet(),
          closed({ to: subnet().describe('The network.'), via: key(address(), 'The next hop.') }),
        ]),
      ),
      'Routes through it.',
    ),
    mtu: key(mtu(), 'The MTU.'),
    up: key(z.boolean(), 'Whether it is up; false: there, but down.', true),
    via: key(viaSchema(), 'The medium.', 'auto'),
    vlan: key(vlanSchema(), 'The VLANs of the port of a bridge: a number, or a trunk.'),
    impair: key(impairSchema(), 'What is done to the packets it sends.'),
    offload: later(z.union([z.boolean(), z.record(z.string(), z.boolean())]), 'Offloads of the device.'),
  };
}

/** What the kernel takes as a name (dev_valid_name), less what means something else in /proc/sys and to iproute2. */
function deviceName(): z.ZodString {
  return text({
    what: 'the name of a network device: at most 15 characters, without spaces, "/" and ":"',
    test: /^(?!(?:lo|all|default|\.\.?)$)[A-Za-z0-9_.-][A-Za-z0-9_.@+-]{0,14}$/,
    code: 'name.invalid',
    hint: value =>
      value.length > 15
        ? `${value.length} characters; perhaps ${value.slice(0, 15)}`
        : value === 'lo'
          ? 'lo is the loopback device'
          : undefined,
  });
}

/** A unicast address (IEEE 802: the lowest bit of the first octet is 0), and not all zeros. */
function macAddress(): z.ZodString {
  return text({
    what: 'auto or a unicast MAC address such as 02:00:00:00:00:01',
    test: value =>
      value === 'auto' ||
      (/^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/.test(value) &&
        (Number.parseInt(value.slice(0, 2), 16) & 1) === 0 &&
        !/^[0:]+$/.test(value)),
    hint: value =>
      /^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/.test(value)
        ? "that one is of a group, or nobody's: begin with 02"
        : undefined,
  });
}

function anyAddress() {
  return text({
    what: 'an address such as 10.0.0.2/24 or fd00::2/64',
    test: value => (parseAddress(value) ?? parseInterface(value)) !== undefined,
  });
}

const ENDPOINT = /^([a-z][a-z0-9-]{0,30})(?:\/([A-Za-z0-9][\w.-]*)(?:#([1-9]\d*))?)?(?::([^\s/:]{1,15}))?$/;

function endpoint() {
  return text({
    what: 'an end (stack/service[:interface], switch[:port] or host:device)',
    test: ENDPOINT,
    hint: value => (/:[^:]{16,}$/.test(value) ? 'the name of a device has at most 15 characters' : undefined),
    examples: ['shop/web:eth1', 'lan0', 'tera:enp3s0'],
  });
}
