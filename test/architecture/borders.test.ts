import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MAY_IMPORT, RULES } from '../config/borders.js';
import { violations } from './cruise.js';

const ROOT = new URL('../..', import.meta.url).pathname;
const made: string[] = [];
afterAll(() => made.forEach(path => rmSync(path, { recursive: true })));

/** A small src in a directory of its own, every folder with the index.ts that a command leads to. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'topo-borders-'));
  made.push(root);
  const whole: Record<string, string> = {
    'package.json': '{"type":"module","dependencies":{"listr2":"*"}}',
    ...files,
  };
  for (const [path, text] of Object.entries(whole)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('src keeps to its borders', async () => {
  expect(await violations(ROOT)).toEqual([]);
});

/** What each rule must catch: files, and the violation that they give. */
const CRIMES: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string]>> = {
  'a stage that knows another stage': [
    { 'src/plan/index.ts': `import '../hosts/index.js';`, 'src/hosts/index.ts': 'export {};' },
    'border-of-plan: src/plan/index.ts → src/hosts/index.ts',
  ],
  'a stage that knows the type of another': [
    {
      'src/plan/index.ts': `import type { A } from '../hosts/index.js'; export type B = A;`,
      'src/hosts/index.ts': 'export type A = 1;',
    },
    'border-of-plan: src/plan/index.ts → src/hosts/index.ts',
  ],
  'core that imports anything': [
    { 'src/core/index.ts': `import '../tools/index.js';`, 'src/tools/index.ts': 'export {};' },
    'border-of-core: src/core/index.ts → src/tools/index.ts',
  ],
  'render that runs something of app': [
    {
      'src/render/index.ts': `import { a } from '../app/index.js'; a();`,
      'src/app/index.ts': 'export const a = () => 1;',
    },
    'border-of-render: src/render/index.ts → src/app/index.ts',
  ],
  'a folder entered by its back door': [
    { 'src/plan/index.ts': `import '../core/secret.js';`, 'src/core/secret.ts': 'export {};' },
    'enter-by-index: src/plan/index.ts → src/core/secret.ts',
  ],
  'a ring': [
    { 'src/plan/a.ts': `import './b.js';`, 'src/plan/b.ts': `import './a.js';` },
    'no-cycles: src/plan/a.ts → src/plan/b.ts',
  ],
  'a stage that reads files': [
    { 'src/plan/index.ts': `import { readFileSync } from 'node:fs'; readFileSync('/');` },
    'the-world-at-the-edge: src/plan/index.ts → fs',
  ],
  'a stage that starts processes': [
    { 'src/tools/index.ts': `import { exec } from 'child_process'; exec('');` },
    'the-world-at-the-edge: src/tools/index.ts → child_process',
  ],
  'a command that loads app at once': [
    {
      'src/commands/up.ts': `import { a } from '../app/index.js'; a();`,
      'src/app/index.ts': 'export const a = () => 1;',
    },
    'commands-load-lazily: src/commands/up.ts → src/app/index.ts',
  ],
  'a module that nothing leads to': [
    { 'src/app/index.ts': 'export {};', 'src/plan/dead.ts': 'export {};' },
    'no-dead-modules: src/plan/dead.ts → src/plan/dead.ts',
  ],
  'src that imports a test': [
    { 'src/app/index.ts': `import '../../test/x.js';`, 'test/x.ts': 'export {};' },
    'no-tests-in-src: src/app/index.ts → test/x.ts',
  ],
  'a folder that the map does not have': [
    { 'src/utils/index.ts': `import '../core/index.js';`, 'src/core/index.ts': 'export {};' },
    'known-folders-only: src/utils/index.ts → src/core/index.ts',
  ],
  'a package by another door': [
    {
      'src/app/index.ts': `import 'listr2';`,
      'node_modules/listr2/package.json': '{"name":"listr2","version":"1.0.0","main":"index.js"}',
      'node_modules/listr2/index.js': '',
    },
    'door-of-listr2: src/app/index.ts → node_modules/listr2/index.js',
  ],
  'an import that leads nowhere': [
    { 'src/app/index.ts': `import './gone.js';` },
    'no-unresolvable: src/app/index.ts → ./gone.js',
  ],
};

test.each(Object.entries(CRIMES))('caught: %s', async (_, [files, violation]) => {
  expect(await violations(tree(files))).toContain(violation);
});

test('what is allowed is not caught', async () => {
  const files = {
    'src/commands/up.ts': `export const run = async () => (await import('../app/index.js')).a;`,
    'src/app/index.ts': `import { isIP } from '../core/index.js'; import '../hosts/index.js'; export const a = isIP;`,
    'src/hosts/index.ts': `import { readFileSync } from 'node:fs'; readFileSync('/');`,
    'src/core/index.ts': `export * from './ip.js';`,
    'src/core/ip.ts': `export { isIP } from 'node:net';`,
  };
  expect(await violations(tree(files))).toEqual([]);
});

test('every rule says why it exists', () => {
  expect(RULES.filter(rule => (rule.comment ?? '').length < 20)).toEqual([]);
});

test('every folder of the table is known to the others by its right name', () => {
  const known = Object.keys(MAY_IMPORT);
  expect(
    Object.values(MAY_IMPORT)
      .flat()
      .filter(name => !known.includes(name)),
  ).toEqual([]);
});
