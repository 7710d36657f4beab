import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applied, topo } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { sandboxesMissing } from '../support/sandboxes.js';
import { befall, startVdeWorld, type VdeWorld } from '../support/vde-world.js';

const NAME = ownName('vde');
const TIMES = 2;

const TOPOLOGY = `name: ${NAME}
hosts: { one: ssh://one }
switches:
  v0: { kind: vde, host: one, subnet: 10.0.0.0/24, fstp: true, ports: 12, group: nogroup, socket_mode: 0660, priority: 4096 }
  ring: { kind: vde, host: one, fstp: true }
  theirs: { kind: vde, host: one, socket_dir: /run/theirs, management_socket: /run/theirs.mgmt, subnet: 10.0.0.0/24 }
x-pc: &pc { image: topo/busybox, command: [sleep, infinity], stop_signal: SIGKILL }
stacks:
  s:
    host: one
    services:
      a: { <<: *pc, interfaces: [{ switch: v0, ip: 10.0.0.1 }] }
      far: { <<: *pc, interfaces: [{ switch: ring, ip: 10.0.0.2/24 }] }
      red: { <<: *pc, scale: 2, interfaces: [{ switch: v0, ip: 10.0.0.3, vlan: 10 }] }
      trunk: { <<: *pc, interfaces: [{ switch: v0, ip: 10.0.0.9, vlan: { trunk: [20], native: 10 } }] }
      guest: { <<: *pc, interfaces: [{ switch: theirs, ip: 10.0.0.1 }] }
      tagged: { <<: *pc, interfaces: [{ switch: theirs, ip: 10.0.0.7, vlan: 7 }] }
links:
  - [v0, ring]
  - [v0, ring]
checks:
  - { from: s/a, ping: s/far }
  - { from: s/red, ping: 's/red#2' }
  - { from: s/red, ping: s/trunk }
  - { from: s/a, ping: s/red, expect: unreachable }
  - { from: s/guest, ping: s/tagged, expect: unreachable }
`;

const THEIRS = 'vde_switch -s /run/theirs -M /run/theirs.mgmt -n 9 -f /dev/null -d';

describe.skipIf(sandboxesMissing() !== undefined)('VDE switches', () => {
  let world: VdeWorld;
  let before: string;

  beforeAll(async () => {
    world = await startVdeWorld(TOPOLOGY);
    before = await world.look();
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  test('one that somebody else is to run is refused where nobody does', async () => {
    const up = await topo(['up'], world.space);
    expect(up.code).toBe(1);
    expect(up.stderr).toContain('no VDE switch runs in /run/theirs of host one');
  });

  test('come up, joined in a ring that their spanning tree opens, with VLANs; one of somebody else is joined', async () => {
    await world.hand(THEIRS);
    expect((await applied(world.space)).remaining).toEqual([]);
    const check = await topo(['check'], world.space);
    expect(check, check.stdout).toMatchObject({ code: 0 });
    const { stdout } = await topo(['ps'], world.space);
    expect(stdout).toContain(
      `v0: 6 of 12 ports in use; a QEMU guest joins with -netdev vde,id=v0,sock=/run/topo/${NAME}/vde/v0`,
    );
    expect(stdout).toContain('theirs: 2 ports in use');
    expect(await world.hand(`stat -c '%a %G' /run/topo/${NAME}/vde/v0/ctl`)).toBe('660 nogroup\n');
  });

  test('only what differs is changed: a container that was restarted, other VLANs, more ports', async () => {
    await world.hand(`docker restart -t 0 ${NAME}-s-a-1`);
    await edit(/trunk: \[20\], native: 10/, 'trunk: [21, 22], native: 10');
    await edit(/ports: 12/, 'ports: 14');
    const { planned, remaining } = await applied(world.space);
    expect(planned.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`).sort()).toEqual([
      'create tap s/a:eth1',
      'replace vde_plug s/a:eth1',
      'update vde_plug s/trunk:eth1',
      'update vde_switch v0',
    ]);
    expect(remaining).toEqual([]);
  });

  test(`are repaired ${TIMES} times when they, their plugs or their containers are killed`, async () => {
    expect.hasAssertions();
    await befall(world, NAME, TIMES);
  });

  test('down leaves nothing, and what somebody else runs as it was', async () => {
    await world.hand('kill -9 $(pgrep -f "[v]de_switch .*/v0.pid") $(pgrep -x vde_plug2tap | head -n 2)');
    const down = await topo(['down', '-v'], world.space);
    expect(down, down.stderr).toMatchObject({ code: 0 });
    expect(await world.hand('cd /run/theirs; ls -A; pgrep -c -x vde_switch')).toBe('ctl\n1\n');
    await world.hand(
      'kill $(pgrep -x vde_switch); while pgrep -x vde_switch >/dev/null; do sleep 0.05; done',
    );
    expect(await world.look()).toBe(before);
  });

  async function edit(from: RegExp, to: string): Promise<void> {
    const path = join(world.space.cwd, 'topo.yaml');
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(from);
    await writeFile(path, text.replace(from, to));
  }
});
