import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sortDiagnostics, type Diagnostic } from '../../src/core/index.js';
import { resolve } from '../../src/resolve/index.js';
import { readTopology } from '../../src/topology/index.js';
import { WRONG, wrongFiles } from './wrong.js';

const recorded = JSON.parse(
  readFileSync(new URL('../golden/compose/wrong.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;

/** What topo says of the stack that is made of a folder's Compose file. */
function said(name: string): readonly Diagnostic[] {
  const text = `{ name: t, hosts: { h: local }, stacks: { s: { host: h, compose: compose.yaml } } }`;
  const read = readTopology({
    path: 'topo.yaml',
    text,
    directory: '/lab',
    environment: { HOME: '/root' },
    readFile: path => {
      const file = new URL(`${name}/${path.replace('/lab/', '')}`, WRONG);
      return existsSync(file) ? { is: 'text', text: readFileSync(file, 'utf8') } : { is: 'missing' };
    },
  });
  const resolved = read.topology ? resolve(read.topology, read.locate, {}).diagnostics : [];
  return sortDiagnostics([...read.diagnostics, ...resolved]).filter(d => d.severity === 'error');
}

test.each(wrongFiles())('topo shows the place of what is wrong: %s', name => {
  const [first, ...more] = said(name);
  const file = first?.place?.file ?? 'compose.yaml';
  const lines = readFileSync(new URL(`${name}/${file}`, WRONG), 'utf8').split('\n');
  expect(first?.place).toMatchObject({ line: lines.findIndex(line => line.endsWith('# wrong')) + 1 });
  // Each service of a ring is told of.
  expect(more.filter(d => d.code !== first?.code)).toEqual([]);
});

test('what docker compose says stands beside what topo says', async () => {
  const table = wrongFiles().map(name => {
    const ours = said(name).flatMap(({ place, summary, hint }) => [
      `${place?.file}:${place?.line}:${place?.column}: ${summary}`,
      ...(hint === undefined ? [] : [`  ${hint}`]),
    ]);
    const theirs = recorded[name] || '(nothing)';
    return `${name}\n  docker compose\n${indented(theirs)}  topo\n${indented(ours.join('\n'))}`;
  });
  await expect(table.join('\n')).toMatchFileSnapshot('../golden/compose/wrong.txt');
});

function indented(text: string): string {
  return text
    .split('\n')
    .map(line => `    ${line}`.trimEnd() + '\n')
    .join('');
}
