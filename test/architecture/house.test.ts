import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;

/** Made by tools, or not part of what is published. */
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git', '.topo', '.cache']);

const files = walk('');
const sources = files.filter(path => /^src\/.*\.ts$/.test(path));

function walk(directory: string): string[] {
  const entries = readdirSync(join(ROOT, directory), { withFileTypes: true }).filter(
    e => !NOT_OURS.has(e.name),
  );
  return entries
    .flatMap(e =>
      e.isDirectory() ? walk(join(directory, e.name)) : e.isFile() ? [join(directory, e.name)] : [],
    )
    .sort();
}

function linesOf(path: string): string[] {
  return readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n');
}

/** `path:line` of every line of the repository that the pattern matches. */
function places(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap(path =>
    linesOf(path).flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}`] : [])),
  );
}

test('no source file is longer than 300 lines: what is, is two files', () => {
  expect(sources.filter(path => linesOf(path).length > 300)).toEqual([]);
});

test('the median source file has at most 80 lines', () => {
  const sizes = sources.map(path => linesOf(path).length).sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80);
});

test('file names are kebab-case', () => {
  expect(sources.filter(path => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path.split('/').at(-1)!))).toEqual([]);
});

test('names are exported, `default` only where oclif looks for it', () => {
  const others = sources.filter(path => !path.startsWith('src/commands/'));
  expect(places(/^export default\b/, others)).toEqual([]);
});

test('nothing is left for later and no rule is switched off in place', () => {
  const marks = new RegExp(
    ['TO' + 'DO', 'FIX' + 'ME', 'eslint-' + 'disable', '@ts-' + 'ignore', '@ts-' + 'nocheck'].join('|'),
  );
  expect(places(marks, files)).toEqual([]);
});

test('no file knows the machine that it was written on', () => {
  const checkout = ROOT.replace(/\/$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const workPlaces = /(^|[\s'"`(=:])\/(work|workspaces?|builds?|Users)\/[\w.-]/;
  expect(places(new RegExp(`${checkout}(/|\\b)`), files)).toEqual([]);
  expect(places(workPlaces, files)).toEqual([]);
});

test('what is of Linux on the machine topo runs on stands in `local` and `sandbox` alone', () => {
  // Scripts and lines that are sent to hosts are of Linux, as hosts are.
  const sent = /^src\/(tools\/|facts\/script\.ts|hosts\/(ending-line|leftovers)\.ts)/;
  const here = sources.filter(path => !sent.test(path));
  const marks = /getuid|process\.platform|^(?! *(\*|\/)).*(\/proc\/|\/run\/topo|\/sys\/)/;
  const found = [...new Set(places(marks, here).map(place => place.replace(/:\d+$/, '')))];
  expect(found).toEqual(['src/hosts/local.ts', 'src/hosts/sandbox.ts']);
});

test('the lockfile names no registry', () => {
  expect(places(/"resolved": "http/, ['package-lock.json'])).toEqual([]);
});

test('the top level holds what it may hold', () => {
  const known =
    /^(package(-lock)?\.json|tsconfig\.json|oclif\.manifest\.json|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|\..*|(src|topologies|schemas|test|bin)\/.*)$/;
  expect(files.filter(path => !known.test(path))).toEqual([]);
});

test('every folder of src has a test folder of its name', () => {
  const folders = [...new Set(sources.map(path => path.split('/')[1]!))];
  const tested = new Set(files.filter(path => path.startsWith('test/')).map(path => path.split('/')[1]!));
  expect(folders.filter(folder => !tested.has(folder))).toEqual([]);
});
