import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sortDiagnostics } from '../../src/core/index.js';
import { renderDiagnostics } from '../../src/render/diagnostics.js';
import { resolve } from '../../src/resolve/index.js';
import { readTopology } from '../../src/topology/index.js';
import { caseInput } from './case-files.js';

const cases = new URL('../golden/diagnostics/', import.meta.url);

/** A case is files, see caseInput, and what is said in expected.txt (UPDATE_GOLDEN=1 writes it). */
test.each(readdirSync(cases).sort())('wrong file: %s', name => {
  const said = diagnose(new URL(`${name}/`, cases));
  const expected = new URL(`${name}/expected.txt`, cases);
  if (process.env['UPDATE_GOLDEN']) writeFileSync(expected, said);
  expect(said).toBe(readFileSync(expected, 'utf8'));
  expect(said).not.toBe('');
});

function diagnose(directory: URL): string {
  const input = caseInput(directory);
  const { topology, diagnostics, locate } = readTopology(input);
  const resolved = topology ? resolve(topology, locate, input.environment).diagnostics : [];
  return renderDiagnostics(sortDiagnostics([...diagnostics, ...resolved]), { color: false });
}
