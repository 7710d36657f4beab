import type { Call, Commands } from '../cli.js';
import { fail, refuse } from '../cli.js';
import { anything, mac, number } from '../input.js';
import { Pool } from '../pool.js';
import type { Port } from '../port.js';
import type { Vpp } from '../vpp.js';
import { addPort, family, portOf, randomMac, removePort } from '../vpp.js';
import { queueLines } from './queues.js';

interface Vhost {
  readonly slot: number;
  readonly socket: string;
  readonly server: boolean;
  readonly gso: boolean;
  readonly features: string;
  readonly port: Port;
}

const VHOSTS = { name: 'vhost-user', fresh: () => new Pool<Vhost>() };

export const vhostUserCommands: Commands = {
  'create vhost-user': create,
  'delete vhost-user': remove,
  'show vhost-user': show,
};

const hex = (word: string): string | undefined =>
  /^0x[0-9a-f]+$/i.test(word) ? word.toLowerCase() : undefined;

function create({ vpp, input, say }: Call): void {
  const line = input.line();
  if (line.ended) return;
  const given = line.options({
    socket: anything,
    server: 'alone',
    hwaddr: mac,
    renumber: number,
    gso: 'alone',
    'feature-mask': hex,
  });
  if (['packed', 'event-idx'].includes(line.peek())) refuse(`vhost-user ${line.peek()}`);
  if (!line.ended) fail(`unknown input ${line.quoted}`);
  const { socket = refuse('vhost-user without a socket'), server = false, gso = false } = given;
  const vhosts = family(vpp, VHOSTS);
  if (vhosts.all().some(vhost => vhost.socket === socket)) fail('vhost_user_create_if returned -79');
  if (server && !vpp.kernel.listen(socket)) fail('vhost_user_create_if returned -12');
  const { hwaddr, renumber, 'feature-mask': features = '0xfffffffbdfffa27c' } = given;
  const made = vhosts.add(slot => {
    const port = addPort(vpp, {
      name: `VirtualEthernet0/0/${renumber ?? slot}`,
      kind: 'vhost-user',
      mac: hwaddr ?? randomMac(vpp),
      // Nobody is ever attached to an emulated one.
      behind: {
        link: () => false,
        queues: () => queueLines('polling', 1, 1).slice(0, 3),
        close: () => server && vpp.kernel.unlisten(socket),
      },
    });
    return { slot, socket, server, gso, features, port };
  });
  say(made.port.name);
}

function remove({ vpp, input }: Call): void {
  const line = input.line();
  if (line.ended) return;
  const index = line.option('sw_if_index', number);
  const port = index === undefined ? line.read(name => portOf(vpp, name)) : vpp.ports.get(index);
  if (port === undefined && index === undefined) fail(`unknown input ${line.quoted}`);
  const vhost =
    family(vpp, VHOSTS)
      .all()
      .find(one => one.port === port) ?? fail('Not a vhost interface');
  family(vpp, VHOSTS).remove(vhost.slot);
  removePort(vpp, vhost.port);
}

function show({ vpp, input, say }: Call): void {
  const all = family(vpp, VHOSTS).all();
  const name = input.peek();
  const named = input.read(() => all.find(({ port }) => port.name === name));
  if (named === undefined && !input.take('descriptors') && !input.ended)
    fail(`unknown input ${input.quoted}`);
  say(...head(vpp), ...(named ? [named] : all).flatMap(block));
}

function head(vpp: Vpp): readonly string[] {
  const all = family(vpp, VHOSTS).all();
  return [
    'Virtio vhost-user interfaces',
    'Global:',
    '  coalesce frames 32 time 5e-1',
    '  Number of rx virtqueues in interrupt mode: 0',
    `  Number of GSO interfaces: ${all.filter(({ gso }) => gso).length}`,
    `  Thread 0: Polling queue count ${all.length}`,
  ];
}

function block({ port, gso, features, socket, server }: Vhost): readonly string[] {
  const [type, errno] = server ? ['server', 'Success'] : ['client', 'No such file or directory'];
  return [
    `Interface: ${port.name} (ifindex ${port.index})`,
    '  Number of qids 2',
    ...(gso ? ['  GSO enable'] : []),
    'virtio_net_hdr_sz 0',
    ` features mask (${features}): `,
    ' features (0x0): ',
    '  protocol features (0x0)',
    '',
    ` socket filename ${socket} type ${type} errno "${errno}"`,
    '',
    ' rx placement: ',
    '   thread 0 on vring 1, polling',
    ' tx placement',
    '',
    ' Memory regions (total 0)',
    '',
  ];
}
