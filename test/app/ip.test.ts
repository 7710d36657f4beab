import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ip } from '../../src/app/index.js';
import type { Context, IpOptions } from '../../src/app/index.js';
import { renderAddresses } from '../../src/render/index.js';

const TEXT = `name: lab
hosts: { tera: ssh://tera, rog: ssh://rog }
switches:
  overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 }
  lan: { kind: bridge, host: tera, subnet: [10.0.0.0/24, 'fd00::/64'], address: 10.0.0.1 }
  wide: { kind: vxlan, mode: l2, vni: 2000, subnet: 10.2.0.0/24 }
stacks:
  shop:
    host: tera
    networks: { internal: { subnet: 172.30.0.0/16, fabric: { switch: overlay, address: 10.1.1.2 } } }
    services:
      web:
        image: web
        scale: 2
        networks: [internal]
        interfaces: [{ switch: lan, ip: [10.0.0.5, 'fd00::5'] }]
      fixed: { image: web, networks: { internal: { ipv4_address: 172.30.0.9 } } }
  db:
    host: rog
    services:
      pg: { image: pg, interfaces: [{ switch: wide, ip: none, mac: '02:00:00:00:00:01' }] }
      alone: { image: pg, network_mode: none }
links:
  - [{ at: 'shop/web#2:wan', ip: 10.9.0.1/30 }, { at: 'db/pg:wan', ip: 10.9.0.2/30 }]
  - [db/pg, lan]
  - [db/pg, 'rog:enp3s0']
`;

let directory: string;
let context: Context;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topo-ip-'));
  const file = join(directory, 'topo.yaml');
  await writeFile(file, TEXT);
  const nobody = (): never => {
    throw new Error('no host may be asked');
  };
  context = {
    file,
    environment: {},
    homedir: directory,
    emit: nobody,
    signal: new AbortController().signal,
    now: nobody,
    random: nobody,
  };
});
afterAll(() => rm(directory, { recursive: true }));

const bare = async (target: string, options: IpOptions = {}): Promise<readonly string[]> => {
  const found = await ip(context, { target, ...options });
  return renderAddresses(found, { color: false, bare: true }).split('\n');
};

test('all that the file decides, without a host', async () => {
  const text = renderAddresses(await ip(context), { color: false, bare: false });
  await expect(`${text}\n`).toMatchFileSnapshot('expected/ip.txt');
});

describe('of one', () => {
  test.each<[string, IpOptions, readonly string[]]>([
    ['shop/web:eth1', {}, []],
    ['shop/web:net1', {}, ['10.0.0.5', 'fd00::5', '10.0.0.6', 'fd00::6']],
    ['shop/web#1:net1', { family: 6 }, ['fd00::5']],
    ['shop/web#2:wan', {}, ['10.9.0.1']],
    ['shop/fixed', {}, ['172.30.0.9']],
    ['db/pg:wan', {}, ['10.9.0.2']],
  ])('%s %j', async (target, options, addresses) => {
    if (addresses.length > 0) expect(await bare(target, options)).toEqual(addresses);
    else await expect(bare(target, options)).rejects.toMatchObject({ code: 'name.unknown' });
  });

  test.each<[string, IpOptions, message: string, hint: string]>([
    ['shop/wbe', {}, 'no service shop/wbe in topology lab', 'did you mean shop/web?'],
    ['db/pg:wn', {}, 'db/pg has no wn', 'did you mean db/pg:wan?'],
    ['db/alone:x', {}, 'db/alone has no x', 'it has none'],
    ['db/pg:eth1', {}, 'db/pg:eth1 has no address', '`topo ip` shows what has which'],
    ['db/pg:wan', { family: 6 }, 'db/pg:wan has no IPv6 address', '`topo ip` shows what has which'],
  ])('%s %j can’t be told', async (target, options, message, hint) => {
    await expect(bare(target, options)).rejects.toMatchObject({ message, hint });
  });
});
