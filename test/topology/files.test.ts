import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { readTopology } from '../../src/topology/index.js';
import { renderDiagnostics } from '../../src/render/diagnostics.js';
import { caseInput } from './case-files.js';
import { read } from './reading.js';

const cases = new URL('../golden/files/', import.meta.url);

/** A case is files, see caseInput, and the topology that they make together in expected.yaml (UPDATE_GOLDEN=1 writes it). */
test.each(readdirSync(cases).sort())('files: %s', name => {
  const { topology, diagnostics } = readTopology(caseInput(new URL(`${name}/`, cases)));
  const said = renderDiagnostics(diagnostics, { color: false });
  const made = stringify({ topology: told(topology), ...(said && { said }) }, { lineWidth: 0 });
  const expected = new URL(`${name}/expected.yaml`, cases);
  if (process.env['UPDATE_GOLDEN']) writeFileSync(expected, made);
  expect(made).toBe(readFileSync(expected, 'utf8'));
  expect(topology).toBeDefined();
});

test('a chain of services that extend each other has an end, and each is read once', () => {
  const one = (i: number, n: number): string =>
    `s${i}: { ${i < n ? `extends: s${i + 1}` : 'image: a, cap_add: [A]'} }`;
  const chain = (n: number) => {
    const services = Array.from({ length: n + 1 }, (_, i) => one(i, n)).join(', ');
    return read(`hosts: { h: local }\nstacks: { s: { host: h, services: { ${services} } } }`);
  };
  expect(chain(90).topology!.stacks['s']!.services['s0']!.settings).toEqual({ capAdd: ['A'] });
  expect(chain(1000).diagnostics.some(d => d.code === 'extends.cycle')).toBe(true);
});

/** Without what says nothing: empty maps and lists, and what every service has by default. */
function told(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      JSON.stringify(inner) === DEFAULTS[key] || ['{}', '[]'].includes(JSON.stringify(inner))
        ? undefined
        : inner,
    ),
  );
}

const DEFAULTS: Readonly<Record<string, string>> = {
  ...{ replicas: '1', pullPolicy: '{"is":"missing"}', readOnly: 'false', restart: '{"name":"no"}' },
  ...{ external: 'false', internal: 'false', acceptNewHostKey: 'false' },
};
