import { describe, expect, test } from 'vitest';
import { addressesOf, addressTowards } from '../../src/app/address.js';
import type { Located } from '../../src/app/containers.js';
import type { EngineContainer, EngineEndpoint, Resolved } from '../../src/core/index.js';
import { resolved } from '../fakes/scene.js';

const topology: Resolved = resolved(`name: lab
hosts: { h: ssh://h }
stacks:
  four: { host: h, networks: { n: { subnet: 172.30.0.0/16, fabric: sw }, a: } }
  both: { host: h, networks: { n: { subnet: [172.31.0.0/16, "fd00:31::/64"], fabric: sw }, a: } }
  six: { host: h, networks: { n: { subnet: "fd00:32::/64", fabric: sw }, a: } }
switches: { sw: { kind: vxlan, subnet: [10.1.1.0/24, "fd00:1::/64"] } }
`);

const at = (ipv4: string, ipv6 = ''): EngineEndpoint => ({ networkId: '', ipv4, ipv6, mac: '' });

function located(stack: string, networks: Record<string, EngineEndpoint>): Located {
  const named = Object.entries(networks).map(([key, e]) => [`lab-${stack}_${key}`, e] as const);
  const container = { networks: Object.fromEntries(named) } as unknown as EngineContainer;
  return { host: 'h', stack, service: 's', number: 1, container, owner: '' };
}

const four = located('four', { a: at('10.9.0.2'), n: at('172.30.0.2') });
const both = located('both', { a: at('10.9.0.3'), n: at('172.31.0.2', 'fd00:31::2') });
const six = located('six', { a: at('10.9.0.4'), n: at('172.17.0.2', 'fd00:32::2') });

test('addresses stand with those on a switch first; what the file gives no subnet for is not meant', () => {
  const list = (of: Located): readonly string[] => addressesOf(topology, of).map(a => a.address);
  expect(list(both)).toEqual(['172.31.0.2', 'fd00:31::2', '10.9.0.3']);
  expect(list(six)).toEqual(['fd00:32::2', '10.9.0.4']);
  expect(list(located('six', { n: at('', '') }))).toEqual([]);
});

describe('towards', () => {
  test.each([
    ['IPv4 first where both have both', both, both, undefined, '172.31.0.2'],
    ['an IPv6-only target by IPv6', both, six, undefined, 'fd00:32::2'],
    ['from an IPv6-only stack by IPv6', six, both, undefined, 'fd00:31::2'],
    ['nothing in common on the switch: a family that both have', six, four, undefined, '172.30.0.2'],
    ['as asked', four, both, 6, 'fd00:31::2'],
    ['as asked, and it has none', both, four, 6, undefined],
  ] as const)('%s', (_, from, to, family, address) => {
    expect(addressTowards(topology, from, to, family)).toBe(address);
  });
});
