import { expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import type { Inventory, NetmapModule, ValePort } from '../../src/core/index.js';
import { link } from '../fakes/hosts.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { netmap } from '../fakes/vale/inventory.js';

const service = (more: string): string => `{ image: i, ${more} }`;
const text = (services: readonly string[], more = '', links = ''): string => `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches: { v0: { kind: vale, host: a${more} }, lan: { kind: bridge, host: a } }
stacks:
  s:
    host: a
    services:
${services.map((s, i) => `      x${i}: ${service(s)}`).join('\n')}
  t: { host: b, services: { z: { image: i } } }
links: [${links}]
`;
const ON = 'interfaces: [{ switch: v0 }]';

interface Netmap {
  readonly module?: Partial<NetmapModule>;
  readonly ports?: readonly ValePort[];
  readonly more?: Partial<Inventory>;
}

/** Host a has netmap, or not. */
function world(topology: ReturnType<typeof resolved>, { module, ports, more }: Netmap = {}): World {
  return changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, tools: { ...view.facts.tools, ethtool: '/sbin/ethtool' } },
    inventory: {
      ...view.inventory,
      ...(view.host === 'a' && { vale: netmap(module, ports) }),
      links: [...view.inventory.links, link('ext5', { index: 9 })],
      ...more,
    },
  }));
}

function refused(file: string, netmapThere: Netmap = {}): readonly string[] {
  const topology = resolved(file);
  return decided(topology, world(topology, netmapThere)).diagnostics.map(
    d => `${d.severity} ${d.code} ${d.place?.line ?? '-'}: ${d.summary}; ${d.hint ?? ''}`,
  );
}

function ports(file: string, there: Netmap = {}): readonly unknown[] {
  const topology = resolved(file);
  const { plan, diagnostics } = decided(topology, world(topology, there));
  expect(diagnostics).toEqual([]);
  return plan!.actions
    .filter(a => a.kind === 'vale_port')
    .map(a => [
      a.name,
      ...a.steps.map(s => ('args' in s ? s.args.join(' ') : 'argv' in s ? s.argv.join(' ') : '')),
    ]);
}

test('whatever leads to a VALE switch is attached on its host, and senders to it send whole frames', () => {
  const links = "[v0, lan], [t/z, v0], [v0, 'a:ext5']";
  expect(ports(text([ON], '', links))).toMatchInlineSnapshot(`
    [
      [
        "s/x0:eth1@v0",
        "ethtool -K eth1 tx off",
        "lab -a valev0:tsim2bmstxk generic a/vale_port/s/x0:eth1@v0 vale-ctl",
      ],
      [
        "t/z:eth1@v0",
        "lab -a valev0:txixtyyq327 generic a/vale_port/t/z:eth1@v0 vale-ctl",
      ],
      [
        "v0--a:ext5@v0",
        "lab -a valev0:ext5 generic a/vale_port/v0--a:ext5@v0 vale-ctl",
      ],
      [
        "v0--lan@v0",
        "ethtool -K taxnrs5fsdv tx off",
        "lab -a valev0:t7jfgw4a3lt generic a/vale_port/v0--lan@v0 vale-ctl",
      ],
    ]
  `);
  expect(
    ports(text([ON], ', host_stack: true, driver: native').replace(ON, `${ON}, netmap: true`), {
      module: { holders: ['veth'] },
    }),
  ).toMatchInlineSnapshot(`
    [
      [
        "s/x0:eth1@v0",
        "lab -h valev0:tsim2bmstxk native a/vale_port/s/x0:eth1@v0 vale-ctl",
      ],
    ]
  `);
});

test('what netmap is not there for, or may not be asked, is said as that', () => {
  const because = (vale: string): readonly string[] =>
    refused(text([ON]), { more: { vale: undefined, unread: { vale } } });
  expect([
    because('/dev/netmap: No such file or directory'),
    because('/dev/netmap: Permission denied'),
    because('sh: 1: vale-ctl: not found'),
    because('Segmentation fault'),
  ]).toMatchInlineSnapshot(`
    [
      [
        "error netmap.missing -: VALE switches need netmap, whose kernel module is not loaded; load it there: modprobe netmap; it is built for its kernel from the sources of netmap",
      ],
      [
        "error netmap.denied -: vale-ctl may not open /dev/netmap; the mode of /dev/netmap alone decides: let vale_ctl of the host begin with sudo -n, or give its user the device",
      ],
      [
        "error program.missing -: vale-ctl can't be called: sh: 1: vale-ctl: not found; it is built with netmap; vale_ctl of the host says how it is called",
      ],
      [
        "error vale.unread -: vale-ctl does not tell what is attached: Segmentation fault; call vale-ctl there by hand",
      ],
    ]
  `);
});

