import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { readTopology } from '../../src/topology/index.js';
import { renderDiagnostics } from '../../src/render/diagnostics.js';
import { caseInput } from './case-files.js';

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
  ...{ replicas: '1', pullPolicy: '"missing"', readOnly: 'false', restart: '{"name":"no"}' },
  ...{ external: 'false', internal: 'false', acceptNewHostKey: 'false' },
};
