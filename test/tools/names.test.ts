import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Step } from '../../src/core/index.js';
import {
  hostsFile,
  parseNames,
  readNamesArgv,
  removeNames,
  scriptArgv,
  writeNames,
} from '../../src/tools/index.js';

const MARK = 'topo:lab:abcdefghijkl';
const ENGINE = '127.0.0.1\tlocalhost\n172.30.0.2\t06036aa113ee\n';
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'topo-names-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function container(id: string, hosts: string): string {
  const file = hostsFile(root, id);
  mkdirSync(join(root, 'containers', id), { recursive: true });
  writeFileSync(file, hosts);
  return file;
}

function run(step: Step): { status: number | null; stderr: string } {
  if (step.via !== 'script') throw new Error(step.via);
  const [command, ...args] = scriptArgv(step.name, step.args);
  return spawnSync(command!, args, { input: step.stdin ?? '', encoding: 'utf8' });
}

const write = (file: string, lines: string): ReturnType<typeof run> =>
  run(writeNames(file, 'topo:lab:', MARK, lines, 'web'));
const read = (dataRoot = root): ReturnType<typeof parseNames> => {
  const [command, ...args] = readNamesArgv('lab', dataRoot);
  return parseNames(spawnSync(command!, args, { encoding: 'utf8' }).stdout);
};

describe('writing', () => {
  test('the block follows what the engine wrote, in the same file; written again it is replaced', () => {
    const file = container('c1', ENGINE);
    const { ino } = statSync(file);
    expect(write(file, '172.31.0.2 api.search\n')).toMatchObject({ status: 0, stderr: '' });
    const block = `# ${MARK} begin (written by topo)\n172.31.0.2 api.search\n# ${MARK} end\n`;
    expect(readFileSync(file, 'utf8')).toBe(ENGINE + block);
    write(file, '172.31.0.2 api.search\n');
    expect(readFileSync(file, 'utf8')).toBe(ENGINE + block);
    // A connect adds lines at the end: they stay.
    writeFileSync(file, `${ENGINE}${block}172.40.0.2\tmore\n`);
    write(file, '172.31.0.9 api.search\n');
    expect(readFileSync(file, 'utf8')).toBe(
      `${ENGINE}172.40.0.2\tmore\n${block.replace('31.0.2', '31.0.9')}`,
    );
    expect(statSync(file).ino).toBe(ino);
  });

  test('a block that was cut off, or bears the mark of another resource of the topology, goes as well', () => {
    const file = container('c1', `${ENGINE}# topo:lab:zzzzzzzzzzzz begin (written by topo)\n1.2.3.4 x\n`);
    write(file, '');
    expect(readFileSync(file, 'utf8')).toBe(`${ENGINE}# ${MARK} begin (written by topo)\n# ${MARK} end\n`);
  });

  test('removed, the file is as the engine left it; what is gone is no failure', () => {
    const file = container('c1', ENGINE);
    write(file, '172.31.0.2 api.search\n');
    expect(run(removeNames(file, 'topo:lab:', 'web'))).toMatchObject({ status: 0 });
    expect(readFileSync(file, 'utf8')).toBe(ENGINE);
    expect(run(removeNames(hostsFile(root, 'none'), 'topo:lab:', 'web'))).toMatchObject({ status: 0 });
  });

  test('nothing is written through a link or where there is no file', () => {
    const target = join(root, 'shadow');
    writeFileSync(target, 'secret');
    const file = container('c1', ENGINE);
    rmSync(file);
    symlinkSync(target, file);
    expect(write(file, '1.2.3.4 x\n').status).toBe(1);
    expect(readFileSync(target, 'utf8')).toBe('secret');
    const none = write(hostsFile(root, 'none'), '1.2.3.4 x\n');
    expect(none).toMatchObject({ status: 1 });
    expect(none.stderr).toContain('the container was made again or removed since the hosts were read');
  });
});

describe('reading', () => {
  test('gives what was written, by container, and nothing of other topologies or of the engine', () => {
    const [a, b] = [container('a', ENGINE), container('b', ENGINE)];
    container('c', `# topo:other:abcdefghijkl begin\n1.2.3.4 x\n# topo:other:abcdefghijkl end\n`);
    write(b, '172.31.0.2 api.search\n172.22.0.2 store.archive\n');
    write(a, '172.31.0.2 api.search\n172.22.0.2 store.archive\n');
    const { roots, blocks } = read();
    expect(roots).toContain(root);
    expect(blocks).toEqual(
      [a, b].map((file, i) => ({
        container: ['a', 'b'][i],
        file,
        mark: MARK,
        lines: '172.31.0.2 api.search\n172.22.0.2 store.archive\n',
      })),
    );
  });

  test('the same block is printed once, however many containers have it', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `172.30.0.${i} service-${i}.stack\n`).join('');
    for (let i = 0; i < 100; i++) write(container(`c${i}`, ENGINE), lines);
    const [command, ...args] = readNamesArgv('lab', root);
    const { stdout } = spawnSync(command!, args, { encoding: 'utf8' });
    expect(stdout.length).toBeLessThan(lines.length + 100 * 150);
    expect(read().blocks.map(b => b.lines)).toEqual(Array.from({ length: 100 }, () => lines));
  });

  test('what a container writes there can pass for nothing else', () => {
    const lines = '#topo# = 0\nroot /etc\nblock 7\nin topo:lab:x 7 /containers/b/hosts\n|x\n';
    container('a', `# ${MARK} begin\n${lines}# ${MARK} end\n`);
    expect(read()).toMatchObject({
      roots: [...new Set(['/var/lib/docker', root])].sort(),
      blocks: [{ lines }],
    });
  });

  test('a container that goes while they are read is no failure', () => {
    write(container('b', ENGINE), '172.31.0.2 api.search\n');
    mkdirSync(join(root, 'containers', 'a'));
    symlinkSync(join(root, 'gone'), hostsFile(root, 'a'));
    const [command, ...args] = readNamesArgv('lab', root);
    expect(spawnSync(command!, args, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(read().blocks).toMatchObject([{ container: 'b' }]);
  });

  test('no containers, no blocks', () => {
    expect(read().blocks).toEqual([]);
  });
});
