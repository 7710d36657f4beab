import type { Call, Commands } from '../cli.js';
import { fail } from '../cli.js';
import type { Input } from '../input.js';
import { anything, mac, number } from '../input.js';
import type { MemifLink } from '../kernel.js';
import { Pool } from '../pool.js';
import type { Behind, Port } from '../port.js';
import type { Vpp } from '../vpp.js';
import { addPort, family, portOf, randomMac, removePort } from '../vpp.js';
import { memifSocketCommands, socketsOf, socketTable, type Socket } from './memif-socket.js';
import { queueLines } from './queues.js';

interface Memif {
  readonly slot: number;
  readonly id: number;
  readonly socket: Socket;
  readonly role: 'master' | 'slave';
  readonly options: Options;
  readonly port: Port;
  readonly link: MemifLink;
}

const MEMIFS = { name: 'memif', fresh: () => new Pool<Memif>() };

const OPTIONS = {
  id: number,
  'socket-id': number,
  'ring-size': number,
  'buffer-size': number,
  'hw-addr': mac,
  'rx-queues': number,
  'tx-queues': number,
  secret: anything,
  mode: (word: string) => (word === 'ip' ? word : undefined),
  master: 'alone',
  slave: 'alone',
  'no-zero-copy': 'alone',
} as const;

type Options = ReturnType<typeof readOptions>;

export const memifCommands: Commands = {
  ...memifSocketCommands,
  'create interface memif': create,
  'delete interface memif': remove,
  'show memif': show,
};

const readOptions = (line: Input) => line.options(OPTIONS);

/** Without a word and without an answer it does nothing at all. */
function create({ vpp, input }: Call): void {
  const line = input.line();
  if (line.ended) return;
  const options = readOptions(line);
  if (!line.ended) fail("unknown input `'");
  refuseSizes(options);
  const { id = 0, 'socket-id': at = 0 } = options;
  const role = options.master === true ? 'master' : 'slave';
  const socket = socketsOf(vpp).get(at) ?? fail('Invalid argument (unknown socket id)');
  if (socket.role !== undefined && socket.role !== role)
    fail('Subinterface already exists (socket file cannot be used by both master and slave)');
  const taken = family(vpp, MEMIFS).all();
  if (taken.some(memif => memif.socket === socket && memif.id === id))
    fail('Subinterface already exists (interface already exists)');
  if (role === 'master' && socket.users === 0) listen(vpp, socket);
  socket.role = role;
  socket.users += 1;
  add(vpp, socket, role, id, options);
}

function refuseSizes(options: Options): void {
  const { 'ring-size': ring = 1024, 'rx-queues': receive = 1, 'tx-queues': transmit = 1 } = options;
  if (Math.log2(ring) % 1 !== 0) fail('ring size must be power of 2');
  if (ring > 32_768) fail('maximum ring size is 32768');
  if (receive < 1 || receive > 255) fail('rx queue must be between 1 - 255');
  if (transmit < 1 || transmit > 255) fail('tx queue must be between 1 - 255');
}

function listen(vpp: Vpp, socket: Socket): void {
  if (vpp.kernel.listen(socket.filename)) return;
  socket.broken = true;
  fail(`bind (fd 13, '${socket.filename}'): No such file or directory`);
}

function add(vpp: Vpp, socket: Socket, role: Memif['role'], id: number, options: Options): void {
  const name = `memif${socket.id}/${id}`;
  const memifs = family(vpp, MEMIFS);
  memifs.add(slot => {
    const up = (): boolean => portOf(vpp, name)?.up === true;
    const link = vpp.kernel.memif({ role, path: socket.filename, id, name, up });
    const port = addPort(vpp, {
      name,
      kind: 'memif',
      mac: options['hw-addr'] ?? randomMac(vpp),
      mtu: options.mode === 'ip' ? 0 : 9000,
      behind: behind(slot, link),
    });
    return { slot, id, socket, role, options, port, link };
  });
}

function behind(slot: number, link: MemifLink): Behind {
  return {
    link: () => link.peer() !== undefined,
    queues: () => (link.peer() === undefined ? [] : queueLines('polling', 1, 1)),
    details: () => [
      '  MEMIF interface',
      `     instance ${slot}`,
      ...(link.peer() === undefined ? [] : RING_COUNTERS),
    ],
    close: link.close,
  };
}

const RING_COUNTERS = [
  '       master-to-slave ring 0',
  '         packets sent: 0',
  '         no tx slot: 0',
  '         max no tx slot: 0',
  '       slave-to-master ring 0',
  '         packets received: 0',
];

function remove({ vpp, input }: Call): void {
  const line = input.line();
  if (line.ended) return;
  const index = line.option('sw_if_index', number);
  const port = index === undefined ? line.read(name => portOf(vpp, name)) : vpp.ports.get(index);
  if (port === undefined && index === undefined) fail("unknown input `'");
  const memif =
    family(vpp, MEMIFS)
      .all()
      .find(one => one.port === port) ?? fail('not a memif interface');
  memif.socket.users -= 1;
  family(vpp, MEMIFS).remove(memif.slot);
  removePort(vpp, memif.port);
}

function show({ vpp, input, say }: Call): void {
  const memifs = family(vpp, MEMIFS).all();
  const name = input.peek();
  const named = input.read(() => memifs.find(({ port }) => port.name === name));
  if (named === undefined && name !== '' && portOf(vpp, name) === undefined)
    fail(`unknown input ${input.quoted}`);
  input.take('descriptors');
  say(...socketTable(vpp), ...(named ? [named] : memifs).flatMap(block));
}

function block({ id, socket, role, options, port, link }: Memif): readonly string[] {
  const peer = link.peer();
  const flags = [
    'flags',
    ...(port.up ? ['admin-up'] : []),
    ...(role === 'slave' ? ['slave'] : []),
    ...(peer === undefined ? [] : ['connected']),
    ...(role === 'slave' && options['no-zero-copy'] === undefined ? ['zero-copy'] : []),
  ];
  const { local, remote } = link.parting();
  const met = peer !== undefined || local !== undefined ? 1 : 0;
  const buffer = met === 1 && role === 'slave' ? 2048 : 0;
  return [
    `interface ${port.name}`,
    ...(peer ? ['  remote-name "VPP 25.10-release"', `  remote-interface "${peer}"`] : []),
    `  socket-id ${socket.id} id ${id} mode ${options.mode ?? 'ethernet'}`,
    `  ${flags.join(' ')}`,
    `  listener-fd ${role === 'master' ? 12 : 0} conn-fd ${peer ? 11 : 0}`,
    `  num-s2m-rings ${met} num-m2s-rings ${met} buffer-size ${buffer} num-regions ${peer ? 2 : 0}`,
    ...(peer ? rings(role) : []),
    ...(peer || local === undefined ? [] : [`  local-disc-reason "${local}"`]),
    ...(peer || remote === undefined ? [] : [`  remote-disc-reason "${remote}"`]),
  ];
}

function rings(role: Memif['role']): readonly string[] {
  const down = [
    '    master-to-slave ring 0:',
    '      region 0 offset 16512 ring-size 1024 int-fd 17',
    '      head 1024 tail 0 flags 0x0001 interrupts 0',
  ];
  const up = [
    '    slave-to-master ring 0:',
    '      region 0 offset 0 ring-size 1024 int-fd 16',
    '      head 0 tail 0 flags 0x0001 interrupts 0',
  ];
  const regions = ['  region 0 size 33024 fd 14', '  region 1 size 67108864 fd 15'];
  return [...regions, ...(role === 'master' ? [...down, ...up] : [...up, ...down])];
}
