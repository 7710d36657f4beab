import { describe, expect, test } from 'vitest';
import { decideDown, type Decision } from '../../src/app/decide.js';
import { hasErrors, type NetmapModule, type Plan, type Resource } from '../../src/core/index.js';
import { link } from '../fakes/hosts.js';
import { changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { Died, PaperVale } from '../support/paper-vale.js';

/** All ways in which something is attached: pairs, a tunnel, a device of the host's own; with the host stack and without. */
const GENERIC = `name: lab
hosts: { a: ssh://a, b: ssh://b }
switches:
  v0: { kind: vale, host: a, mtu: 1400 }
  v-1: { kind: vale, host: a, host_stack: true }
  lan: { kind: bridge, host: a }
stacks:
  s:
    host: a
    services:
      x: { image: i, interfaces: [{ switch: v0 }] }
      y: { image: i, interfaces: [{ switch: v0 }] }
  t: { host: b, services: { z: { image: i } } }
links: [[v-1, lan], [t/z, v0], [v-1, 'a:ext5'], [v0, v-1]]
`;
const NATIVE = `name: lab
hosts: { a: ssh://a }
switches: { v0: { kind: vale, host: a, driver: native, mtu: 1400 }, v-1: { kind: vale, host: a } }
stacks:
  s:
    host: a
    services:
      x: { image: i, netmap: true, interfaces: [{ switch: v0 }] }
      y: { image: i, netmap: true, interfaces: [{ switch: v0 }] }
links: [[v0, v-1]]
`;
const FOREIGN = ['valeother:foreign0', 'valev0:foreign1'];

/** Hosts on which nothing was made, and somebody else's ports. */
function lab(text: string, module: Partial<NetmapModule>): PaperVale {
  const names = ['ext5', 'foreign0', 'foreign1'];
  const fresh = changed(freshWorld(resolved(text)), view => ({
    ...view,
    inventory: {
      ...view.inventory,
      links: [...view.inventory.links, ...names.map((name, i) => link(name, { index: 20 + i }))],
    },
  }));
  const hosts = new PaperVale(fresh, 'a', module);
  for (const name of FOREIGN) hosts.attach(name);
  return hosts;
}

/** What topo wrote down of what it attached. */
function noted(hosts: PaperVale): readonly string[] {
  const { records } = hosts.look().views.get('a')!.inventory.vale!;
  return records.map(r => `${r.switch}:${r.device} ${r.driver} ${r.id}`).sort();
}

/** What carries something out, until nothing is left to do. */
type Run = (hosts: PaperVale) => void;

const up = (text: string): Run => {
  const topology = resolved(text);
  return hosts => {
    carryOut(hosts, decided(topology, hosts.look()));
  };
};

const down: Run = hosts => {
  carryOut(hosts, decideDown('lab', hosts.look(), true));
};

function carryOut(hosts: PaperVale, decision: Decision): void {
  const { plan, resources } = sound(decision);
  for (const action of plan.actions) hosts.carryOut('lab', action, resources);
}

function sound({ plan, diagnostics, resources }: Decision): { plan: Plan; resources: readonly Resource[] } {
  if (!plan || hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  return { plan, resources };
}

describe.each([
  ['generic', GENERIC, []],
  ['native', NATIVE, ['veth']],
])('switches whose ports are attached by the %s driver', (_, text, holders) => {
  const fresh = (): PaperVale => lab(text, { holders });
  const applied = (): PaperVale => {
    const hosts = fresh();
    up(text)(hosts);
    return hosts;
  };
  const killed = (): PaperVale => {
    const hosts = applied();
    hosts.kill('lab-s-x-1');
    return hosts;
  };
  const other = text.replace('mtu: 1400', 'mtu: 1300').replaceAll('v-1', 'w');
  const ways: Readonly<Record<string, readonly [() => PaperVale, Run]>> = {
    'up on hosts that have nothing': [fresh, up(text)],
    'up with another MTU, and another switch': [applied, up(other)],
    'up after the devices of a container went': [killed, up(text)],
    down: [applied, down],
    'down after the devices of a container went': [killed, down],
  };

  test.each(Object.entries(ways))(
    '%s: topo dies after every single command in turn, and the next one converges',
    (name, [start, run]) => {
      const before = start();
      const whole = before.copy();
      run(whole);
      const count = whole.sent.length;
      expect(count).toBeGreaterThan(name.startsWith('down') ? 6 : 3);
      for (let n = 0; n < count; n++) {
        const hosts = before.copy();
        hosts.left = n;
        expect(() => {
          run(hosts);
        }, `dies after ${n}`).toThrow(Died);
        hosts.left = Infinity;
        run(hosts);
        const sent = hosts.sent.length;
        run(hosts);
        expect(hosts.sent.slice(sent), `died after ${n}`).toEqual([]);
        expect(hosts.names(), `died after ${n}`).toEqual(whole.names());
        expect(noted(hosts), `died after ${n}`).toEqual(noted(whole));
        expect(hosts.promiscuous(), `died after ${n}`).toEqual(whole.promiscuous());
      }
    },
  );

  test('down leaves what others attached', () => {
    const hosts = applied();
    expect(hosts.names().length).toBeGreaterThan(FOREIGN.length);
    expect(hosts.promiscuous()).toEqual(text.includes('ext5') ? ['ext5'] : []);
    down(hosts);
    expect(hosts.names()).toEqual(FOREIGN);
    expect(hosts.promiscuous()).toEqual([]);
  });
});

/** A service for each list of switches. */
function filled(switches: readonly string[], services: readonly (readonly string[])[]): string {
  const plugs = (on: readonly string[]): string => on.map(name => `{ switch: ${name} }`).join(', ');
  return `name: lab
hosts: { a: ssh://a }
switches: { ${switches.map(name => `${name}: { kind: vale, host: a }`).join(', ')} }
stacks:
  s:
    host: a
    services:
${services.map((on, i) => `      x${i}: { image: i, interfaces: [${plugs(on)}] }`).join('\n')}
`;
}

function refused(text: string, hosts: PaperVale): readonly string[] {
  return decided(resolved(text), hosts.look()).diagnostics.map(d => `${d.code}: ${d.summary}`);
}

/** Somebody else's ports are none here. */
function bare(text: string): PaperVale {
  const spare = link('spare', { index: 20 });
  const fresh = changed(freshWorld(resolved(text)), view => ({
    ...view,
    inventory: { ...view.inventory, links: [...view.inventory.links, spare] },
  }));
  return new PaperVale(fresh, 'a');
}

describe('what the plan takes is what the kernel takes', () => {
  const wires = (count: number): string =>
    filled(
      ['v0'],
      Array.from({ length: count }, () => ['v0']),
    );

  test('39 devices are attached; the 40th is refused by name, and so it is by the kernel', () => {
    const hosts = bare(wires(39));
    up(wires(39))(hosts);
    expect(hosts.names()).toHaveLength(39);
    expect(refused(wires(39), hosts)).toEqual([]);
    expect(refused(wires(40), hosts)).toEqual([
      "vale.memory: s/x39:eth1 is one too many: netmap's memory is enough for 39 attached devices",
    ]);
    expect(() => {
      hosts.attach('valev0:spare');
    }).toThrow('Cannot allocate memory');
  });

  test('8 switches are made; the 9th is refused by name, and so it is by the kernel', () => {
    const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `w${i}`);
    const some = (count: number): string => filled(names(count), [names(count)]);
    const hosts = bare(some(8));
    up(some(8))(hosts);
    expect(hosts.names().map(name => name.split(':')[0])).toEqual(names(8).map(name => `vale${name}`));
    expect(refused(some(9), hosts)).toEqual([
      'vale.switches: switch w8 is one too many: netmap has 8 in a namespace',
    ]);
    expect(() => {
      hosts.attach('valew8:spare');
    }).toThrow('Cannot allocate memory');
    hosts.attach('valew7:spare');
  });
});
