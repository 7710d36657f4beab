import { describe, expect, test } from 'vitest';
import { linkPlan, resetOf, settingOf, statusOf } from '../../src/app/link-decide.js';
import { chooseEnds, linkEnds } from '../../src/app/link-ends.js';
import type { LinkEnd } from '../../src/app/link-ends.js';
import { parseLinkSettings } from '../../src/app/link-settings.js';
import type { World } from '../../src/app/world.js';
import type { Inventory, Link } from '../../src/core/index.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';

const TOPOLOGY = resolved(`name: lab
hosts: { a: ssh://a, b: ssh://b }
switches: { lan: { kind: bridge, host: a }, far: { kind: bridge, host: a } }
stacks:
  s: { host: a, services: { x: { image: i, interfaces: [{ switch: lan, ip: fd00::1/64 }] }, y: { image: i } } }
  t: { host: b, services: { z: { image: i } } }
links:
  - { ends: [lan, far], impair: { loss: 1% } }
  - { ends: [s/y, t/z], impair: { delay: 20ms } }
  - [s/y, far]
`);

const withQueues = (qdiscs: readonly string[]): World =>
  changed(freshWorld(TOPOLOGY), view => ({ ...view, facts: { ...view.facts, qdiscs } }));
const APPLIED = appliedWorld(TOPOLOGY, withQueues(['netem', 'tbf']));

function endsIn(world: World): readonly LinkEnd[] {
  return linkEnds(TOPOLOGY, decided(TOPOLOGY, world).resources, world);
}

/** The world with something else of devices, on hosts and in containers. */
function seen(what: (device: Link) => Partial<Link>): World {
  const of = <T extends { readonly links: Inventory['links'] }>(room: T): T => ({
    ...room,
    links: room.links.map(l => ({ ...l, ...what(l) })),
  });
  return changed(APPLIED, view => {
    const inventory = of(view.inventory);
    return { ...view, inventory: { ...inventory, namespaces: inventory.namespaces.map(of) } };
  });
}

/** What is changed, and what is run for it. */
function set(target: string, words: string, world = APPLIED): readonly string[] {
  const ends = endsIn(world);
  const wanted = settingOf(chooseEnds(ends, [target]), parseLinkSettings(words.split(' ')), world.views);
  return told(wanted, ends);
}

function told(wanted: Parameters<typeof linkPlan>[1], ends: readonly LinkEnd[]): readonly string[] {
  return linkPlan('lab', wanted, ends).actions.flatMap(({ differences, steps, host }) => [
    ...differences.map(d => `${host}: ${d.field}: ${d.have} → ${d.want}`),
    ...steps.map(step => `  ${step.label}`),
  ]);
}

test('ends are named by what they are, those of switches with what is at the other end', () => {
  expect(endsIn(APPLIED).map(e => `${e.name} on ${e.host}`)).toEqual([
    's/x:eth1 on a',
    'lan:s/x:eth1 on a',
    'lan:far on a',
    'far:lan on a',
    's/y:eth1 on a',
    't/z:eth1 on b',
    's/y:eth2 on a',
    'far:s/y:eth2 on a',
  ]);
});

test('they are chosen by name, by link, or by a container that has one; else what there is is told', () => {
  const chosen = (target: string): readonly string[] =>
    chooseEnds(endsIn(APPLIED), [target]).map(e => e.name);
  expect(chosen('lan:s/x:eth1')).toEqual(['lan:s/x:eth1']);
  expect(chosen('lan--far')).toEqual(['lan:far', 'far:lan']);
  expect(chosen('t/z')).toEqual(['t/z:eth1']);
  expect(() => chosen('s/y')).toThrow('s/y has 2 ends of links');
  expect(() => chosen('s/x:eth2')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('s/x:eth1') as string }),
  );
  expect(chooseEnds(endsIn(APPLIED), []).length).toBe(8);
});

test('the device of each is its own: impaired as the file says', () => {
  expect(
    endsIn(APPLIED)
      .map(statusOf)
      .map(s => `${s.end} ${s.state} ${JSON.stringify(s.impair)}`),
  ).toEqual([
    's/x:eth1 up {}',
    'lan:s/x:eth1 up {}',
    'lan:far up {"loss":"1%"}',
    'far:lan up {"loss":"1%"}',
    's/y:eth1 up {"delay":"20ms"}',
    't/z:eth1 up {"delay":"20ms"}',
    's/y:eth2 up {}',
    'far:s/y:eth2 up {}',
  ]);
  const gone = statusOf(endsIn(withQueues(['netem']))[0]!);
  expect(gone).toMatchObject({ state: 'missing', declared: { state: 'up' } });
});