test('a driver that does not do what is meant is refused', () => {
  const veth = ['veth'];
  expect({
    'native only, and there is none': refused(text([ON]), { module: { admode: 1 } }),
    'native asked for, and there is none': refused(text([ON], ', driver: native')),
    'native asked for, and turned off': refused(text([ON], ', driver: native'), {
      module: { admode: 2, holders: veth },
    }),
    'generic asked for, and there is another': refused(text([ON], ', driver: generic'), {
      module: { holders: veth },
    }),
    'sockets by the native driver': refused(text([ON]), { module: { holders: veth } }),
    'a bridge by the native driver': refused(text(['networks: [default]'], '', '[v0, lan]'), {
      module: { holders: veth },
    }),
    'netmap by the native driver': refused(text([`${ON}, netmap: true`]), { module: { holders: veth } }),
    'the patch, and emulated only': refused(text([ON]), { module: { admode: 2, holders: veth } }),
  }).toMatchInlineSnapshot(`
    {
      "a bridge by the native driver": [
        "error vale.sockets 10: v0--lan is attached by the native driver, which carries nothing of switch lan: that speaks by the kernel's own stack; set netmap: true of a service whose program speaks netmap; or set admode of netmap's module to 2 there: the generic driver carries all",
      ],
      "generic asked for, and there is another": [
        "error vale.driver 3: s/x0:eth1 on switch v0 would be attached by the native driver, not the generic one; set admode of netmap's module to 2 there, so that netmap leaves the adapters of drivers alone",
      ],
      "native asked for, and there is none": [
        "error vale.driver 3: s/x0:eth1 on switch v0 would be attached by the generic driver, not the native one; the driver of the device has no adapter for netmap (none have one): load one with netmap's patch",
      ],
      "native asked for, and turned off": [
        "error vale.driver 3: s/x0:eth1 on switch v0 would be attached by the generic driver, not the native one; set admode of netmap's module to 0 there",
      ],
      "native only, and there is none": [
        "error vale.driver 8: s/x0:eth1 on switch v0 can't be attached: admode of netmap is 1, which is for drivers with an adapter of their own alone; set admode of netmap's module to 0 there, or load a driver with netmap's patch",
      ],
      "netmap by the native driver": [],
      "sockets by the native driver": [
        "error vale.sockets 8: s/x0:eth1 is attached by the native driver, which carries nothing of s/x0: that speaks by the kernel's own stack; set netmap: true of a service whose program speaks netmap; or set admode of netmap's module to 2 there: the generic driver carries all",
      ],
      "the patch, and emulated only": [],
    }
  `);
});

test('large frames, devices that are in use, and a host without ethtool are refused', () => {
  expect(refused(text([ON], ', mtu: 2034'))).toEqual([]);
  expect(refused(text([ON], ', mtu: 2035'))).toMatchInlineSnapshot(`
    [
      "error mtu.path 3: an MTU of 2035 does not fit switch v0: netmap's buffers there have 2048 bytes (buf_size, which is set while nothing is attached); 2034 or less does, which is what it gets where the file says nothing",
    ]
  `);
  expect(refused(text([ON], ', mtu: 9000'), { module: { bufSize: 16384 } })).toEqual([]);
  const master = {
    links: [link('lo'), link('eth0', { addresses: ['192.0.2.1/24'] }), link('ext5', { master: 'br0' })],
  };
  expect(refused(text([ON], '', "[v0, 'a:ext5']"), { more: master })).toMatchInlineSnapshot(`
    [
      "error device.in-use 10: ext5 of host a is a port of br0, and can't be attached to VALE; take it out of br0, or link the switch with br0's other ports",
    ]
  `);
  const topology = resolved(text([ON]));
  const bare = changed(world(topology), view => ({ ...view, facts: { ...view.facts, tools: {} } }));
  expect(decided(topology, bare).diagnostics.map(d => d.summary)).toContain(
    'this host has no ethtool, which turns transmit offloads off: with them netmap passes ping, and neither TCP nor UDP',
  );
});

