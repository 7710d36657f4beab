import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { userspaceScripts } from '../../src/tools/userspace.js';

const [own, other] = ['a1'.repeat(32), 'b2'.repeat(32)];

test('of a container that is gone nothing is left where VPPs meet, and of others all', () => {
  const base = mkdtempSync(join(tmpdir(), 'cni-'));
  onTestFinished(() => rmSync(base, { recursive: true }));
  for (const name of [own, other, 'shared']) mkdirSync(join(base, name));
  const sockets = [own, other].flatMap(id => [
    `memif-${id.slice(0, 12)}-eth1.sock`,
    `${id.slice(0, 12)}-eth2`,
  ]);
  for (const file of [`${own}/configData-x.json`, ...sockets.map(name => `shared/${name}`)])
    writeFileSync(join(base, file), '');
  const gone = (id: string): unknown =>
    execFileSync('sh', ['-c', userspaceScripts['cni-gone'].replaceAll('/var/run/vpp/cni', base), 'x', id]);
  gone(own);
  gone(own);
  expect(readdirSync(base).sort()).toEqual([other, 'shared']);
  expect(readdirSync(join(base, 'shared')).sort()).toEqual(sockets.slice(2).sort());
  expect(() => gone('')).toThrow();
  expect(readdirSync(base)).toHaveLength(2);
});
