import type { Call, Commands } from '../cli.js';
import { fail, takePort } from '../cli.js';
import { number } from '../input.js';
import type { Port, Role } from '../port.js';
import type { Vpp } from '../vpp.js';
import { bump, leave, portOf, setLayer2 } from '../vpp.js';
import { ensureDomain } from './bridge-domain.js';

export const layer2Commands: Commands = {
  'set interface l2 bridge': bridge,
  'set interface l2 xconnect': call => {
    const port = takePort(call);
    const { vpp, input } = call;
    const peer = input.read(name => portOf(vpp, name)) ?? fail(`unknown peer interface ${input.quoted}`);
    leave(vpp, port);
    setLayer2(port, { mode: 'xconnect', peer });
  },
  'set interface l3': call => {
    leave(call.vpp, takePort(call));
  },
  'set interface l2 learn': ofPort,
  'set interface l2 flood': ofPort,
  'set interface l2 forward': ofPort,
  'set interface l2 tag-rewrite': rewrite,
};

/** A domain that there is not is made; a member of another one is moved without a word. */
function bridge(call: Call): void {
  const { vpp, input } = call;
  const port = takePort(call);
  const id = input.read(number) ?? fail(`expected bridge domain ID ${input.quoted}`);
  if (id > 0xffffff) fail('bridge domain ID exceed 16M limit');
  const role: Role = input.take('bvi') ? 'bvi' : input.take('uu-fwd') ? 'uu-fwd' : 'normal';
  const split = (input.read(number) ?? 0) % 256;
  join(vpp, port, { id, role, split });
}

interface Place {
  readonly id: number;
  readonly role: Role;
  readonly split: number;
}

/** A second bvi is refused only after the interface was taken out of where it was. */
function join(vpp: Vpp, port: Port, { id, role, split }: Place): void {
  const domain = ensureDomain(vpp, id);
  leave(vpp, port);
  bump(vpp.portSequence, port.index);
  if (role === 'bvi' && domain.bvi !== undefined) {
    setLayer2(port, { mode: 'bridge', domain: id, split, role: 'normal' });
    fail('bridge-domain already has a bvi interface');
  }
  setLayer2(port, { mode: 'bridge', domain: id, split, role });
  domain.add(port, role === 'bvi');
  if (role === 'bvi') domain.bvi = port;
  if (role === 'uu-fwd') domain.uuForward = port;
  if (role === 'bvi') port.flooded = false;
}

/** Nothing in the transcripts shows it afterwards. */
function ofPort(call: Call): void {
  takePort(call);
  call.input.take('disable');
}

const REWRITES = /^(pop [12]|push (dot1q|dot1ad) \d+( \d+)?)$/;

const EXPECTED =
  'expecting [disable | pop 1 | pop 2 | push {dot1q|dot1ah} <tag> [<tag>]\n' +
  ' | translate {1|2}-{1|2} {dot1q|dot1ah} <tag> [<tag>]]';

function rewrite(call: Call): void {
  const { input } = call;
  const port = takePort(call);
  if (input.take('disable')) {
    port.rewrite = 'none';
    return;
  }
  const quoted = input.quoted;
  const [verb = '', ...rest] = input.line().rest().split(/\s+/);
  if (!REWRITES.test([verb, ...rest].join(' '))) fail(`${EXPECTED} but got ${quoted}`);
  port.rewrite = verb === 'pop' ? `pop-${rest[0]}` : `push-${rest.length - 1} ${rest.join(' ')}`;
}