test('39 devices are attached with the memory that netmap comes with, and the 40th is refused by name', () => {
  const many = (count: number): string => text(Array.from({ length: count }, () => ON));
  expect(refused(many(39))).toEqual([]);
  expect(refused(many(40))).toMatchInlineSnapshot(`
    [
      "error vale.memory 47: s/x39:eth1 is one too many: netmap's memory is enough for 39 attached devices; load the module with more: modprobe netmap buf_num=163842 (now 163840); or attach with smaller rings: generic_ringsize (now 1024)",
    ]
  `);
  expect(refused(many(40), { module: { bufNum: 200000 } })).toEqual([]);
  const foreign = [{ switch: 'valeother', device: 'x', hostStack: false }];
  expect(refused(many(39), { ports: foreign })).toHaveLength(1);
});

test('8 switches are in a namespace, and the 9th is refused by name; so is the 253rd port of one', () => {
  const some = (count: number): string => {
    const names = Array.from({ length: count }, (_, i) => `w${i}`);
    return `name: lab
hosts: { a: ssh://a }
switches: { ${names.map(n => `${n}: { kind: vale, host: a }`).join(', ')} }
stacks: { s: { host: a, services: { x: { image: i, interfaces: [${names.map(n => `{ switch: ${n} }`).join(', ')}] } } } }
`;
  };
  expect(refused(some(8))).toEqual([]);
  expect(refused(some(9))).toMatchInlineSnapshot(`
    [
      "error vale.switches 3: switch w8 is one too many: netmap has 8 in a namespace; max_bridges is set when the module is loaded: modprobe netmap max_bridges=…",
    ]
  `);
  expect(refused(some(8), { ports: [{ switch: 'valeother', device: 'x', hostStack: false }] }))
    .toMatchInlineSnapshot(`
    [
      "error vale.switches 3: switch w7 is one too many: netmap has 8 in a namespace beside valeother, which others have; max_bridges is set when the module is loaded: modprobe netmap max_bridges=…",
    ]
  `);
  const wide = { module: { ringNum: 2000, genericRingSize: 64 } };
  const plugs = (count: number): string =>
    text([`interfaces: [${Array.from({ length: count }, () => '{ switch: v0 }').join(', ')}]`]);
  expect(refused(plugs(252), wide)).toEqual([]);
  expect(refused(plugs(253), wide)).toMatchInlineSnapshot(`
    [
      "error vale.ports 8: s/x0:eth253 is one too many on switch v0: a VALE switch has 252 ports; part it in two switches, and link these",
    ]
  `);
});

test("a switch in use by another topology is refused, and what is nobody's on it is let be", () => {
  const there = [{ switch: 'valev0', device: 'theirs', hostStack: false }];
  expect(refused(text([ON]), { ports: there })).toEqual([]);
  const theirs = {
    links: [link('eth0', { addresses: ['192.0.2.1/24'] }), link('theirs', { alias: 'topo:other:abc x' })],
  };
  expect(refused(text([ON]), { ports: there, more: theirs })).toMatchInlineSnapshot(`
    [
      "error vale.taken 3: VALE switch valev0 is in use by topology other; choose another name for the switch",
    ]
  `);
});

test('what was applied is in sync, and a device that is not the one that was attached is not', () => {
  const topology = resolved(text([ON, ON]));
  const done = appliedWorld(topology, world(topology));
  expect(decided(topology, done).plan?.actions).toEqual([]);
  const killed = changed(done, view => ({
    ...view,
    inventory: {
      ...view.inventory,
      links: view.inventory.links.filter(l => !l.alias.includes('x0')),
      namespaces: view.inventory.namespaces.map(n => ({
        ...n,
        links: n.links.filter(l => !l.alias.includes('x0')),
      })),
    },
  }));
  const { plan } = decided(topology, killed);
  expect(
    plan!.actions.map(a => `${a.id} ${a.verb} ${a.kind} ${a.name}: ${a.cause} after ${a.after.join(' ')}`),
  ).toMatchInlineSnapshot(`
    [
      "1 delete vale_port s/x0:eth1@v0: drifted: device after ",
      "2 create veth s/x0:eth1: drifted: it is gone after 1",
      "3 create vale_port s/x0:eth1@v0: drifted: device after 1 2",
    ]
  `);
});
