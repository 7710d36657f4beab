import type { Call, Commands } from '../cli.js';
import { fail, refuse } from '../cli.js';
import { anything, mac, number } from '../input.js';
import type { Values } from '../input.js';
import type { Attachment } from '../kernel.js';
import type { Behind, Port } from '../port.js';
import { addPort, family, portOf, randomMac, removePort } from '../vpp.js';
import { count, queueLines } from './queues.js';

/** Ports on a Linux device, by its name. */
const ATTACHED = { name: 'host-interface', fresh: () => new Map<string, Port>() };

const OPTIONS = {
  name: anything,
  'hw-addr': mac,
  'num-rx-queues': number,
  'num-tx-queues': number,
  'qdisc-bypass-disable': 'alone',
  'cksum-gso-disable': 'alone',
  v2: 'alone',
} as const;

type Options = Values<typeof OPTIONS>;

export const hostInterfaceCommands: Commands = {
  'create host-interface': create,
  'delete host-interface': remove,
  'set host-interface l4-cksum-offload': ({ vpp, input }) => {
    const port = input.read(name => portOf(vpp, name));
    if (port === undefined) fail(`unknown input ${input.quoted.replace(/^`/, "'")}`);
    if (!input.take('on', 'off')) refuse('l4-cksum-offload without on or off');
  },
};

function create({ vpp, input, say }: Call): void {
  const line = input.line();
  if (line.ended) return;
  const options = line.options(OPTIONS);
  if (line.peek() === 'mode') refuse('host-interface in mode ip');
  if (!line.ended) fail(`unknown input ${line.quoted}`);
  const { name } = options;
  if (name === undefined) refuse('create host-interface without a name');
  const attached = family(vpp, ATTACHED);
  const known = attached.get(name);
  if (known !== undefined) return say(known.name);
  const attachment = vpp.kernel.attach(name) ?? fail('Invalid interface name');
  const port = addPort(vpp, {
    name: `host-${name}`,
    kind: 'host',
    mac: options['hw-addr'] ?? randomMac(vpp),
    behind: behind(attachment, options),
  });
  attached.set(name, port);
  say(port.name);
}

/** Only the Linux name counts, and nothing is said of one that there is not. */
function remove({ vpp, input }: Call): void {
  const line = input.line();
  if (line.ended) return;
  const name = line.option('name', anything);
  if (name === undefined || !line.ended) fail(`unknown input ${line.quoted}`);
  const attached = family(vpp, ATTACHED);
  const port = attached.get(name);
  if (port === undefined) return;
  attached.delete(name);
  removePort(vpp, port);
}

function behind(attachment: Attachment, options: Options): Behind {
  return {
    // The carrier is not followed: up whatever happens to the device.
    link: () => true,
    queues: () => queueLines('interrupt', options['num-rx-queues'], options['num-tx-queues']),
    details: () => details(attachment, options),
    setUp: attachment.setUp,
    setMac: attachment.setMac,
    setMtu: bytes => {
      const code = attachment.setMtu(bytes + 44);
      return code === undefined
        ? undefined
        : `System call error #1 (netlink error: vnet_netlink_set_link_mtu: set link mtu vnet_netlink_msg_send: netlink error -${code})`;
    },
    waiting: attachment.waiting,
    close: attachment.close,
  };
}

const OFFLOADS = ['rx checksum', 'tx checksum', 'tcp segmentation offload', 'generic segmentation offload'];

function details(attachment: Attachment, options: Options): readonly string[] {
  const offloads = OFFLOADS.map(name => `     ${name}`);
  return [
    '  Linux PACKET socket interface v3',
    '  FEATURES:',
    ...(options['qdisc-bypass-disable'] === undefined ? ['    qdisc-bpass-enabled'] : []),
    ...(options['cksum-gso-disable'] === undefined ? ['    cksum-gso-enabled'] : []),
    ...((options['num-rx-queues'] ?? 1) > 1 ? ['    fanout-enabled'] : []),
    '  Host Interface Offload:',
    '    creation time:',
    ...offloads,
    '    now:',
    ...(attachment.present() ? offloads : []),
    ...count(options['num-rx-queues']).flatMap(n => [
      `  RX Queue ${n}:`,
      '    block size:65536 nr:160  frame size:2048 nr:5120 next block:0',
    ]),
    ...count(options['num-tx-queues']).flatMap(n => [
      `  TX Queue ${n}:`,
      '    block size:69206016 nr:1  frame size:67584 nr:1024 next frame:0',
      `    available:${1024 - attachment.waiting()} request:${attachment.waiting()} sending:0 wrong:0 total:1024`,
    ]),
  ];
}
