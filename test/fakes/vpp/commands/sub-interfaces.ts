import type { Call, Commands } from '../cli.js';
import { fail, refuse, takePort } from '../cli.js';
import { number } from '../input.js';
import type { Port } from '../port.js';
import { addPort, portOf, removePort } from '../vpp.js';

export const subInterfaceCommands: Commands = {
  'create sub-interfaces': create,
  'delete sub-interface': ({ vpp, input }) => {
    const port = input.read(name => portOf(vpp, name)) ?? fail("interface doesn't exist");
    if (port.kind !== 'sub') fail('delete_subinterface_interface failed');
    removePort(vpp, port);
  },
};

const range = (word: string): readonly [number, number] | undefined => {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
  return first === undefined ? undefined : [Number(first), Number(last ?? first)];
};

/** One that is there already is passed over without a word. */
function create(call: Call): void {
  const parent = takePort(call);
  const { vpp, input, say } = call;
  const [first, last] = input.read(range) ?? fail(`expected ID or ID MIN-MAX, got ${input.quoted}`);
  for (const key of ['dot1q', 'dot1ad', 'inner-dot1q']) input.option(key, number);
  input.take('exact-match');
  if (['default', 'untagged', 'any'].includes(input.peek())) refuse(`sub-interfaces ${input.quoted}`);
  for (let id = first; id <= last; id++) {
    const name = `${parent.name}.${id}`;
    if (portOf(vpp, name) === undefined) say(addSub(call, parent, name).name);
  }
}

const addSub = ({ vpp }: Call, parent: Port, name: string): Port =>
  addPort(vpp, { name, kind: 'sub', parent, mtu: 0 });
