import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { readTopology } from '../../src/topology/index.js';
import { read, service } from './reading.js';

describe('anchors and merge keys', () => {
  const image = (text: string): unknown => {
    const { topology, diagnostics } = read(`hosts: { h: local }\n${text}`);
    expect(diagnostics).toEqual([]);
    return topology!.stacks['s']!.services['web'];
  };

  test('what a map says itself wins, before and after the merge key', () => {
    const base = 'x-base: &base { image: base, restart: always, labels: { a: base } }\n';
    const web = image(
      `${base}stacks: { s: { host: h, services: { web: { image: own, <<: *base, labels: { b: own } } } } }`,
    );
    expect(web).toMatchObject({ image: 'own', restart: { name: 'always' }, labels: { b: 'own' } });
  });

  test('of several merged maps the first wins', () => {
    const bases = 'x-a: &a { image: a }\nx-b: &b { image: b, restart: always }\n';
    const web = image(`${bases}stacks: { s: { host: h, services: { web: { <<: [*a, *b] } } } }`);
    expect(web).toMatchObject({ image: 'a', restart: { name: 'always' } });
  });

  test('a merge may merge, and an anchor may be given again', () => {
    const bases = 'x-a: &a { image: a }\nx-b: &b { <<: *a, restart: always }\nx-c: &a { image: c }\n';
    const web = image(`${bases}stacks: { s: { host: h, services: { web: { <<: *b }, other: *a } } }`);
    expect(web).toMatchObject({ image: 'a', restart: { name: 'always' } });
  });

  test('a quoted "<<" is a key like others', () => {
    expect(service('labels: { "<<": x }').labels).toEqual({ '<<': 'x' });
  });
});

describe('places', () => {
  const { locate } = read(
    'x-base: &base\n  image: base\nstacks:\n  s:\n    services:\n      a: *base\n      b:\n        <<: *base\n        ports:\n          - 80\n',
  );
  const at = (path: (string | number)[], of?: 'key' | 'value') => {
    const place = locate(path, of);
    return place && `${place.line}:${place.column}+${place.length}`;
  };

  test.each([
    [['stacks', 's'], 'key', '5:3+1'],
    [['stacks', 's', 'services', 'b', 'ports', 0], 'value', '11:13+2'],
    [['stacks', 's', 'services', 'b', 'ports'], 'key', '10:9+5'],
    [['stacks', 's', 'services', 'a', 'image'], 'value', '3:10+4'],
    [['stacks', 's', 'services', 'b', 'image'], 'value', '3:10+4'],
    [['stacks', 's', 'services', 'b', 'nothing', 'here'], 'value', '8:7+1'],
    [['stacks', 's', 'services', 'b', 'ports', 7], 'value', '10:9+5'],
  ] as const)('%j by its %s', (path, of, expected) => {
    expect(at([...path], of)).toBe(expected);
  });
});

test('numbers keep what a double would lose', () => {
  expect(service('labels: { a: 12345678901234567890, b: 0x10, c: 1.5 }').labels).toEqual({
    a: '12345678901234567890',
    b: '16',
    c: '1.5',
  });
});

const noise = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        'name: ',
        'hosts:',
        '\n',
        '  ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '&a ',
        '*a',
        '<<: ',
        '${',
        '}',
        '$A',
        ':-',
        '"',
        "'",
        '|',
        '>',
        '? ',
        ': ',
        '!t ',
        '#',
        'x',
        '\t',
        '---\n',
        'stacks:',
        'switches:',
        'kind: vxlan',
      ),
    )
    .map(parts => parts.join('')),
);

test('no text makes it throw: it is read or told what is wrong', () => {
  fc.assert(
    fc.property(noise, text => {
      const { topology, diagnostics } = readTopology({
        path: 't',
        text,
        directory: '/',
        environment: { A: '1' },
      });
      expect(topology === undefined).toBe(diagnostics.some(d => d.severity === 'error'));
    }),
    { numRuns: 300 },
  );
});

const word = fc.constantFrom(
  'h',
  's',
  'web',
  'overlay',
  'local',
  'sandbox',
  'vxlan',
  'bridge',
  's/web',
  '10.1.1.0/24',
  '10.1.1.2',
  '80:80',
  'data:/d',
  '$A',
  '',
  '-',
  '2s',
);
const keyword = fc.constantFrom(
  ...[
    'name',
    'hosts',
    'stacks',
    'switches',
    'checks',
    'links',
    'include',
    'host',
    'services',
    'networks',
    'volumes',
    'image',
    'command',
    'ports',
    'environment',
    'labels',
  ],
  ...[
    'kind',
    'vni',
    'subnet',
    'range',
    'mode',
    'fabric',
    'switch',
    'address',
    'ipam',
    'config',
    'from',
    'ping',
    'http',
    'to',
    'expect',
    'ssh',
    'sandbox',
    'underlay',
    'h',
    's',
    'web',
    'overlay',
    'source',
    'type',
    'target',
    'published',
    'toString',
    '0',
  ],
);
const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.double()),
    fc.dictionary(keyword, tie('tree'), { maxKeys: 6, noNullPrototype: true }),
    fc.array(tie('tree'), { maxLength: 4 }),
  ),
}));

test('no document makes it throw, and every error has a place', () => {
  const shaped = fc.record(
    {
      name: word,
      hosts: tree,
      stacks: fc.dictionary(keyword, tree),
      switches: fc.dictionary(keyword, tree),
      checks: tree,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(tree, shaped), value => {
      const { diagnostics } = readTopology({
        path: 't',
        text: stringify(value),
        directory: '/',
        environment: {},
      });
      for (const diagnostic of diagnostics) {
        expect(diagnostic.place?.line).toBeGreaterThan(0);
        expect(diagnostic.place?.column).toBeGreaterThan(0);
        expect(diagnostic.summary).not.toContain('Invalid input');
      }
    }),
    { numRuns: 300 },
  );
});

test('5,000 services are read in a couple of seconds', () => {
  const one = (i: number): string =>
    `      s${i}: { image: busybox, command: [sleep, inf], environment: { A: "\${A:-1}" }, networks: [net], ports: ["${i + 1000}:80"] }\n`;
  const services = Array.from({ length: 5000 }, (_, i) => one(i)).join('');
  const started = performance.now();
  const { topology } = read(
    `hosts: { h: local }\nstacks:\n  s:\n    host: h\n    networks: { net: }\n    services:\n${services}`,
  );
  expect(Object.keys(topology!.stacks['s']!.services)).toHaveLength(5000);
  expect(performance.now() - started).toBeLessThan(40_000);
});
