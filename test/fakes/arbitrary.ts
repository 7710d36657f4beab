import fc from 'fast-check';
import { type HostName, OPERATOR, type Resource, resourceId, shortMark } from '../../src/core/index.js';
import { CELLS, HOSTS } from './run.js';
import type { BaseSpec, BoxSpec, CellSpec, PartSpec, SetSpec } from './specs.js';

/** A resource of the fake world. */
export function fake<Spec>(host: HostName, kind: string, name: string, spec: Spec): Resource<Spec> {
  const id = resourceId(host, kind, name);
  return { id, kind, host, name, group: { is: 'host', name: host }, mark: shortMark('fake', id), spec };
}

export const base = (host: string, name: string, spec: BaseSpec): Resource => fake(host, 'base', name, spec);
export const part = (host: string, name: string, spec: PartSpec): Resource => fake(host, 'part', name, spec);
export const box = (host: string, name: string, spec: BoxSpec): Resource => fake(host, 'box', name, spec);
export const set = (host: string, name: string, spec: SetSpec): Resource => fake(host, 'set', name, spec);
export const cell = (host: string, spec: CellSpec): Resource => fake(OPERATOR, 'cell', host, spec);

const few = fc.integer({ min: 0, max: 2 });

/** Few names and few values, so that two of them often want the same thing, or nearly. */
export const desired: fc.Arbitrary<readonly Resource[]> = fc
  .tuple(few, ...HOSTS.map(host => fc.option(onHost(host), { nil: [], freq: 5 })))
  .map(([engine, ...hosts]) => [
    ...CELLS.filter(host => hosts[HOSTS.indexOf(host)]!.length > 0).map(host => cell(host, { engine })),
    ...withPeers(hosts.flat()),
  ]);

function onHost(host: HostName): fc.Arbitrary<readonly Resource[]> {
  const names = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
  const subnets = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 3, maxLength: 3 });
  const bases = fc
    .tuple(fc.subarray(names('b', 3)), subnets, few)
    .map(([chosen, free, tune]) => chosen.map((name, i) => base(host, name, { subnet: free[i]!, tune })));
  return bases.chain(made => {
    const baseNames = made.map(r => r.name);
    const parts =
      baseNames.length === 0
        ? fc.constant([])
        : fc.tuple(...names('p', 3).map(name => fc.option(partOn(host, name, baseNames))));
    const ports = fc.shuffledSubarray([0, 1, null], { minLength: 2, maxLength: 2 });
    const boxes = ports.chain(free =>
      fc.tuple(...names('x', 2).map((name, i) => fc.option(boxOn(host, name, baseNames, free[i]!)))),
    );
    return fc.tuple(parts, boxes).chain(([somePart, someBox]) => {
      const chosen = somePart.filter(p => p !== null);
      const sets = fc.tuple(...names('s', 2).map(name => fc.option(setOf(host, name, chosen))));
      return sets.map(someSet => [
        ...made,
        ...chosen,
        ...someBox.filter(x => x !== null),
        ...someSet.filter(s => s !== null),
      ]);
    });
  });
}

function partOn(host: HostName, name: string, bases: readonly string[]): fc.Arbitrary<Resource> {
  return fc
    .record({ base: fc.constantFrom(...bases), shape: few, value: few })
    .map(spec => part(host, name, spec));
}

function boxOn(
  host: HostName,
  name: string,
  bases: readonly string[],
  port: number | null,
): fc.Arbitrary<Resource> {
  return fc
    .record({ image: few, limit: few, bases: fc.subarray([...bases]), port: fc.constant(port) })
    .map(spec => box(host, name, spec));
}

function setOf(host: HostName, name: string, parts: readonly Resource[]): fc.Arbitrary<Resource> {
  const members = fc
    .tuple(fc.subarray([...parts]), few)
    .map(([chosen, n]) => Object.fromEntries(chosen.map(p => [p.name, n])));
  return members.map(chosen => set(host, name, { members: chosen }));
}

/** Sets wait for the first box of another host, so that plans go across hosts. */
function withPeers(resources: readonly Resource[]): readonly Resource[] {
  return resources.map(r => {
    const peer =
      r.kind === 'set' ? resources.find(other => other.kind === 'box' && other.host < r.host) : undefined;
    return peer ? { ...r, spec: { ...(r.spec as SetSpec), peer: peer.id } } : r;
  });
}

/** What happens behind topo's back: some of the things there, by number, vanish or are changed. */
export const drift: fc.Arbitrary<readonly { readonly which: number; readonly vanishes: boolean }[]> =
  fc.array(fc.record({ which: fc.nat(20), vanishes: fc.boolean() }), { maxLength: 4 });
