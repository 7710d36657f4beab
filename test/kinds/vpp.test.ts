import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { digestsOf } from '../../src/app/digests.js';
import type { World } from '../../src/app/world.js';
import { compile } from '../../src/compile/index.js';
import { hasErrors, type Link, type Plan, type Resolved, type Resource } from '../../src/core/index.js';
import type { VppTapSpec } from '../../src/kinds/index.js';
import type { Which } from '../fakes/vpp/replay.js';
import { asApplied } from '../fakes/applied.js';
import { link } from '../fakes/hosts.js';
import { changed, decided, freshWorld, KEY, resolved } from '../fakes/scene.js';
import { Died, PaperVpps } from '../support/paper-vpp.js';

/** Everything that a domain can have, on two hosts. `a` and `b` are the emulated VPPs, too. */
const TOPOLOGY = `
name: lab
hosts: { a: ssh://a, b: ssh://b }
switches:
  wire:
    kind: vpp
    subnet: 10.8.0.0/24
    hosts: { a: { bvi: [10.8.0.1, 'fd08::1/64'] }, b: { bvi: 10.8.0.2 } }
    learn: false
    arp_term: true
  fast: { kind: vpp, host: a, uplink: eth2 }
stacks:
  s:
    host: a
    services:
      one: { image: i, interfaces: [{ switch: wire }, { switch: fast }] }
      tapped: { image: i, interfaces: [{ switch: wire, via: tap }] }
  t: { host: b, services: { two: { image: i, interfaces: [{ switch: wire }] } } }
`;

interface Numbers {
  readonly vni?: number;
  readonly domain?: number;
  readonly bvi?: string;
  readonly uplink?: string;
}

/** Two switches on two hosts, and what of them is not as below. */
interface Both {
  readonly first?: Numbers;
  readonly second?: Numbers;
  readonly names?: readonly [string, string];
}

const FIRST = { vni: 1001, domain: 11, bvi: '10.1.0.1/24' };
const SECOND = { vni: 1002, domain: 12, bvi: '10.2.0.1/24' };

function both({ first = {}, second = {}, names: [one, two] = ['first', 'second'] }: Both): string {
  const of = ({ vni, domain, bvi, uplink }: Numbers): string => {
    const own = [...(bvi ? [`bvi: ${bvi}`] : []), ...(uplink ? [`uplink: ${uplink}`] : [])];
    return `{ kind: vpp, vni: ${vni}, bridge_domain: ${domain}, hosts: { a: { ${own.join(', ')} }, b: {} } }`;
  };
  return `
name: lab
hosts: { a: ssh://a, b: ssh://b }
switches:
  ${one}: ${of({ ...FIRST, ...first })}
  ${two}: ${of({ ...SECOND, ...second })}
`;
}

