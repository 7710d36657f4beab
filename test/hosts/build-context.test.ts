import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contextEntries, readContext } from '../../src/hosts/build-context.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'topo-test-'));
  mkdirSync(join(directory, 'docker'));
  mkdirSync(join(directory, 'src/deep'), { recursive: true });
  write('Dockerfile', 'FROM scratch');
  write('docker/Dockerfile', 'FROM scratch');
  write('src/a', 'a');
  write('src/deep/b', 'b');
  symlinkSync('a', join(directory, 'src/link'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(path: string, text: string): void {
  writeFileSync(join(directory, path), text);
}

const paths = (dockerfile = 'Dockerfile'): readonly string[] =>
  [...contextEntries(directory, dockerfile)].map(e => e.path);

test('all of it, parents first, links as links', () => {
  expect(paths()).toEqual([
    ...['Dockerfile', 'docker', 'docker/Dockerfile'],
    ...['src', 'src/a', 'src/deep', 'src/deep/b', 'src/link'],
  ]);
  expect([...contextEntries(directory, 'Dockerfile')].at(-1)).toMatchObject({ type: 'symlink', link: 'a' });
});

test('not what .dockerignore leaves out, but the Dockerfile and itself all the same', () => {
  write('.dockerignore', '*\n!src/deep/b\n');
  expect(paths()).toEqual(['.dockerignore', 'Dockerfile', 'src/deep/b']);
  write('.dockerignore', 'docker\n*file\nsrc\n');
  expect(paths('docker/Dockerfile')).toEqual(['.dockerignore', 'docker/Dockerfile']);
});

test('the digest is of contents, names and modes, not of times and of what is left out', () => {
  const digest = (): string => {
    const read = readContext(directory, 'Dockerfile');
    if (read.is !== 'read') throw new Error(read.why);
    return read.digest;
  };
  write('.dockerignore', 'src/deep');
  const first = digest();
  utimesSync(join(directory, 'src/a'), 1, 1);
  write('src/deep/b', 'other');
  expect(digest()).toBe(first);
  chmodSync(join(directory, 'src/a'), 0o755);
  const second = digest();
  expect(second).not.toBe(first);
  write('src/a', 'c');
  expect(digest()).not.toBe(second);
});

test('what can not be one says why', () => {
  expect(readContext(join(directory, 'none'), undefined)).toMatchObject({ is: 'unreadable' });
  expect(readContext(join(directory, 'src/a'), undefined)).toMatchObject({ why: 'it is not a directory' });
  expect(readContext(directory, 'none')).toMatchObject({ why: 'there is no none in it' });
  expect(readContext(directory, undefined)).toMatchObject({ is: 'read' });
});
