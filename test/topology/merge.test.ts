import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { valueAt } from '../../src/topology/at.js';
import { withGivenNames } from '../../src/topology/compose/environment.js';
import { COMPOSE_RULE } from '../../src/topology/compose/rules.js';
import { nothingSeen, yamlOf } from '../../src/topology/files/loading.js';
import type { Loading } from '../../src/topology/files/loading.js';
import { merge } from '../../src/topology/files/merge.js';
import { TOPOLOGY_RULE } from '../../src/topology/files/topology-rules.js';
import { locator } from '../../src/topology/locate.js';
import type { Plain } from '../../src/topology/locate.js';

const loading = (): Loading => ({
  origins: new WeakMap(),
  diagnostics: [],
  readFile: () => ({ is: 'missing' }),
  called: path => path,
  home: undefined,
  seen: nothingSeen(),
});

const plain = (path: string, text: string, into: Loading): Plain =>
  yamlOf({ path, text }, () => undefined, 'compose', into)!;

/** One service, of one file and of another over it. */
function merged(base: string, over: string): { service: unknown; wrong: readonly string[] } {
  const into = loading();
  const [a, b] = [base, over].map((keys, i) => plain(`${i}`, `services: { web: { ${keys} } }`, into));
  const { value } = merge(a!, b!, COMPOSE_RULE, into);
  const service = valueAt(value, ['services', 'web']);
  return {
    service: JSON.parse(JSON.stringify(service)) as unknown,
    wrong: into.diagnostics.map(d => d.summary),
  };
}

/** What compose-go makes of each. */
describe('a service', () => {
  test.each([
    ['image: a, init: true', 'image: b', { image: 'b', init: true }],
    ['command: [a, b]', 'command: c', { command: 'c' }],
    ['entrypoint: [a]', 'entrypoint: ', { entrypoint: null }],
    [
      'healthcheck: { test: [CMD, a], retries: 1 }',
      'healthcheck: { test: b }',
      { healthcheck: { test: 'b', retries: 1 } },
    ],
    ['environment: [A=1, B=1]', 'environment: { B: 2, C: }', { environment: { A: '1', B: 2, C: null } }],
    ['environment: { A: 1 }', 'environment: [A]', { environment: { A: null } }],
    ['labels: { a: 1 }', 'labels: [a=2, b]', { labels: { a: '2', b: null } }],
    [
      'ports: ["80:80", 443]',
      'ports: ["0080:80/tcp", "443", "81:80"]',
      { ports: ['0080:80/tcp', '443', '81:80'] },
    ],
    [
      'volumes: [a:/a, b:/b]',
      'volumes: [{ type: bind, source: /x, target: /a }]',
      { volumes: [{ type: 'bind', source: '/x', target: '/a' }, 'b:/b'] },
    ],
    [
      'devices: [/dev/a:/dev/x]',
      'devices: [/dev/b:/dev/x:r, /dev/c]',
      { devices: ['/dev/b:/dev/x:r', '/dev/c'] },
    ],
    [
      'configs: [a, { source: b, target: /b }]',
      'configs: [{ source: c, target: /b }, { source: a, mode: 1 }]',
      {
        configs: [
          { source: 'a', mode: 1 },
          { source: 'c', target: '/b' },
        ],
      },
    ],
    [
      'secrets: [a]',
      'secrets: [{ source: x, target: /run/secrets/a }]',
      { secrets: [{ source: 'x', target: '/run/secrets/a' }] },
    ],
    [
      'cap_add: [A, B], security_opt: [x]',
      'cap_add: [B, C], security_opt: [x]',
      { cap_add: ['A', 'B', 'C'], security_opt: ['x', 'x'] },
    ],
    ['dns: 1.1.1.1', 'dns: [1.1.1.1, 2.2.2.2]', { dns: ['1.1.1.1', '2.2.2.2'] }],
    ['tmpfs: /a', 'tmpfs: /b', { tmpfs: ['/a', '/b'] }],
    [
      'env_file: a',
      'env_file: [{ path: a, required: false }, b]',
      { env_file: [{ path: 'a', required: false }, 'b'] },
    ],
    [
      'extra_hosts: ["a:1.1.1.1"]',
      'extra_hosts: { a: 1.1.1.1, b: [::1, 2.2.2.2] }',
      { extra_hosts: ['a:1.1.1.1', 'b:::1', 'b:2.2.2.2'] },
    ],
    ['networks: [a]', 'networks: { b: { aliases: [x] } }', { networks: { a: null, b: { aliases: ['x'] } } }],
    [
      'networks: { a: { aliases: [x] } }',
      'networks: { a: { aliases: [x, y] } }',
      { networks: { a: { aliases: ['x', 'y'] } } },
    ],
    [
      'depends_on: { a: { condition: service_healthy } }',
      'depends_on: [a, b]',
      { depends_on: { a: { condition: 'service_started' }, b: { condition: 'service_started' } } },
    ],
    ['build: .', 'build: { args: [A=1] }', { build: { context: '.', args: ['A=1'] } }],
    ['build: { args: { A: 1 } }', 'build: { args: [A=2] }', { build: { args: { A: '2' } } }],
    ['logging: { driver: a, options: { x: 1 } }', 'logging: { driver: b }', { logging: { driver: 'b' } }],
    [
      'logging: { driver: a, options: { x: 1 } }',
      'logging: { options: { y: 1 } }',
      { logging: { driver: 'a', options: { x: 1, y: 1 } } },
    ],
    [
      'ulimits: { nofile: 1 }',
      'ulimits: { nofile: { soft: 1, hard: 2 } }',
      { ulimits: { nofile: { soft: 1, hard: 2 } } },
    ],
    ['sysctls: [a=1]', 'sysctls: { a: 2 }', { sysctls: { a: 2 } }],
    [
      'interfaces: [{ name: a, switch: s, ip: [1] }, { switch: t }]',
      'interfaces: [{ name: a, ip: [2] }, { switch: u }]',
      { interfaces: [{ name: 'a', switch: 's', ip: [2] }, { switch: 't' }, { switch: 'u' }] },
    ],
    ['ports: ["80:80"]', 'ports: !override ["81:81"]', { ports: ['81:81'] }],
    ['labels: { a: 1 }', 'labels: ', { labels: { a: 1 } }],
  ])('{ %s } with { %s }', (base, over, expected) => {
    expect(merged(base, over)).toEqual({ service: expected, wrong: [] });
  });

  test('what does not go together is told, and the first stays', () => {
    expect(merged('ports: ["80"], image: a', 'ports: { a: 1 }, image: b')).toEqual({
      service: { ports: ['80'], image: 'b' },
      wrong: ["a map can't be merged over a list"],
    });
  });
});

