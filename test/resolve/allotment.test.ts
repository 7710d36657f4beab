import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, parseAddress, parseInterface, parsePrefix, switchesOf } from '../../src/core/index.js';
import type { Resolved } from '../../src/core/index.js';
import { allot } from '../../src/resolve/allot.js';
import { resolve } from '../../src/resolve/index.js';
import { read } from '../topology/reading.js';

const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { minLength: 1, maxLength: 30 });

describe('allot', () => {
  const pool = fc.record({
    names,
    size: fc.bigInt(1n, 64n),
    reserved: fc.uniqueArray(fc.bigInt(0n, 63n)).map(list => new Set(list)),
  });

  test('gives numbers of the pool, none twice, none reserved, and none only when there is none left', () => {
    fc.assert(
      fc.property(pool, ({ names, size, reserved: all }) => {
        const reserved = new Set([...all].filter(n => n < size));
        const given = [...allot(names, size, reserved).values()].filter(n => n !== undefined);
        expect(new Set(given).size).toBe(given.length);
        for (const n of given) expect(n >= 0n && n < size && !reserved.has(n)).toBe(true);
        expect(given.length).toBe(Math.min(names.length, Number(size) - reserved.size));
      }),
    );
  });

  test('a name at the end moves nothing', () => {
    fc.assert(
      fc.property(pool, ({ names, size, reserved }) => {
        const before = allot(names.slice(0, -1), size, reserved);
        const after = allot(names, size, reserved);
        for (const [name, number] of before) expect(after.get(name)).toBe(number);
      }),
    );
  });

  test('without collisions a name has the number of its own hash, whatever stands beside it', () => {
    const size = 1n << 60n;
    const alone = (name: string) => allot([name], size, new Set()).get(name);
    fc.assert(
      fc.property(names, list => {
        for (const [name, number] of allot(list, size, new Set())) expect(number).toBe(alone(name));
      }),
    );
  });

  test('is not quadratic in a full pool', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
    const started = performance.now();
    expect(new Set(allot(many, 20_000n, new Set()).values()).size).toBe(20_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

/** Each stack on its own host, all on one switch; some have an address of their own. */
function lab(
  stacks: readonly string[],
  switches: readonly string[],
  explicit: ReadonlyMap<string, string> = new Map(),
  range = '',
): Resolved {
  const fabric = (name: string): string =>
    explicit.has(name) ? `{ switch: sw, address: ${explicit.get(name)} }` : 'sw';
  const text = [
    `hosts: {${stacks.map(name => ` h-${name}: sandbox`).join(',')} }`,
    'stacks:',
    ...stacks.map(
      (name, i) =>
        `  ${name}: { host: h-${name}, networks: { n: { subnet: 172.16.${i}.0/24, fabric: ${fabric(name)} } } }`,
    ),
    'switches:',
    `  sw: { kind: vxlan, subnet: 10.1.1.0/26${range && `, range: ${range}`} }`,
    ...switches.map(name => `  x-${name}: { kind: vxlan }`),
  ].join('\n');
  const { topology, locate, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return resolve(topology!, locate, {}).resolved!;
}

const addresses = (resolved: Resolved): Map<string, string> =>
  new Map(switchesOf(resolved, 'vxlan')[0]!.members.map(m => [m.stack, m.addresses[0]!]));

describe('a topology', () => {
  test('overlay addresses are of the subnet, none twice, and a stack at the end moves none', () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 62 }), { maxLength: 4 });
    fc.assert(
      fc.property(names, some, (stacks, fixed) => {
        const explicit = new Map(
          stacks
            .slice(0, -1)
            .flatMap((name, i) => (fixed[i] === undefined ? [] : [[name, `10.1.1.${fixed[i]}`]])),
        );
        const all = addresses(lab(stacks, [], explicit));
        expect(new Set(all.values()).size).toBe(stacks.length);
        for (const address of all.values()) {
          const { address: value, length } = parseInterface(address)!;
          expect(length).toBe(26);
          expect(contains(parsePrefix('10.1.1.0/26')!, value)).toBe(true);
          expect(['10.1.1.0/26', '10.1.1.63/26']).not.toContain(address);
        }
        for (const [name, address] of explicit) expect(all.get(name)).toBe(`${address}/26`);
        if (stacks.length === 1) return;
        for (const [name, address] of addresses(lab(stacks.slice(0, -1), [], explicit)))
          expect(all.get(name)).toBe(address);
      }),
      { numRuns: 60 },
    );
  });

  test('they are allotted from the range where there is one', () => {
    const range = parsePrefix('10.1.1.32/28')!;
    const stacks = Array.from({ length: 16 }, (_, i) => `s${i}`);
    const all = [...addresses(lab(stacks, [], new Map(), '10.1.1.32/28')).values()];
    expect(new Set(all).size).toBe(16);
    for (const address of all) expect(contains(range, parseAddress(address.split('/')[0]!)!)).toBe(true);
  });

  test('VNIs are in their 24 bits, none twice, and a switch at the end moves none', () => {
    const vnis = (switches: readonly string[]) =>
      new Map(switchesOf(lab(['a'], switches), 'vxlan').map(s => [s.name, s.vni]));
    fc.assert(
      fc.property(names, switches => {
        const all = vnis(switches);
        expect(new Set(all.values()).size).toBe(switches.length + 1);
        for (const vni of all.values()) expect(vni >= 1 && vni <= 0xffffff).toBe(true);
        for (const [name, vni] of vnis(switches.slice(0, -1))) expect(all.get(name)).toBe(vni);
      }),
      { numRuns: 40 },
    );
  });

  test('a VNI that the file gives is not allotted to another switch', () => {
    const given = switchesOf(lab(['a'], ['b']), 'vxlan')[1]!.vni;
    const { topology, locate } = read(
      `switches: { taker: { kind: vxlan, vni: ${given} }, x-b: { kind: vxlan } }`,
    );
    const [taker, b] = switchesOf(resolve(topology!, locate, {}).resolved!, 'vxlan');
    expect(taker!.vni).toBe(given);
    expect(b!.vni).toBe((given % 0xffffff) + 1);
  });
});