/** Hosts on which everything but VPP is as wanted, and VPPs with an underlay and with what is somebody else's. `lost.taps`: their devices are gone, whatever VPP says. */
async function lab(text = TOPOLOGY): Promise<{
  vpps: PaperVpps;
  lost: { taps: boolean };
  look: () => Promise<World>;
  topology: Resolved;
}> {
  const topology = resolved(text);
  const eth2 = link('eth2', { index: 9, promiscuous: true });
  const hosts = freshWorld(topology);
  const fresh = changed(hosts, v => ({
    ...v,
    inventory: { ...v.inventory, links: [...v.inventory.links, eth2] },
  }));
  const devices = devicesOf(fresh, topology);
  const vpps = new PaperVpps({ a: ['ul0', 'ul1', 'eth2', ...devices], b: ['ul0', 'eth2', ...devices] });
  for (const [vpp, n] of [
    ['a', 1],
    ['b', 2],
  ] as const)
    await prepare(vpps, vpp, n);
  const lost = { taps: false };
  const look = async (): Promise<World> => {
    const read = { a: await vpps.read('a'), b: await vpps.read('b') };
    const seen = changed(fresh, v => ({
      ...v,
      facts: {
        ...v.facts,
        vpp: read[v.host as Which].facts,
        tools: { ...v.facts.tools, ethtool: 'ethtool' },
      },
      inventory: {
        ...v.inventory,
        vpp: read[v.host as Which].state,
        taken: [...vpps.taken[v.host as Which]],
      },
    }));
    const { resources } = compile(topology, seen.views, digestsOf(seen, KEY));
    const made = asApplied(
      topology.name,
      resources.filter(r => !r.kind.startsWith('vpp_')),
      [...seen.views.values()],
      KEY,
    );
    const there = new Set(read.a.state?.interfaces.map(i => i.name));
    const held = resources.filter(r => r.kind === 'vpp_tap' && there.has((r.spec as VppTapSpec).name));
    const isThere = ({ kind, name }: Link): boolean =>
      kind !== 'tun' || (!lost.taps && held.some(r => (r.spec as VppTapSpec).end.device === name));
    const views = made.map(view => ({
      ...view,
      inventory: {
        ...view.inventory,
        namespaces: view.inventory.namespaces.map(n => ({ ...n, links: n.links.filter(isThere) })),
      },
    }));
    return { ...seen, views: new Map(views.map(v => [v.host, v])) };
  };
  return { vpps, lost, look, topology };
}

async function prepare(vpps: PaperVpps, vpp: Which, n: number): Promise<void> {
  const theirs = [
    'create host-interface name ul0',
    'set interface state host-ul0 up',
    `set interface ip address host-ul0 10.99.0.${n}/24`,
    'create bridge-domain 77 bd-tag theirs',
    'create loopback interface instance 5',
    'set interface l2 bridge loop5 77',
  ];
  for (const command of theirs) await vpps.ask(vpp, command);
}

/** The names of the devices that VPP is to have ports on. */
function devicesOf(world: World, topology: Resolved): readonly string[] {
  const { resources } = compile(topology, world.views, digestsOf(world, KEY));
  return resources.flatMap((r: Resource) => {
    const { plugs = [] } = r.spec as { plugs?: readonly { place: { is: string }; device: string }[] };
    return plugs.flatMap(p => (p.place.is === 'host' ? [p.device] : []));
  });
}

