import { expect, test } from 'vitest';
import { sharedNumbers } from '../../src/resolve/media.js';
import { resolve } from '../../src/resolve/index.js';
import { read } from '../topology/reading.js';

const STACKS = `hosts: { h1: local, h2: ssh://h2 }
switches: { fast: { kind: vpp, host: h1 }, wide: { kind: vpp, hosts: { h1: { uplink: eth9 }, h2: { uplink: eth9 } } }, lan: { kind: bridge, host: h1 } }
stacks:
  s: { host: h1, services: { plain: { image: i }, cnf: { image: i, userspace: {} }, app: { image: i, userspace: {} } } }
  t: { host: h2, services: { far: { image: i, userspace: {} } } }
`;

/** What the container's end of a link is, as the file leaves it to topo, or as it says. */
function mediumOf(link: string): string | undefined {
  const { topology, locate, diagnostics } = read(`${STACKS}links:\n  - ${link}\n`);
  expect(diagnostics).toEqual([]);
  const [end] = resolve(topology!, locate, {}).resolved!.links[0]!.ends;
  return end.is === 'service' ? end.shared?.via : undefined;
}

test.each([
  ['[s/cnf, fast]', 'memif'],
  ['[s/cnf, s/app]', 'memif'],
  ['[t/far, wide]', 'memif'],
  ['{ ends: [s/cnf, fast], via: auto }', 'memif'],
])('VPPs of one host share memory unless the file says otherwise: %s', (link, medium) => {
  expect(mediumOf(link)).toBe(medium);
});

test.each([
  ['the file says so', '{ ends: [s/cnf, fast], via: veth }'],
  ['one end says so', '[{ at: s/cnf }, { at: fast, via: veth }]'],
  ['only the kernel can do it', '{ ends: [s/cnf, fast], impair: { delay: 1ms } }'],
  ['a container has no VPP', '[s/plain, fast]'],
  ['the other has none', '[s/cnf, s/plain]'],
  ['nor a bridge', '[s/cnf, lan]'],
  ['they are on two hosts', '[s/cnf, t/far]'],
])('it is a wire where %s: %s', (_, link) => {
  expect(mediumOf(link)).toBeUndefined();
});

test('no two links have the number of one', () => {
  const links = Array.from({ length: 20_000 }, (_, n) => `s/a:eth${n}`);
  const numbers = [...sharedNumbers('lab', links).values()];
  expect(new Set(numbers).size).toBe(links.length);
  expect(numbers.every(n => n >= 1 && n <= 2 ** 24)).toBe(true);
});
