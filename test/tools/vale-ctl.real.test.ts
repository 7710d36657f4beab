import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { attachPort } from '../../src/tools/index.js';
import { valeScripts } from '../../src/tools/vale-ctl.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('valectl');
const records = `/run/topo/${NAME}/vale`;
const bin = mkdtempSync(join(tmpdir(), 'topo-vale-'));

afterAll(() => {
  rmSync(`/run/topo/${NAME}`, { recursive: true, force: true });
  rmSync(bin, { recursive: true });
});

test('what stays in the list when it is to be attached anew is not taken for attached', () => {
  // A program of netmap holds the device of before: nothing can be done to it.
  const ctl = join(bin, 'vale-ctl');
  const busy = 'failed to detach valev0:lo: Device or resource busy';
  writeFileSync(
    ctl,
    `#!/bin/sh\necho 'sudo: unable to resolve host lab: Name or service not known' >&2\n[ $# -gt 0 ] || { echo 'valev0:lo bridge_idx 0 port_idx 0'; exit 1; }\necho '${busy}' >&2; exit 1\n`,
  );
  execFileSync('chmod', ['+x', ctl]);
  mkdirSync(records, { recursive: true });
  writeFileSync(join(records, 'valev0:lo'), '4711 generic a/vale_port/x\n');

  const port = {
    switch: 'valev0',
    device: 'lo',
    hostStack: false,
    driver: 'generic',
    id: 'a/vale_port/x',
  } as const;
  const step = attachPort({ topology: NAME, ctl: [ctl] }, port);
  const args = step.via === 'script' ? step.args.map(String) : [];
  const { status, stderr } = spawnSync('sh', ['-c', valeScripts['vale-attach'], 'sh', ...args], {
    encoding: 'utf8',
  });

  expect({ status, stderr: stderr.split('\n').slice(-2) }).toEqual({
    status: 1,
    stderr: [`${busy}; a program of netmap may hold it`, ''],
  });
  expect(readFileSync(join(records, 'valev0:lo'), 'utf8')).toBe('4711 generic a/vale_port/x\n');
});