describe('setting', () => {
  test('adds to what there is, and takes away by none', () => {
    expect(set('s/y:eth1', 'loss 2%')).toEqual(['a: eth1 loss: none → 2%', '  impair eth1']);
    expect(set('s/y:eth1', 'delay none rate 5mbit')).toEqual([
      'a: eth1 delay: 20ms → none',
      'a: eth1 rate: none → 5mbit',
      '  impair eth1',
    ]);
    expect(set('s/y:eth1', 'delay none')).toEqual(['a: eth1 delay: 20ms → none', '  no impairment of eth1']);
  });

  test('turns down one end, or both of a link, each once', () => {
    expect(set('s/x', 'down')).toEqual(['a: eth1 state: up → down', '  set eth1']);
    expect(set('lan--far', 'down').filter(line => line.includes('down'))).toHaveLength(2);
    expect(set('s/x', 'up')).toEqual([]);
  });

  test('leaves alone what else has drifted; a device that comes up gets its addresses back', () => {
    const bent = seen(({ name }) => (name === 'eth1' ? { mtu: 1300, up: false, addresses: [] } : {}));
    expect(set('s/x', 'loss 1%', bent)).toEqual(['a: eth1 loss: none → 1%', '  impair eth1']);
    expect(set('s/x', 'up', bent)).toEqual([
      'a: eth1 state: down → up',
      'a: eth1 address fd00::1/64: missing → present',
      '  IPv6 on eth1',
      '  set eth1',
    ]);
  });

  test('what can not be is refused', () => {
    expect(() => set('s/x', 'jitter 1ms')).toThrow('jitter of s/x:eth1 needs a delay');
    const bare = appliedWorld(TOPOLOGY, withQueues(['netem', 'tbf']));
    const without = changed(bare, view => ({ ...view, facts: { ...view.facts, qdiscs: ['tbf'] } }));
    const ends = endsIn(bare);
    const by = (words: string): unknown =>
      settingOf(chooseEnds(ends, ['s/x']), parseLinkSettings(words.split(' ')), without.views);
    expect(() => by('loss 1%')).toThrow(
      expect.objectContaining({ diagnostics: [expect.objectContaining({ code: 'kernel.netem' })] }),
    );
    expect(by('rate 1mbit')).toMatchObject([{ spec: { plugs: [{}, { qdisc: { kind: 'tbf' } }] } }]);
    expect(() => set('s/x', 'down', withQueues(['netem']))).toThrow('s/x:eth1 is not there');
  });
});

test('a reset brings back all that the file says of a link, and of no other', () => {
  const bent = seen(({ name }) => (name === 'eth1' ? { mtu: 1300, up: false } : {}));
  const ends = endsIn(bent);
  expect(told(resetOf(chooseEnds(ends, ['t/z'])), ends)).toEqual([
    'b: eth1 mtu: 1300 → 1450',
    'b: eth1 state: down → up',
    '  set eth1',
  ]);
  expect(told(resetOf(endsIn(APPLIED)), endsIn(APPLIED))).toEqual([]);
});

test.each([
  ['', '"" can\'t be set'],
  ['dely 20ms', '"dely" can\'t be set'],
  ['delay', 'delay needs a value, or none'],
  ['delay 20', '"20" is not a time such as 20ms or 1.5s, of at most 240s'],
  ['loss 1% rate 5', '"5" is not a rate such as 100mbit, from 1kbit to 1000gbit'],
])('"%s" is no setting: %s', (words, message) => {
  expect(() => parseLinkSettings(words.split(' '))).toThrow(message);
  expect(() => parseLinkSettings([])).toThrow('there is nothing to set');
});

test('what a VDE switch has of a link on its host is a process: only the other end has a device', () => {
  const topology = resolved(`name: lab
hosts: { a: ssh://a }
switches: { sim: { kind: vde, host: a }, lan: { kind: bridge, host: a } }
stacks: { s: { host: a, services: { x: { image: i, interfaces: [{ switch: sim }] } } } }
links: [[sim, lan]]
`);
  const vde = {
    vde_switch: '/usr/bin/vde_switch',
    vde_plug2tap: '/usr/bin/vde_plug2tap',
    unixcmd: '/usr/bin/unixcmd',
  };
  const world = changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, tools: { ...view.facts.tools, ...vde } },
  }));
  const { resources, diagnostics } = decided(topology, world);
  expect(diagnostics).toEqual([]);
  expect(linkEnds(topology, resources, world).map(e => e.name)).toEqual(['s/x:eth1', 'lan:sim']);
});