test('networks merge their pools by subnet, and a short form takes the place of a long one', () => {
  const into = loading();
  const base = 'networks: { n: { ipam: { config: [{ subnet: a, gateway: g }, { subnet: b }] } } }';
  const over = 'networks: { n: { ipam: { config: [{ subnet: a, ip_range: r }] } } }';
  const short = 'networks: { n: { subnet: c } }';
  const both = merge(plain('a', base, into), plain('b', over, into), COMPOSE_RULE, into);
  expect(valueAt(both.value, ['networks', 'n', 'ipam', 'config'])).toEqual([
    { subnet: 'a', gateway: 'g', ip_range: 'r' },
    { subnet: 'b' },
  ]);
  const shorter = merge(both, plain('c', short, into), COMPOSE_RULE, into);
  expect(valueAt(shorter.value, ['networks', 'n'])).toEqual({ subnet: 'c' });
});

test('build arguments and names of the environment without a value have that of the project', () => {
  const into = loading();
  const keys = 'build: { args: [A, NO, B=b] }, environment: { A: , NO: , B: }';
  const whole = plain('a', `services: { web: { ${keys} } }`, into);
  const given = withGivenNames(whole, name => ({ A: '1', B: '2' })[name], into.origins);
  expect(valueAt(given.value, ['services', 'web'])).toEqual({
    build: { args: { A: '1', NO: null, B: 'b' } },
    environment: { A: '1', NO: null, B: '2' },
  });
});

test('each key of what was merged stands in its own file', () => {
  const into = loading();
  const a = plain('a', 'services:\n  web:\n    environment: [A=1]\n    ports: ["80"]\n', into);
  const b = plain(
    'b',
    'services:\n  web:\n    environment:\n      B: 2\n    ports: ["81"]\n  db: {}\n',
    into,
  );
  const locate = locator(merge(a, b, COMPOSE_RULE, into), into.origins);
  const at = (...path: (string | number)[]): string => {
    const { file, line, column } = locate(['services', ...path])!;
    return `${file}:${line}:${column}`;
  };
  expect(at('web', 'environment', 'A')).toBe('a:3:19');
  expect(at('web', 'environment', 'B')).toBe('b:4:10');
  expect(at('web', 'ports', 0)).toBe('a:4:13');
  expect(at('web', 'ports', 1)).toBe('b:5:13');
  expect(at('db')).toBe('b:6:7');
  expect(at('web', 'ports', 2)).toBe('a:4:5');
});

const keyword = fc.constantFrom(
  'services',
  'networks',
  'hosts',
  'stacks',
  'web',
  'labels',
  'ports',
  'ipam',
  'toString',
);
const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.constantFrom('a', 'A=1', 'local', ''), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.dictionary(keyword, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
    fc.array(tie('tree'), { maxLength: 4 }),
  ),
}));
const file = fc.dictionary(keyword, tree, { noNullPrototype: true });
const path = fc.array(fc.oneof(keyword, fc.nat(4)), { maxLength: 6 });

test('a file merged with an empty one is what it was, and everything in it stands where it stood', () => {
  fc.assert(
    fc.property(file, path, fc.constantFrom(COMPOSE_RULE, TOPOLOGY_RULE), (value, steps, rule) => {
      const into = loading();
      const one = plain('one', stringify(value), into);
      const before = locator(one, into.origins);
      for (const empty of ['', '{}']) {
        const other = plain('other', empty, into);
        const pairs = [
          merge(one, other, rule, into),
          ...(empty === '' ? [merge(other, one, rule, into)] : []),
        ];
        for (const both of pairs) {
          expect(both.value).toEqual(one.value);
          expect(locator(both, into.origins)(steps)).toEqual(before(steps));
        }
      }
    }),
  );
});

test('whatever is merged, every path has a place', () => {
  fc.assert(
    fc.property(file, file, path, fc.constantFrom(COMPOSE_RULE, TOPOLOGY_RULE), (a, b, steps, rule) => {
      const into = loading();
      const both = merge(plain('a', stringify(a), into), plain('b', stringify(b), into), rule, into);
      const locate = locator(both, into.origins);
      expect(locate(steps)?.line).toBeGreaterThan(0);
      expect(locate(steps, 'key')?.line).toBeGreaterThan(0);
      for (const { place } of into.diagnostics) expect(place!.line).toBeGreaterThan(0);
    }),
  );
});
