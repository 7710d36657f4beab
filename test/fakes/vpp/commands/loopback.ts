import type { Call, Command, Commands } from '../cli.js';
import { fail } from '../cli.js';
import { mac, number } from '../input.js';
import { lowestFree } from '../pool.js';
import type { Port } from '../port.js';
import type { Vpp } from '../vpp.js';
import { addPort, family, portOf, removePort } from '../vpp.js';

/** By instance, which names it for ever, whatever name it is given. */
const LOOPBACKS = { name: 'loop', fresh: () => new Map<number, Port>() };
const GATEWAYS = { name: 'bvi', fresh: () => new Map<number, Port>() };

const HIGHEST = 16_383;

const createLoopback: Command = call => {
  const { mac: address, instance } = call.input.options(OPTIONS);
  // Words that don't fit are the next command: the interface is there already when they fail.
  make(call, LOOPBACKS, instance, address ?? 'de:ad:00:00:00', 'vnet_create_loopback_interface failed');
};

const deleteLoopback: Command = ({ vpp, input }) => {
  const port = input.option('intfc', name => portOf(vpp, name)) ?? fail('interface not specified');
  if (!remove(vpp, LOOPBACKS, port)) fail('vnet_delete_loopback_interface failed');
};

export const loopbackCommands: Commands = {
  'create loopback interface': createLoopback,
  'loopback create-interface': createLoopback,
  'delete loopback interface': deleteLoopback,
  'loopback delete-interface': deleteLoopback,
  'bvi create': call => {
    const line = call.input.line();
    const { mac: address, instance } = line.options(OPTIONS);
    if (!line.ended) fail(`unknown input: ${line.rest()}`);
    make(call, GATEWAYS, instance, address ?? 'b0:b0:00:00:00', 'BVI create failed');
  },
  'bvi delete': ({ vpp, input }) => {
    const name = input.line().rest();
    const port = portOf(vpp, name) ?? fail(`no such interface: ${name}`);
    if (!remove(vpp, GATEWAYS, port)) fail('BVI delete failed');
  },
};

const OPTIONS = { mac, instance: number } as const;

type Kind = typeof LOOPBACKS;

/** The MAC, or the bytes that the last one of the instance's number is put behind. */
function make(
  { vpp, say }: Call,
  kind: Kind,
  wanted: number | undefined,
  start: string,
  failed: string,
): void {
  const made = family(vpp, kind);
  const instance = wanted ?? lowestFree(made.keys());
  if (instance > HIGHEST || made.has(instance)) fail(failed);
  const end = (instance & 255).toString(16).padStart(2, '0');
  const port = addPort(vpp, {
    name: `${kind.name}${instance}`,
    kind: kind.name,
    mac: start.length === 17 ? start : `${start}:${end}`,
    behind: { link: ({ up }) => up },
  });
  made.set(instance, port);
  say(port.name);
}

function remove(vpp: Vpp, kind: Kind, port: Port): boolean {
  const made = family(vpp, kind);
  const instance = [...made].find(([, other]) => other === port)?.[0];
  if (instance === undefined) return false;
  made.delete(instance);
  removePort(vpp, port);
  return true;
}