function planOf(topology: Resolved, world: World): Plan {
  const { plan, diagnostics } = decided(topology, world);
  if (!plan || hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  return plan;
}

async function up({ vpps, look, topology }: Awaited<ReturnType<typeof lab>>): Promise<Plan> {
  const plan = planOf(topology, await look());
  for (const { host, steps } of plan.actions)
    for (const step of steps) await vpps.carryOut(host as Which, step);
  return plan;
}

/** All that is in both, as people see it; without the numbers that VPP counts up. */
async function shown(vpps: PaperVpps): Promise<string> {
  const asked = [
    'show interface addr',
    'show mode',
    'show bridge-domain',
    'show vxlan tunnel',
    'show l2fib all',
  ];
  const all = await Promise.all(
    (['a', 'b'] as const).flatMap(vpp => asked.map(command => vpps.ask(vpp, command))),
  );
  return all.join('\n');
}

describe('a switch on two VPPs', () => {
  test('comes up by these commands, and then nothing is left to do', async () => {
    const world = await lab();
    await up(world);
    const file = new URL('../golden/vpp/commands.txt', import.meta.url);
    const sent = `${world.vpps.sent.join('\n')}\n`;
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, sent);
    expect(sent).toBe(readFileSync(file, 'utf8'));
    expect(planOf(world.topology, await world.look()).actions).toEqual([]);
  });

  test('topo dies after every single command in turn: the next up converges', async () => {
    const whole = await lab();
    await up(whole);
    const wanted = await shown(whole.vpps);
    // Those of the other host are the same ones.
    const count = whole.vpps.sent.filter(command => command.startsWith('a ')).length;
    for (let n = 0; n < count; n++) {
      const world = await lab();
      world.vpps.left = n;
      await expect(up(world)).rejects.toThrow(Died);
      world.vpps.left = Infinity;
      await up(world);
      expect(planOf(world.topology, await world.look()).actions, `died after ${n}`).toEqual([]);
      expect((await shown(world.vpps)).length, `died after ${n}`).toBe(wanted.length);
    }
  });

  test('a restart of VPP loses everything: all of it is made again, and nothing on the other host', async () => {
    const world = await lab();
    const first = await up(world);
    await world.vpps.restart('a');
    await prepare(world.vpps, 'a', 1);
    const again = await up(world);
    const on = (plan: Plan, host: string): readonly string[] =>
      plan.actions.filter(a => a.host === host).map(a => `${a.verb} ${a.resource}`);
    expect(on(again, 'a').toSorted()).toEqual(on(first, 'a').toSorted());
    expect(on(again, 'b')).toEqual([]);
    expect(planOf(world.topology, await world.look()).actions).toEqual([]);
  });

  test('a device that is an uplink and no longer gives on frames for others is told to, and nothing else', async () => {
    const world = await lab();
    await up(world);
    const plan = planOf(
      world.topology,
      changed(await world.look(), v => {
        const links = v.inventory.links.map(({ promiscuous: _, ...l }) => l);
        return { ...v, inventory: { ...v.inventory, links } };
      }),
    );
    expect(plan.actions).toMatchObject([
      {
        verb: 'update',
        resource: 'a/vpp_host_interface/eth2',
        differences: [{ field: 'eth2 promiscuity', have: 'off', want: 'on' }],
        steps: [{ via: 'script', name: 'device-take', args: ['eth2', 'lab'] }],
      },
    ]);
  });

  test('what sends to a port and leaves checksums to it again is told not to, and nothing else of it is touched', async () => {
    const world = await lab();
    await up(world);
    const plan = planOf(
      world.topology,
      changed(await world.look(), v => {
        const paths = v.inventory.namespaces.map(n => n.path);
        return {
          ...v,
          inventory: { ...v.inventory, offloading: paths.map(path => ({ device: 'eth1', path })) },
        };
      }),
    );
    const [first] = plan.actions;
    expect(new Set(plan.actions.map(a => `${a.verb} ${a.kind}`))).toEqual(
      new Set(['update vpp_host_interface']),
    );
    expect(first).toMatchObject({
      differences: [{ field: 'eth1 offloads', have: 'on', want: 'off' }],
      steps: [{ via: 'exec', argv: ['ethtool', '-K', 'eth1', 'tx', 'off'], netns: {} }],
    });
  });

  test('a tap that is gone with the namespace of its container is made anew, with what leads to it', async () => {
    const world = await lab();
    await up(world);
    world.lost.taps = true;
    const plan = planOf(world.topology, await world.look());
    expect(plan.actions.map(a => `${a.verb} ${a.resource}`)).toEqual([
      'replace a/vpp_tap/s/tapped:eth1',
      'create a/tap/s/tapped:eth1',
      'update a/vpp_fib/wire',
    ]);
    expect(plan.actions[0]!.differences).toEqual([
      { field: 'tap', have: 'gone', want: 'there', replace: true },
    ]);
    await up(world);
    world.lost.taps = false;
    expect(planOf(world.topology, await world.look()).actions).toEqual([]);
  });

  test('a tap whose number was that of another end is made anew: its device is elsewhere', async () => {
    const world = await lab();
    await up(world);
    const plan = planOf(
      world.topology,
      changed(await world.look(), v => {
        const { vpp } = v.inventory;
        const interfaces = (vpp?.interfaces ?? []).map(i =>
          /^tap/.test(i.name) ? { ...i, mac: '02:00:00:00:00:09' } : i,
        );
        return { ...v, inventory: { ...v.inventory, vpp: vpp && { ...vpp, interfaces } } };
      }),
    );
    expect(plan.actions.map(a => `${a.verb} ${a.resource}`)).toContain('replace a/vpp_tap/s/tapped:eth1');
  });

  test('a device that was the port of a bridge is let go before it is an uplink', async () => {
    const before = TOPOLOGY.replace(', uplink: eth2', '').replace(
      'stacks:',
      "  br: { kind: bridge, host: a }\nlinks: [[br, 'a:eth2']]\nstacks:",
    );
    const world = await lab(before);
    await up(world);
    const { actions } = planOf(resolved(TOPOLOGY), await world.look());
    const release = actions.find(a => a.kind === 'enslave')!;
    const take = actions.find(a => a.resource === 'a/vpp_host_interface/eth2')!;
    expect([release.verb, take.verb]).toEqual(['delete', 'create']);
    expect(take.after).toContain(release.id);
  });

  test('down leaves both VPPs as they were, and what is of others', async () => {
    const world = await lab();
    const before = await shown(world.vpps);
    await up(world);
    expect(await shown(world.vpps)).not.toBe(before);
    await up({ ...world, topology: resolved('name: lab\nhosts: { a: ssh://a, b: ssh://b }') });
    expect(await shown(world.vpps)).toBe(before);
  });

  test.each([
    ['loop7226', ['create loopback interface instance 7226']],
    ['tap21', ['create tap id 21 host-if-name theirs']],
    ['vxlan_tunnel6982', ['create vxlan tunnel src 9.9.9.9 dst 9.9.9.8 vni 3 instance 6982']],
    ['loop7226', ['create loopback interface instance 9', 'set interface name loop9 loop7226']],
  ])('what is not ours by the name of ours, as %s, is told and left alone: %j', async (name, theirs) => {
    const world = await lab();
    for (const command of theirs) await world.vpps.ask('a', command);
    await expect(up(world)).rejects.toThrow(
      `interface ${name} of VPP, which topo did not make is in its place`,
    );
    expect(world.vpps.sent).toEqual([]);
  });

  test('what somebody gave other names goes with the rest', async () => {
    const world = await lab();
    const before = await shown(world.vpps);
    await up(world);
    const { state } = await world.vpps.read('a');
    const own = state!.interfaces.filter(i => i.tag !== undefined);
    for (const [n, { name }] of own.entries())
      await world.vpps.ask('a', `set interface name ${name} mine${n}`);
    await up({ ...world, topology: resolved('name: lab\nhosts: { a: ssh://a, b: ssh://b }') });
    expect(await shown(world.vpps)).toBe(before);
  });

  test('an interface of VPP that is an uplink is given back, of whatever kind it is', async () => {
    const world = await lab(TOPOLOGY.replace('uplink: eth2', 'uplink: host-ul1'));
    await world.vpps.ask('a', 'create host-interface name ul1');
    const before = await shown(world.vpps);
    await up(world);
    expect(planOf(world.topology, await world.look()).actions).toEqual([]);
    await up({ ...world, topology: resolved('name: lab\nhosts: { a: ssh://a, b: ssh://b }') });
    expect(await shown(world.vpps)).toBe(before);
  });

  test('a switch that learns from now on has no static entries any more, for they would outlive their ports', async () => {
    const world = await lab();
    await up(world);
    const topology = resolved(TOPOLOGY.replace('learn: false', 'learn: true').replace('arp_term: true', ''));
    await up({ ...world, topology });
    const { state } = await world.vpps.read('a');
    expect(state!.fib).toEqual([]);
    expect(state!.domains.flatMap(d => d.arp)).toEqual([]);
  });

  test('a device that was an uplink is given back when it is none any more, though VPP was restarted or its device went', async () => {
    const without = resolved(TOPOLOGY.replace(', uplink: eth2', ''));
    for (const lose of ['restart', 'device'] as const) {
      const world = await lab();
      await up(world);
      if (lose === 'restart') await world.vpps.restart('a');
      if (lose === 'restart') await prepare(world.vpps, 'a', 1);
      const gone = async (): Promise<World> =>
        changed(await world.look(), v => ({
          ...v,
          inventory: { ...v.inventory, links: v.inventory.links.filter(l => l.name !== 'eth2') },
        }));
      const look = lose === 'device' ? gone : world.look;
      const { actions } = await up({ ...world, look, topology: without });
      const steps = actions.flatMap(a => a.steps).filter(s => s.via === 'script' && s.args.includes('eth2'));
      expect(steps).toMatchObject([{ name: 'device-release', args: ['eth2', 'lab'] }]);
      expect(planOf(without, await look()).actions).toEqual([]);
    }
  });

  test('a device that was an uplink is let be while nobody knows what VPP has', async () => {
    const world = await lab();
    await up(world);
    const unread = changed(await world.look(), v => ({
      ...v,
      inventory: { ...v.inventory, vpp: undefined, unread: { vpp: 'it hangs' } },
    }));
    const { plan } = decided(resolved('name: lab\nhosts: { a: ssh://a, b: ssh://b }'), unread);
    expect(plan?.actions.filter(a => a.kind === 'enslave')).toEqual([]);
  });

  test('down of what is in a VPP that hangs says so once for each VPP, and what to do', async () => {
    const world = await lab();
    const seen = await world.look();
    const { resources } = compile(world.topology, seen.views, digestsOf(seen, KEY));
    const silent = { is: 'silent', code: 'vpp.hangs', why: 'it hangs', hint: 'restart it' } as const;
    const hangs = changed(seen, v => {
      const own = resources.filter(r => r.host === v.host && r.kind.startsWith('vpp_'));
      const specs = Object.fromEntries(own.map(r => [r.id, '']));
      const applied = { ...v.inventory.applied!, specs };
      const inventory = { ...v.inventory, vpp: undefined, unread: { vpp: silent.why }, applied };
      return { ...v, facts: { ...v.facts, vpp: silent }, inventory };
    });
    const { diagnostics } = decided(resolved('name: lab\nhosts: { a: ssh://a, b: ssh://b }'), hangs);
    expect(diagnostics.map(d => [d.host, d.hint])).toEqual([
      ['a', 'restart it'],
      ['b', 'restart it'],
    ]);
    expect(diagnostics[0]!.summary).toMatch(
      /^could not read vpp: it hangs; a\/vpp_arp\/\w+ and \d+ more were made there and may still be$/,
    );
  });

  test('an uplink whose device somebody set down is made anew: VPP says nothing of it, and has it up as it takes it', async () => {
    const world = await lab();
    await up(world);
    const seen = changed(await world.look(), v => ({
      ...v,
      inventory: {
        ...v.inventory,
        links: v.inventory.links.map(l => (l.name === 'eth2' ? { ...l, up: false } : l)),
      },
    }));
    const { actions } = planOf(world.topology, seen);
    expect(actions.map(a => [a.verb, a.resource, a.differences])).toEqual([
      [
        'replace',
        'a/vpp_host_interface/eth2',
        [{ field: 'eth2 state', have: 'down', want: 'up', replace: true }],
      ],
    ]);
  });

  test.each([
    ['the VNIs of two switches', {}, { first: { vni: 1002 }, second: { vni: 1001 } }],
    ['their bridge domains', {}, { first: { domain: 12 }, second: { domain: 11 } }],
    ['the addresses of two BVIs', {}, { first: { bvi: '10.2.0.1/24' }, second: { bvi: '10.1.0.1/24' } }],
    [
      'an address of a BVI, and one is no more',
      { second: { bvi: '' } },
      { first: { bvi: '' }, second: { bvi: '10.1.0.1/24' } },
    ],
    ['a subnet, for a broader one', {}, { first: { bvi: '10.3.0.1/24' }, second: { bvi: '10.1.9.1/16' } }],
    ['all of that', {}, { first: SECOND, second: FIRST }],
    ['an uplink', { first: { uplink: 'eth2' } }, { second: { uplink: 'eth2' } }],
    ['names of switches', {}, { names: ['other', 'first'] }],
  ] as readonly [string, Both, Both][])(
    'exchanged by one up, and back by another: %s',
    async (_, one, other) => {
      const world = await lab(both(one));
      await up(world);
      for (const text of [both(other), both(one)]) {
        const topology = resolved(text);
        await up({ ...world, topology });
        expect(planOf(topology, await world.look()).actions).toEqual([]);
      }
    },
  );

  test.each([
    ['a tag that is gone', ['clear interface tag PORT'], ['update vpp_host_interface']],
    ['a port that was moved out', ['set interface l3 PORT'], ['update vpp_host_interface']],
    ['a port in another domain', ['set interface l2 bridge PORT 77'], ['update vpp_host_interface']],
    ['a port that was removed', ['delete host-interface name DEVICE'], ['create vpp_host_interface']],
    ['a BVI that is down', ['set interface state BVI down'], ['update vpp_loopback']],
    ['an address that is gone', ['set interface ip address del BVI 10.8.0.1/24'], ['update vpp_loopback']],
    ['a flag of the domain', ['set bridge-domain learn DOMAIN'], ['update vpp_domain']],
    [
      'a foreign port',
      ['create loopback interface instance 9', 'set interface l2 bridge loop9 DOMAIN'],
      ['update vpp_domain'],
    ],
    [
      'a port that is half in, refused as a second BVI',
      ['set interface l2 bridge PORT DOMAIN bvi'],
      ['update vpp_host_interface'],
    ],
    [
      'a port in place of the BVI',
      ['delete loopback interface intfc BVI', 'set interface l2 bridge PORT DOMAIN bvi'],
      ['replace vpp_host_interface', 'create vpp_loopback'],
    ],
    [
      'a port that was the BVI, and gets nothing that is flooded since',
      [
        'set interface l3 BVI',
        'set interface l2 bridge PORT DOMAIN bvi',
        'set interface l3 PORT',
        'set interface l2 bridge PORT DOMAIN',
        'set interface l2 bridge BVI DOMAIN bvi',
      ],
      ['replace vpp_host_interface'],
    ],
    [
      'a port that unknown destinations alone go to',
      ['set interface l2 bridge PORT DOMAIN uu-fwd'],
      ['update vpp_domain', 'update vpp_host_interface'],
    ],
    [
      "somebody else's BVI in place of ours",
      [
        'delete loopback interface intfc BVI',
        'create loopback interface instance 9',
        'set interface l2 bridge loop9 DOMAIN bvi',
      ],
      ['update vpp_domain', 'create vpp_loopback'],
    ],
    ['another name of a port', ['set interface name PORT mine'], ['update vpp_host_interface']],
    [
      'another name of a port, without its tag',
      ['clear interface tag PORT', 'set interface name PORT mine'],
      ['update vpp_host_interface'],
    ],
    ['another name of the BVI', ['set interface name BVI mine'], ['update vpp_loopback']],
    ['an ARP entry that is gone', ['set bridge-domain arp entry DOMAIN ARP del'], ['update vpp_arp']],
  ])('drift: %s is named and repaired with as little as that', async (_, commands, due) => {
    const world = await lab();
    await up(world);
    const { state } = await world.vpps.read('a');
    const domain = state!.domains.find(d => d.arpTerm)!;
    const own = state!.interfaces.filter(i => i.domain === domain.id);
    const port = own.find(i => i.name.startsWith('host-'))!.name;
    const words: Readonly<Record<string, string>> = {
      PORT: port,
      DEVICE: port.replace('host-', ''),
      BVI: own.find(i => i.bvi)!.name,
      DOMAIN: `${domain.id}`,
      ARP: `${domain.arp[0]!.address} ${domain.arp[0]!.mac}`,
    };
    for (const command of commands)
      await world.vpps.ask(
        'a',
        command.replaceAll(/[A-Z]{3,}/g, word => words[word] ?? word),
      );
    const plan = await up(world);
    expect(plan.actions.filter(a => a.kind !== 'vpp_fib').map(a => `${a.verb} ${a.kind}`)).toEqual(due);
    expect(planOf(world.topology, await world.look()).actions).toEqual([]);
  });
});
