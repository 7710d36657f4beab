import { formatAddress, overlap, parseInterface, prefixOf } from '../../../../src/core/index.js';
import type { Call, Commands } from '../cli.js';
import { fail, refuse, takePort } from '../cli.js';
import { anything, mac, number } from '../input.js';
import type { Port } from '../port.js';
import type { Vpp } from '../vpp.js';
import { bump, portOf } from '../vpp.js';

export const interfaceCommands: Commands = {
  'set interface state': setState,
  'set interface mtu': setMtu,
  'set interface mac address': call => {
    const port = takePort(call);
    const address = call.input.read(mac) ?? fail(`expected mac address ${call.input.quoted}`);
    port.mac = address;
    port.hardware?.behind.setMac?.(address);
  },
  'set interface promiscuous': call => {
    if (!call.input.take('on', 'off')) refuse('promiscuous without on or off');
    takePort(call);
  },
  'set interface ip address': setAddress,
  'set interface ip table': call => {
    const port = takePort(call);
    port.table = call.input.read(number) ?? refuse('ip table without a number');
  },
  'set interface unnumbered': call => {
    const port = takePort(call);
    if (!call.input.take('use')) refuse('unnumbered without use');
    port.unnumbered = takePort(call);
  },
  'set interface name': ({ vpp, input }) => {
    const wrong = `parse error: '${input.quoted.slice(1)}`;
    const port = input.read(name => portOf(vpp, name)) ?? fail(wrong);
    port.name = input.read(anything) ?? fail(wrong);
  },
  'set interface tag': ({ vpp, input }) => {
    const wrong = `unknown input ${input.quoted}`;
    const port = input.read(name => portOf(vpp, name)) ?? fail(wrong);
    port.tag = input.read(anything) ?? fail(wrong);
  },
  'clear interface tag': ({ vpp, input }) => {
    const port = input.read(name => portOf(vpp, name)) ?? fail(`unknown input ${input.quoted}`);
    port.tag = undefined;
  },
  'clear interfaces': () => undefined,
  'ip table add': ({ input }) => {
    if (input.read(number) === undefined) refuse('ip table add without a number');
  },
};

/** What follows the state is the next command. */
function setState(call: Call): void {
  const port = takePort(call);
  const up = call.input.read(word => ({ up: true, down: false })[word]);
  if (up === undefined) fail(`unknown flags ${call.input.quoted}`);
  // What was learnt through a member that goes down is thrown away.
  if (port.up && !up && port.layer2.mode === 'bridge') bump(call.vpp.portSequence, port.index);
  port.up = up;
  port.hardware?.behind.setUp?.(up);
}

/** Of one protocol's the others become 0; of the hardware's only the first changes, and the Linux device's. */
function setMtu(call: Call): void {
  const { input } = call;
  const kind = ['packet', 'ip4', 'ip6', 'mpls'].findIndex(word => input.take(word));
  const bytes = input.read(number) ?? refuse('mtu without a number');
  const port = takePort(call);
  if (kind < 0) {
    const setHardware = port.hardware?.behind.setMtu ?? refuse(`set interface mtu of ${port.name}`);
    const problem = setHardware(bytes);
    if (problem !== undefined) fail(problem);
    port.mtu = [bytes, port.mtu[1], port.mtu[2], port.mtu[3]];
    return;
  }
  const of = (n: number): number => (n === kind ? bytes : 0);
  port.mtu = [of(0), of(1), of(2), of(3)];
}

function setAddress(call: Call): void {
  const { vpp, input } = call;
  const del = input.take('del');
  const port = takePort(call);
  if (del && input.take('all')) {
    port.addresses.length = 0;
    return;
  }
  const address = input.read(spelt) ?? fail(`expected IP4/IP6 address/length ${input.quoted}`);
  const place = port.addresses.indexOf(address);
  if (!del) {
    refuseConflict(vpp, port, address);
    port.addresses.push(address);
  } else if (place < 0) fail(`${address} not found for interface ${port.name}`);
  else port.addresses.splice(place, 1);
}

function spelt(word: string): string | undefined {
  const parsed = parseInterface(word);
  return parsed && `${formatAddress(parsed.address)}/${parsed.length}`;
}

/** Two subnets of a table may not overlap, not even the same one twice on one interface. */
function refuseConflict(vpp: Vpp, port: Port, address: string): void {
  const subnet = (text: string) => {
    const { address: host, length } = parseInterface(text)!;
    return prefixOf(host, length);
  };
  for (const other of vpp.ports.all().filter(({ table }) => table === port.table)) {
    const clash = other.addresses.find(taken => overlap(subnet(taken), subnet(address)));
    if (clash !== undefined)
      fail(
        `failed to add ${address} on ${port.name} which conflicts with ${clash} for interface ${other.name}`,
      );
  }
}
