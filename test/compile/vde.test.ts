import { expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import { NO_VDE } from '../../src/core/index.js';
import type { VdeInventory } from '../../src/core/index.js';
import { link } from '../fakes/hosts.js';
import { changed, decided, freshWorld, resolved } from '../fakes/scene.js';

const text = (links: string, sim = ''): string => `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches:
  sim: { kind: vde, host: a${sim} }
  other: { kind: vde, host: a }
  far: { kind: vde, host: b }
  lan: { kind: bridge, host: a }
stacks:
  s: { host: a, services: { x: { image: i } } }
  t: { host: b, services: { z: { image: i } } }
links: [${links}]
`;

const TOOLS = {
  vde_switch: '/usr/bin/vde_switch',
  vde_plug2tap: '/usr/bin/vde_plug2tap',
  unixcmd: '/usr/bin/unixcmd',
};

/** Hosts with VDE's programs; host a has one more device, and what is given of VDE. */
function world(
  topology: ReturnType<typeof resolved>,
  vde: Partial<VdeInventory> = {},
  tools: Readonly<Record<string, string>> = TOOLS,
): World {
  return changed(freshWorld(topology), ({ facts, inventory, ...view }) => ({
    ...view,
    facts: { ...facts, tools: { ...facts.tools, ...tools } },
    inventory: {
      ...inventory,
      ...(view.host === 'a' && { links: [...inventory.links, link('ext5', {})], vde: { ...NO_VDE, ...vde } }),
    },
  }));
}

const PARTS = ['bridge', 'enslave', 'tap', 'tunnel', 'vde_plug', 'veth'];

function planned(links: string): readonly string[] {
  const topology = resolved(text(links));
  const { plan, diagnostics } = decided(topology, world(topology));
  expect(diagnostics).toEqual([]);
  return plan!.actions
    .filter(a => PARTS.includes(a.kind) && a.name !== 'lan')
    .map(a => `${a.host}: ${a.kind} ${a.name}`)
    .sort();
}

test.each<[string, string, readonly string[]]>([
  ['a container', '[s/x:p, sim]', ['a: tap s/x:p', 'a: vde_plug s/x:p']],
  ['a bridge', '[lan, sim]', ['a: tap lan--sim', 'a: vde_plug lan--sim']],
  [
    'another VDE switch, over a bridge of theirs',
    '[sim, other]',
    [
      'a: bridge sim--other on other',
      'a: tap sim--other',
      'a: tap sim--other on other',
      'a: vde_plug sim--other',
      'a: vde_plug sim--other on other',
    ],
  ],
  [
    "a device of the host's own",
    "[sim, 'a:ext5']",
    [
      'a: bridge sim--a:ext5 on sim',
      'a: enslave ext5',
      'a: tap sim--a:ext5 on sim',
      'a: vde_plug sim--a:ext5 on sim',
    ],
  ],
  [
    'a container of another host, by a tunnel',
    '[t/z:p, sim]',
    [
      'a: bridge t/z:p on sim',
      'a: tap t/z:p on sim',
      'a: tunnel t/z:p',
      'a: vde_plug t/z:p on sim',
      'b: tunnel t/z:p',
    ],
  ],
  [
    'a VDE switch of another host',
    '[sim, far]',
    ['a', 'b'].flatMap((host, n) => {
      const on = `sim--far on ${n === 0 ? 'sim' : 'far'}`;
      return [
        `${host}: bridge ${on}`,
        `${host}: tap ${on}`,
        `${host}: tunnel sim--far`,
        `${host}: vde_plug ${on}`,
      ];
    }),
  ],
])('a VDE switch is linked with %s', (_, links, actions) => {
  expect(planned(links)).toEqual(actions);
});

test('the device comes after its process, and both after the switch', () => {
  const topology = resolved(text('[s/x:p, sim]'));
  const actions = decided(topology, world(topology)).plan!.actions;
  const at = (kind: string): number => actions.findIndex(a => a.kind === kind && a.host === 'a');
  const after = (kind: string): readonly (string | undefined)[] => {
    const { after: ids } = actions[at(kind)]!;
    return ids.map(id => actions.find(a => a.id === id)?.kind);
  };
  expect(after('vde_plug')).toEqual(['vde_switch']);
  expect(after('tap')).toEqual(expect.arrayContaining(['vde_plug', 'container']));
});

function told(
  sim: string,
  vde: Partial<VdeInventory> = {},
  tools?: Record<string, string>,
): readonly string[] {
  const topology = resolved(text('[s/x:p, sim]', sim));
  const { plan, diagnostics } = decided(topology, world(topology, vde, tools));
  const switches = plan?.actions.filter(a => a.kind === 'vde_switch').map(a => `made: ${a.name}`) ?? [];
  return [
    ...diagnostics.map(d => `${d.severity} ${d.code}: ${d.summary}; ${d.hint ?? ''}`),
    ...switches.sort(),
  ];
}

const THERE = { directories: ['/run/vde.ctl'] };

test('a switch of others is joined where it runs, and missed where it does not', () => {
  for (const path of ['/run/vde.ctl', '/var/run/vde.ctl'])
    expect(told(`, socket_dir: ${path}`, THERE)).toEqual(['made: far', 'made: other']);
  expect(told(', socket_dir: /run/vde.ctl')).toEqual([
    'error vde.missing: no VDE switch runs in /run/vde.ctl of host a; start it, or set create: true, and topo makes one there',
  ]);
});

test('with create a switch is made only where none runs; its own is known again', () => {
  const create = ', socket_dir: /run/vde.ctl, create: true';
  expect(told(create)).toEqual(['made: far', 'made: other', 'made: sim']);
  expect(told(create, THERE)).toEqual([
    'warning vde.joined: in /run/vde.ctl of host a a VDE switch of others runs, which is used as it is for switch sim; ',
    'made: far',
    'made: other',
  ]);
  const own = {
    topology: 'lab',
    name: 'sim',
    directory: '/run/vde.ctl',
    management: '/run/topo/lab/vde/sim.mgmt',
    pid: 7,
    says: { ports: 32, hub: false, fstp: false, priority: 32768 },
    socket: { mode: 0o600, group: 'root' },
  };
  expect(told(create, { ...THERE, switches: [own] })).toEqual(['made: far', 'made: other']);
});

test('hosts without the programs are told the package', () => {
  const lacking = { vde_switch: '/usr/bin/vde_switch' };
  expect(told('', {}, lacking)).toEqual(
    ['a', 'b'].map(
      () =>
        'error program.missing: this host has no vde_plug2tap and no unixcmd, which a VDE switch needs; install it there: apt-get install vde2',
    ),
  );
});

test('what is joined with a VDE switch can be no larger than what that carries', () => {
  const topology = resolved(
    text('[lan, sim]').replace('kind: bridge, host: a', 'kind: bridge, host: a, mtu: 9000'),
  );
  expect(decided(topology, world(topology)).diagnostics).toMatchObject([
    {
      code: 'mtu.path',
      summary:
        'an MTU of 9000 does not fit switch lan: vde_switch, which sim is, drops what is larger, and says nothing',
    },
  ]);
});
