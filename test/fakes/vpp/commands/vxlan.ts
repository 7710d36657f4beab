import { familyOf } from '../../../../src/core/index.js';
import type { Call, Commands } from '../cli.js';
import { fail, refuse } from '../cli.js';
import type { Input } from '../input.js';
import { number } from '../input.js';
import { Pool } from '../pool.js';
import type { Port } from '../port.js';
import type { Vpp } from '../vpp.js';
import { addPort, family, portOf, randomMac, removePort } from '../vpp.js';

interface Tunnel {
  readonly src: string;
  readonly dst: string;
  readonly vni: number;
  readonly srcPort: number;
  readonly dstPort: number;
}

interface Made extends Tunnel {
  readonly slot: number;
  readonly instance: number;
  readonly port: Port;
}

const TUNNELS = { name: 'vxlan', fresh: () => new Pool<Made>() };

const HIGHEST_VNI = 16_777_215;

export const vxlanCommands: Commands = {
  'create vxlan tunnel': create,
  'show vxlan tunnel': ({ vpp, say }) => {
    const tunnels = family(vpp, TUNNELS).all();
    say(...(tunnels.length === 0 ? ['No vxlan tunnels configured...'] : tunnels.map(describe)));
  },
};

function create(call: Call): void {
  const line = call.input.line();
  if (line.ended) return;
  const { tunnel, instance, del } = readOptions(call, line);
  const tunnels = family(call.vpp, TUNNELS);
  const known = tunnels.all().find(made => key(made) === key(tunnel));
  if (del) {
    const made = known ?? fail('tunnel does not exist...');
    tunnels.remove(made.slot);
    return removePort(call.vpp, made.port);
  }
  if (known !== undefined) fail('tunnel already exists...');
  add(call, tunnel, instance);
}

const key = ({ src, dst, vni, srcPort, dstPort }: Tunnel): string =>
  [src, dst, vni, srcPort, dstPort].join(' ');

const address = (word: string): string | undefined =>
  familyOf(word) === undefined || word.includes('/') ? undefined : word;

const vni = (word: string): number | undefined => {
  const value = number(word);
  return value !== undefined && value > HIGHEST_VNI ? fail(`vni ${value} out of range`) : value;
};

const unicast = (word: string): string | undefined =>
  /^2(2[4-9]|3\d)\./.test(word) ? fail('dst address must be unicast') : address(word);

function readOptions({ vpp }: Call, line: Input): { tunnel: Tunnel; instance?: number; del: boolean } {
  const group = (word: string): string | undefined => {
    const to = address(word);
    if (to !== undefined) line.read(name => portOf(vpp, name));
    return to;
  };
  const given = line.options({
    src: address,
    dst: unicast,
    group,
    vni,
    instance: number,
    src_port: number,
    dst_port: number,
    'encap-vrf-id': table => fail(`nonexistent encap-vrf-id ${table}`),
    'decap-next': word => (word === 'l2' ? word : undefined),
    del: 'alone',
  });
  if (line.peek() === 'l3') refuse('a tunnel in mode l3');
  if (!line.ended) fail(`parse error: '${line.quoted.slice(1)}`);
  const { src, dst = given.group, instance, src_port: srcPort = 4789, dst_port: dstPort = 4789 } = given;
  if (src === undefined) fail('tunnel src address not specified');
  if (dst === undefined) fail('tunnel dst address not specified');
  if (familyOf(src) !== familyOf(dst)) fail('both IPv4 and IPv6 addresses specified');
  if (src === dst) fail('src and dst addresses are identical');
  if (given.vni === undefined || given.vni === 0) fail('vni not specified');
  const tunnel = { src, dst, vni: given.vni, srcPort, dstPort };
  return { tunnel, del: given.del === true, ...(instance === undefined ? {} : { instance }) };
}

/** The lowest free slot is the instance unless one is given; one that is in use is refused, and the slot stays free. */
function add({ vpp, say }: Call, tunnel: Tunnel, wanted: number | undefined): void {
  const tunnels = family(vpp, TUNNELS);
  const instance = wanted ?? tunnels.next;
  if (tunnels.all().some(made => made.instance === instance)) {
    tunnels.spend();
    fail('Instance is in use');
  }
  const made = tunnels.add(slot => ({ ...tunnel, slot, instance, port: newPort(vpp, instance) }));
  say(made.port.name);
}

/** Up at once, unlike every other interface. */
const newPort = (vpp: Vpp, instance: number): Port =>
  addPort(vpp, {
    name: `vxlan_tunnel${instance}`,
    kind: 'vxlan',
    mac: randomMac(vpp),
    up: true,
    behind: { link: () => true },
  });

function describe(made: Made): string {
  const { slot, instance, src, dst, srcPort, dstPort, vni, port } = made;
  return (
    `[${slot}] instance ${instance} src ${src} dst ${dst} src_port ${srcPort} dst_port ${dstPort} vni ${vni} ` +
    `fib-idx 0 sw-if-idx ${port.index} encap-dpo-idx 0 `
  );
}
