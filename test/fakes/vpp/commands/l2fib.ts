import type { Call, Commands } from '../cli.js';
import { fail, takePort } from '../cli.js';
import type { Domain } from '../domain.js';
import { mac, number } from '../input.js';
import { centre } from '../text.js';
import type { FibEntry, Vpp } from '../vpp.js';
import { bump } from '../vpp.js';

export const l2fibCommands: Commands = {
  'l2fib add': add,
  'l2fib del': ({ vpp, input }) => {
    const address = input.read(mac) ?? fail(`expected mac address ${input.quoted}`);
    const domain = takeDomain(vpp, input.read(number));
    if (!vpp.l2fib.delete(key(address, domain))) fail('mac entry not found');
  },
  'l2fib flush-mac interface': call => bump(call.vpp.portSequence, takePort(call).index),
  'l2fib flush-mac bridge-domain': ({ vpp, input }) =>
    bump(vpp.domainSequence, takeDomain(vpp, input.read(number)).index),
  'l2fib flush-mac all': ({ vpp }) => {
    for (const { index } of vpp.domains.values()) bump(vpp.domainSequence, index);
  },
  'clear l2fib': ({ vpp }) => vpp.l2fib.clear(),
  'show l2fib': show,
};

const key = (address: string, domain: Domain): string => `${address} ${domain.index}`;

function takeDomain(vpp: Vpp, id: number | undefined): Domain {
  return vpp.domains.get(id ?? 0) ?? fail(`bridge domain ID ${id ?? 0} invalid`);
}

function add(call: Call): void {
  const { vpp, input } = call;
  const address = input.read(mac) ?? fail(`expected mac address ${input.quoted}`);
  const domain = takeDomain(vpp, input.read(number));
  const filter = input.take('filter');
  const port = filter ? undefined : takePort(call);
  const bvi = input.take('bvi');
  const isStatic = bvi || filter || input.take('static');
  vpp.l2fib.set(key(address, domain), { mac: address, domain, port, filter, isStatic, bvi });
}

const TABLE =
  '    Mac-Address     BD-Idx If-Idx BSN-ISN Age(min) static filter bvi         Interface-Name        ';

function show({ vpp, input, say }: Call): void {
  const added = input.take('add');
  const all = input.take('verbose', 'all', 'learn');
  const id = input.option('bd_id', number);
  if (id !== undefined && !vpp.domains.has(id)) fail(`bridge domain id ${id} doesn't exist`);
  input.take('verbose');
  const entries = [...vpp.l2fib.values(), ...gateways(vpp)];
  if (entries.length === 0) return say('no l2fib entries');
  const shown = entries.filter(({ domain }) => id === undefined || domain.id === id);
  if (added || all || id !== undefined) say(TABLE, ...shown.map(entry => row(vpp, entry)));
  say(
    `L2FIB total/learned entries: ${entries.length}/0  Last scan time: 0.0000e0sec  Learn limit: 16777216 `,
  );
}

/** A domain with a bvi has an entry for it. */
const gateways = (vpp: Vpp): readonly FibEntry[] =>
  [...vpp.domains.values()].flatMap(domain =>
    domain.bvi?.mac === undefined
      ? []
      : [{ mac: domain.bvi.mac, domain, port: domain.bvi, isStatic: true, filter: false, bvi: true }],
  );

/** An entry outlives its port and its domain, and leads to whatever has their indexes next. */
function row(vpp: Vpp, entry: FibEntry): string {
  const flag = (set: boolean): string => (set ? '*' : '-');
  const name = entry.port && (vpp.ports.get(entry.port.index)?.name ?? 'Stale');
  return [
    centre(entry.mac, 19),
    centre(entry.domain.index, 7),
    centre(entry.port?.index ?? -1, 7),
    centre('0/0', 8),
    centre('no', 9),
    centre(flag(entry.isStatic), 7),
    centre(flag(entry.filter), 7),
    centre(flag(entry.bvi), 5),
    centre(name ?? 'N/A', 30),
  ].join('');
}
