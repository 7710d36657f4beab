import { z } from 'zod';
import { closed, key, lazily, oneOrMore, text } from './blocks.js';
import { impairSchema } from './impair.js';
import { mtu } from './phrases.js';
import { parseAddress, parseInterface } from '../core/index.js';

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

/** How the medium of a link or interface is chosen. */
export const viaSchema = lazily(() =>
  z.enum(['auto', 'veth', 'vxlan', 'macvlan', 'enslave', 'tap', 'memif', 'vhost-user']),
);

/** What interfaces and ends of links have in common. */
function plugKeys() {
  return {
    name: key(
      text({ what: 'the name of a network device: at most 15 characters', test: /^[^\s/:]{1,15}$/ }),
      'The name of the device.',
    ),
    ip: key(z.union([z.literal('none'), oneOrMore(anyAddress())]), 'Addresses, or none.'),
    mac: key(
      text({ what: 'auto or a MAC address', test: /^(auto|([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})$/ }),
      'The hardware address.',
      'auto',
    ),
    gateway: key(oneOrMore(anyAddress()), 'The default route.'),
    routes: key(
      z.array(z.union([z.string(), closed({ to: z.string(), via: key(z.string(), 'The next hop.') })])),
      'Routes.',
    ),
    mtu: key(mtu(), 'The MTU.'),
    up: key(z.boolean(), 'Whether it is up; false: there, but down.', true),
    via: key(viaSchema(), 'The medium.', 'auto'),
    vlan: key(z.union([z.int().min(1).max(4094), z.looseObject({})]), 'The VLAN of the port (bridge, vde).'),
    impair: key(impairSchema(), 'What is done to the packets it sends.'),
    offload: key(z.union([z.boolean(), z.record(z.string(), z.boolean())]), 'Offloads of the device.'),
  };
}

function anyAddress() {
  return text({
    what: 'an address such as 10.0.0.2/24 or fd00::2/64',
    test: value => (parseAddress(value) ?? parseInterface(value)) !== undefined,
  });
}

function endpoint() {
  return text({
    what: 'an end (stack/service[:interface], switch[:port] or host:device)',
    test: /^[a-z][a-z0-9-]{0,30}(\/[A-Za-z0-9][\w.-]*(#[1-9]\d*)?)?(:[^\s/]+)?$/,
  });
}
