import { describe, expect, test } from 'vitest';
import { applied, topo } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing } from '../support/sandboxes.js';
import { befall, manyPorts, startVdeWorld } from '../support/vde-world.js';

const TIMES = 20;

describe.skipIf(sandboxesMissing() !== undefined)('a VDE switch with 100 ports', () => {
  test(`is repaired ${TIMES} times when it, its plugs or its containers are killed, and goes without a trace`, async () => {
    const name = ownName('vdelong');
    await using world = await startVdeWorld(manyPorts(name, 10, 10));
    expect((await applied(world.space)).remaining).toEqual([]);
    expect((await topo(['ps'], world.space)).stdout).toContain('v0: 100 of 100 ports in use');
    const told = await befall(world, name, TIMES);
    process.stdout.write(`${told.join('\n')}\n`);
    await world.hand('kill -9 $(pgrep -x vde_switch) $(pgrep -x vde_plug2tap | shuf -n 3)');
    const down = await topo(['down', '-v'], world.space);
    expect(down, down.stderr).toMatchObject({ code: 0 });
    const left =
      'pgrep -x vde_switch; pgrep -x vde_plug2tap; grep -o "/.*vde.*" /proc/net/unix; find /run/topo';
    expect(await world.hand(`{ ${left}; } 2>/dev/null || :`)).toBe('');
  });
});
