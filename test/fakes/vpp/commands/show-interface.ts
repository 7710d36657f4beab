import type { Call, Commands } from '../cli.js';
import { fail, refuse } from '../cli.js';
import type { Port } from '../port.js';
import { byName } from '../port.js';
import { centre, left } from '../text.js';
import type { Vpp } from '../vpp.js';
import { portOf } from '../vpp.js';
import { familyOf } from '../../../../src/core/index.js';

export const showInterfaceCommands: Commands = {
  'show interface': showInterface,
  'show interface rx-placement': showRxPlacement,
  'show mode': call => {
    const ports = takePorts(call);
    call.say(...(ports.length > 0 ? ports : call.vpp.ports.all()).map(port => mode(port)));
  },
  'show hardware-interfaces': showHardware,
};

const WORDS = ['addr', 'address', 'tag', 'vtr', 'verbose'];

const TABLE =
  '              Name               Idx    State  MTU (L3/IP4/IP6/MPLS)     Counter          Count     ';

/** Reads one line, the next one where its own says nothing more. */
function showInterface({ vpp, input: whole, say }: Call): void {
  const input = whole.ended ? whole : whole.line();
  const asked = new Set<string>();
  const ports: Port[] = [];
  for (;;) {
    if (['feat', 'features'].includes(input.peek())) refuse('show interface feat');
    const word = input.read(text => (WORDS.includes(text) ? text : undefined));
    if (word !== undefined) asked.add(word);
    else if (input.ended) break;
    else ports.push(input.read(name => portOf(vpp, name)) ?? fail(`unknown input ${input.quoted}`));
  }
  const shown = ports.length > 0 ? ports : sorted(vpp);
  // Of a tag and a rewrite only the last interface named counts.
  if (asked.has('tag')) {
    const port = ports.at(-1) ?? fail('Interface not specified...');
    say(`${port.name}: ${port.tag ?? '(none)'}`);
  } else if (asked.has('vtr')) {
    const port = ports.at(-1) ?? fail('Interface not specified...');
    say(`${port.name}:  VTR ${port.rewrite}`);
  } else if (asked.has('addr') || asked.has('address')) say(...shown.flatMap(port => addresses(vpp, port)));
  else say(TABLE, ...shown.map(row));
}

/** Every interface, by name. */
const sorted = (vpp: Vpp): readonly Port[] =>
  vpp.ports.all().toSorted((a, b) => byName(a.name, b.name) || a.index - b.index);

function row(port: Port): string {
  return (
    left(port.name, 32) +
    centre(port.index, 5) +
    centre(port.up ? 'up' : 'down', 10) +
    centre(port.mtu.join('/'), 21)
  );
}

function addresses(vpp: Vpp, port: Port): readonly string[] {
  const source = port.unnumbered;
  const state = `${port.name} (${port.up ? 'up' : 'dn'}):${source ? ' ' : ''}`;
  const own = (source ?? port).addresses;
  const byFamily = [4, 6].flatMap(family => own.filter(address => familyOf(address) === family));
  return [
    state,
    ...(source ? [`  unnumbered, use ${source.name}`] : []),
    ...where(vpp, port),
    ...byFamily.map(address => `  L3 ${address}${table(port, address)}`),
  ];
}

const table = (port: Port, address: string): string =>
  port.table === 0 ? '' : ` ip${familyOf(address)} table-id ${port.table} fib-idx 1`;

function where(vpp: Vpp, { layer2 }: Port): readonly string[] {
  if (layer2.mode === 'l3') return [];
  if (layer2.mode === 'xconnect') return [`  L2 xconnect ${layer2.peer.name}`];
  const { domain, split, role } = layer2;
  const index = vpp.domains.get(domain)?.index ?? 0;
  return [`  L2 bridge bd-id ${domain} idx ${index} shg ${split} ${role === 'bvi' ? 'bvi' : ' '}`];
}

function mode(port: Port): string {
  const { layer2 } = port;
  switch (layer2.mode) {
    case 'l3':
      return `l3 ${port.name}  `;
    case 'xconnect':
      return `l2 xconnect ${port.name} ${layer2.peer.name}`;
    case 'bridge': {
      const role = layer2.role === 'bvi' ? ' bvi' : '';
      return `l2 bridge ${port.name} bd_id ${layer2.domain}${role} shg ${layer2.split}`;
    }
  }
}

/** Interface names until the end; any other word fails. */
function takePorts({ vpp, input }: Call): readonly Port[] {
  const ports: Port[] = [];
  while (!input.ended)
    ports.push(input.read(name => portOf(vpp, name)) ?? fail(`unknown input ${input.quoted}`));
  return ports;
}

const HARDWARE = '              Name                Idx   Link  Hardware';

function showHardware(call: Call): void {
  const { vpp, input, say } = call;
  const brief = input.take('brief');
  input.take('verbose', 'detail');
  const named = takePorts(call);
  const ports = named.length > 0 ? named : sorted(vpp);
  say(HARDWARE, ...ports.flatMap(port => hardware(port, brief)));
}

function hardware(port: Port, brief: boolean): readonly string[] {
  if (port.hardware === undefined) return [];
  const { name, index, behind } = port.hardware;
  const link = behind.link(port) ? 'up' : 'down';
  return [
    left(port.name, 32) + centre(index, 6) + centre(link, 8) + name,
    '  Link speed: unknown',
    ...(behind.queues?.() ?? []),
    ...(brief ? [] : full(port, behind.details?.() ?? [])),
  ];
}

const full = (port: Port, details: readonly string[]): readonly string[] => [
  ...(port.mac === undefined ? [] : [`  Ethernet address ${port.mac}`]),
  ...details,
];

function showRxPlacement({ vpp, say }: Call): void {
  const polled = vpp.ports.all().filter(port => port.kind === 'host');
  if (polled.length === 0) return;
  say('Thread 0 (vpp_main):', ' node af-packet-input:');
  say(...polled.map(port => `    ${port.name} queue 0 (interrupt)`));
}
