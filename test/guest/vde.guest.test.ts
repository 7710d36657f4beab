import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applied, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { snapshot } from '../support/snapshot.js';
import { guestMissing } from './guest.js';
import { startVdeGuest } from './vde-guest.js';

const NAME = ownName('vdeguest');
const why = guestMissing();

/** The example of two VDE switches, with the guest that it leaves to its reader. */
describe.skipIf(why !== undefined)(`a QEMU guest on a VDE switch${why ? `: ${why}` : ''}`, () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  let before: string;

  beforeAll(async () => {
    before = await snapshot();
    space = await workspace('vde.yaml', NAME);
    expect((await applied(space)).remaining).toEqual([]);
  });
  afterAll(() => space?.[Symbol.asyncDispose]());

  test('leases an address of a container, and reaches containers on its switch and on that of another host, and they it', async () => {
    const { stdout } = await topo(['ps'], space);
    const netdev = /sim: .* (-netdev vde,id=sim,sock=\S+)/.exec(stdout)?.[1];
    await using guest = await startVdeGuest(`${NAME}-left`, netdev!, ['192.168.123.2', '192.168.123.3']);
    expect(guest.said).toEqual([
      expect.stringMatching(/^leased 192\.168\.123\.1[01]\d$/),
      '192.168.123.2 pinged, near',
      '192.168.123.3 pinged, far',
      'done',
    ]);
    const address = guest.said[0]!.split(' ')[1]!;
    for (const from of ['lab/web', 'away/web']) {
      const ping = await topo(['exec', from, '--', 'ping', '-c', '1', '-W', '5', address], space);
      expect(ping, ping.stdout).toMatchObject({ code: 0 });
    }
    expect((await topo(['ps'], space)).stdout).toContain('sim: 4 of 16 ports in use');
    expect(await planned(space)).toEqual([]);
  });

  test('down leaves nothing', async () => {
    const down = await topo(['down', '-v'], space);
    expect(down, down.stderr).toMatchObject({ code: 0 });
    expect(await snapshot()).toBe(before);
  });
});
