import { parseInterface } from '../../../../src/core/index.js';
import type { Call, Commands } from '../cli.js';
import { fail, refuse } from '../cli.js';
import type { Input } from '../input.js';
import { anything, mac, number } from '../input.js';
import type { Tap } from '../kernel.js';
import { lowestFree, Pool } from '../pool.js';
import type { Port } from '../port.js';
import type { Vpp } from '../vpp.js';
import { addPort, family, portOf, randomMac, removePort } from '../vpp.js';
import { queueLines } from './queues.js';
import { describeTap } from './show-tap.js';

/** A tap that VPP holds the other end of. */
export interface Made {
  readonly slot: number;
  readonly id: number;
  readonly options: Options;
  readonly hostMac: string;
  readonly tap: Tap;
  readonly port: Port;
}

const TAPS = { name: 'tap', fresh: () => new Pool<Made>() };

export const tapCommands: Commands = {
  'create tap': create,
  'delete tap': remove,
  'show tap': ({ vpp, input, say }) => {
    const all = family(vpp, TAPS).all();
    const name = input.peek();
    const named = input.read(() => all.find(({ port }) => port.name === name));
    if (named === undefined && !input.ended) fail(`unknown input ${input.quoted}`);
    say(...(named ? [named] : all).flatMap(describeTap));
  },
};

const withLength = (word: string): string | undefined => (parseInterface(word) ? word : undefined);

const OPTIONS = {
  id: number,
  'if-name': anything,
  'hw-addr': mac,
  'num-rx-queues': number,
  'rx-ring-size': number,
  'host-ns': anything,
  'host-if-name': anything,
  'host-mac-addr': mac,
  'host-mtu-size': number,
  'host-bridge': anything,
  'host-ip4-addr': withLength,
  'host-ip6-addr': withLength,
  'host-ip4-gw': anything,
  gso: 'alone',
  persist: 'alone',
  attach: 'alone',
} as const;

export type Options = ReturnType<typeof readOptions>;

const readOptions = (line: Input) => line.options(OPTIONS);

const NO_VHOST = "open '/dev/vhost-net': No such file or directory";

/** The largest id that a tap can have. */
const HIGHEST = 8192;

function create({ vpp, input, say }: Call): void {
  const line = input.line();
  const options = readOptions(line);
  if (['tun', 'packed', 'in-order', 'consistent-qp'].includes(line.peek()))
    refuse(`a tap with ${line.peek()}`);
  if (!line.ended) fail("unknown input `'");
  if (options['host-bridge'] !== undefined && options['host-ip4-addr'] !== undefined)
    fail('Please specify either host ip address or host bridge');
  const taps = family(vpp, TAPS);
  const taken = new Set(taps.all().map(made => made.id));
  const id = options.id ?? lowestFree(taken);
  if (id > HIGHEST) fail('cannot find free interface id');
  if (taken.has(id)) fail('interface already exists');
  const space = options['host-ns'];
  if (space !== undefined && !vpp.kernel.hasNamespace(space))
    fail(`clib_netns_open '${space}': No such file or directory`);
  if (!vpp.kernel.hasVhostNet()) fail(NO_VHOST);
  const hostMac = options['host-mac-addr'] ?? randomMac(vpp);
  const tap = openTap(vpp, options, hostMac);
  const made = taps.add(slot => ({
    slot,
    id,
    options,
    hostMac,
    tap,
    port: newPort(vpp, slot, id, options, tap),
  }));
  say(made.port.name);
}

function openTap(vpp: Vpp, options: Options, mac: string): Tap {
  const tap = vpp.kernel.makeTap({
    name: options['host-if-name']?.slice(0, 15),
    namespace: options['host-ns'],
    mac,
    mtu: options['host-mtu-size'],
    addresses: [options['host-ip4-addr'], options['host-ip6-addr']].filter(text => text !== undefined),
    gateway: options['host-ip4-gw'],
  });
  return typeof tap === 'string' ? fail(tap) : tap;
}

function newPort(vpp: Vpp, slot: number, id: number, options: Options, tap: Tap): Port {
  return addPort(vpp, {
    name: options['if-name'] ?? `tap${id}`,
    kind: 'tap',
    mac: options['hw-addr'] ?? randomMac(vpp),
    behind: {
      // The Linux side is not followed.
      link: () => true,
      queues: () => queueLines('polling', options['num-rx-queues'], 1),
      details: () => [
        '  VIRTIO interface',
        `     instance ${slot}`,
        '       RX QUEUE : Total Packets',
        '              0 : 0',
        '       TX QUEUE : Total Packets',
        '              0 : 0',
      ],
      close: tap.close,
    },
  });
}

function remove({ vpp, input }: Call): void {
  const line = input.line();
  if (line.ended) fail('Missing <interface>');
  const index = line.option('sw_if_index', number);
  const port = index === undefined ? line.read(name => portOf(vpp, name)) : vpp.ports.get(index);
  if (port === undefined && index === undefined) fail("unknown input `'");
  const made =
    family(vpp, TAPS)
      .all()
      .find(one => one.port === port) ?? fail('not a tap interface');
  family(vpp, TAPS).remove(made.slot);
  removePort(vpp, made.port);
}
