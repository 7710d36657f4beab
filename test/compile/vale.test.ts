import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import type { Diagnostic, Inventory, Link, NetmapModule, ValePort } from '../../src/core/index.js';
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
  return decided(topology, world(topology, netmapThere)).diagnostics.map(linesOf);
}

function linesOf({ severity, code, place, summary, hint }: Diagnostic): string {
  return `${severity} ${code} ${place ? `in line ${place.line}` : ''}: ${summary}\n  ${hint ?? ''}`.replace(
    ' :',
    ':',
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
        "ethtool -K thtcybbo6do tx off",
        "lab -a valev0:tb5br2yhshd generic a/vale_port/t/z:eth1@v0 vale-ctl",
      ],
      [
        "v0--a:ext5@v0",
        "lab -a valev0:ext5 generic a/vale_port/v0--a:ext5@v0 vale-ctl",
        "ext5 lab gro lro",
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

const because = (vale: string): readonly string[] =>
  refused(text([ON]), { more: { vale: undefined, unread: { vale } } });
const VETH = ['veth'];
const many = (count: number): string => text(Array.from({ length: count }, () => ON));
const plugs = (count: number): string =>
  text([`interfaces: [${Array.from({ length: count }, () => '{ switch: v0 }').join(', ')}]`]);
const WIDE = { module: { ringNum: 2000, genericRingSize: 64 } };
const OTHERS = { ports: [{ switch: 'valeother', device: 'x', hostStack: false }] };
const SHARED = { ports: [{ switch: 'valev0', device: 'theirs', hostStack: false }] };

function switches(count: number): string {
  const names = Array.from({ length: count }, (_, i) => `w${i}`);
  return `name: lab
hosts: { a: ssh://a }
switches: { ${names.map(n => `${n}: { kind: vale, host: a }`).join(', ')} }
stacks: { s: { host: a, services: { x: { image: i, interfaces: [${names.map(n => `{ switch: ${n} }`).join(', ')}] } } } }
`;
}

function withoutEthtool(): readonly string[] {
  const topology = resolved(text([ON]));
  const bare = changed(world(topology), view => ({ ...view, facts: { ...view.facts, tools: {} } }));
  const { diagnostics } = decided(topology, bare);
  return diagnostics.filter(d => d.summary.includes('ethtool')).map(linesOf);
}

const UPLINK = link('eth0', { addresses: ['192.0.2.1/24'] });

/** Two pairs of devices, e and f, and a bridge br0, with a spanning tree or without; `more` is of their second ends. */
function pairs(more: Partial<Link>, stp = 0): Netmap {
  const ends = ['e', 'f'].flatMap(n => [
    link(`${n}1`, { kind: 'veth', other: `${n}2` }),
    link(`${n}2`, { kind: 'veth', other: `${n}1`, ...more }),
  ]);
  const bridge = link('br0', { kind: 'bridge', data: { stp_state: stp } });
  return { more: { links: [UPLINK, bridge, ...ends] } };
}

const CASES: Readonly<Record<string, () => readonly string[]>> = {
  'the module is not loaded': () => because('/dev/netmap: No such file or directory'),
  'no permission': () => because('/dev/netmap: Permission denied'),
  'there is no vale-ctl': () => because('sh: 1: vale-ctl: not found'),
  'vale-ctl dies': () => because('Segmentation fault'),
  'native only, and there is none': () => refused(text([ON]), { module: { admode: 1 } }),
  'native asked for, and there is none': () => refused(text([ON], ', driver: native')),
  'native asked for, and turned off': () =>
    refused(text([ON], ', driver: native'), { module: { admode: 2, holders: VETH } }),
  'generic asked for, and there is another': () =>
    refused(text([ON], ', driver: generic'), { module: { holders: VETH } }),
  'sockets by the native driver': () => refused(text([ON]), { module: { holders: VETH } }),
  'a bridge by the native driver': () =>
    refused(text(['networks: [default]'], '', '[v0, lan]'), { module: { holders: VETH } }),
  'a tunnel by the native driver': () =>
    refused(text(['networks: [default]'], '', '[t/z, v0]'), { module: { holders: VETH } }),
  'an MTU that the buffers do not hold': () => refused(text([ON], ', mtu: 2035')),
  'a device that is a port of a bridge': () =>
    refused(text([ON], '', "[v0, 'a:ext5']"), {
      more: {
        links: [link('lo'), link('eth0', { addresses: ['192.0.2.1/24'] }), link('ext5', { master: 'br0' })],
      },
    }),
  'a device that bears a macvlan': () =>
    refused(text([ON], '', "[v0, 'a:ext5']"), {
      more: { links: [UPLINK, link('ext5'), link('mv0', { kind: 'macvlan', other: 'ext5' })] },
    }),
  'a device of the host with an MTU that the buffers do not hold': () =>
    refused(text([ON], '', "[v0, 'a:ext5']"), { more: { links: [UPLINK, link('ext5', { mtu: 9000 })] } }),
  'a device of the host that is down': () =>
    refused(text([ON], '', "[v0, 'a:ext5']"), { more: { links: [UPLINK, link('ext5', { up: false })] } }),
  'two ends of one pair of devices': () => refused(text([ON], '', "[v0, 'a:e1'], [v0, 'a:e2']"), pairs({})),
  'pairs that end on a bridge of somebody else': () =>
    refused(text([ON], '', "[v0, 'a:e1'], [lan, 'a:f1'], [v0, lan]"), pairs({ master: 'br0' })),
  'no ethtool': withoutEthtool,
  'a 40th device': () => refused(many(40)),
  'a 39th device beside one of others': () => refused(many(39), OTHERS),
  'a 9th switch': () => refused(switches(9)),
  'an 8th switch beside one of others': () => refused(switches(8), OTHERS),
  'a 253rd port': () => refused(plugs(253), WIDE),
  'a switch that another topology uses': () =>
    refused(text([ON]), {
      ...SHARED,
      more: {
        links: [link('eth0', { addresses: ['192.0.2.1/24'] }), link('theirs', { alias: 'topo:other:abc x' })],
      },
    }),
};

test('what a VALE switch can not have is told, with what to do; UPDATE_GOLDEN=1 writes it', () => {
  const all = Object.entries(CASES).map(([title, make]) => `# ${title}\n${make().join('\n')}\n`);
  const file = new URL('../golden/vale/obstacles.txt', import.meta.url);
  const told = all.join('\n');
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, told);
  expect(told).toBe(readFileSync(file, 'utf8'));
});

test('what is just within the bounds is not refused', () => {
  expect({
    'netmap by the native driver': refused(text([`${ON}, netmap: true`]), { module: { holders: VETH } }),
    'the patch, and emulated only': refused(text([ON]), { module: { admode: 2, holders: VETH } }),
    'the largest MTU': refused(text([ON], ', mtu: 2034')),
    'large buffers': refused(text([ON], ', mtu: 9000'), { module: { bufSize: 16384 } }),
    '39 devices': refused(many(39)),
    'more devices with more memory': refused(many(40), { module: { bufNum: 200000 } }),
    '8 switches': refused(switches(8)),
    '252 ports': refused(plugs(252), WIDE),
    "nobody's port on the same switch": refused(text([ON]), SHARED),
    'one end of a pair': refused(text([ON], '', "[v0, 'a:e1'], [lan, 'a:f1'], [v0, lan]"), pairs({})),
    'a pair in the stead of a link': refused(text([ON], '', "[v0, 'a:e1'], [lan, 'a:e2']"), pairs({})),
    'a bridge with a spanning tree in the ring': refused(
      text([ON], '', "[v0, 'a:e1'], [lan, 'a:f1'], [v0, lan]"),
      pairs({ master: 'br0' }, 1),
    ),
  }).toEqual({
    'netmap by the native driver': [],
    'the patch, and emulated only': [],
    'the largest MTU': [],
    'large buffers': [],
    '39 devices': [],
    'more devices with more memory': [],
    '8 switches': [],
    '252 ports': [],
    "nobody's port on the same switch": [],
    'one end of a pair': [],
    'a pair in the stead of a link': [],
    'a bridge with a spanning tree in the ring': [],
  });
});

/** Whatever else a link may end at, on the switch's host and on another one. */
const ENDS = ['s/x0', 't/z', 'lan', 'far', 'wide', 'vd', 'vdfar', 'v1', 'v2', 'a:ext5', 'b:ext5'];

test.each(ENDS.flatMap(end => [`v0, '${end}'`, `'${end}', v0`]))(
  'a link [%s] is attached once its device is there',
  ends => {
    const switches = ` far: { kind: bridge, host: b }, wide: { kind: vxlan, mode: l2, hosts: [a, b] }, vd: { kind: vde, host: a }, vdfar: { kind: vde, host: b }, v1: { kind: vale, host: a }, v2: { kind: vale, host: b }, lan: {`;
    const topology = resolved(text(['networks: [default]'], '', `[${ends}]`).replace(' lan: {', switches));
    const tools = { vde_switch: 'v', vde_plug2tap: 'v', unixcmd: 'v' };
    const there = changed(world(topology), view => ({
      ...view,
      facts: { ...view.facts, tools: { ...view.facts.tools, ...tools } },
      inventory: { ...view.inventory, vale: netmap() },
    }));
    const { plan, diagnostics } = decided(topology, there);
    expect(diagnostics).toEqual([]);
    const attached = plan!.actions.filter(a => a.kind === 'vale_port');
    expect(attached.map(a => a.host)).toEqual(
      /v1/.test(ends) ? ['a', 'a'] : /v2/.test(ends) ? ['a', 'b'] : ['a'],
    );
    const wires = plan!.actions.filter(a => ['tap', 'tunnel', 'veth'].includes(a.kind));
    for (const port of attached) {
      const own = wires.filter(wire => wire.host === port.host && port.after.includes(wire.id));
      expect(own).toHaveLength(ends.includes('a:ext5') ? 0 : 1);
    }
  },
);

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
