import { familyOf, parseAddress, formatAddress } from '../../../../src/core/index.js';
import type { Call, Command, Commands } from '../cli.js';
import { fail, refuse } from '../cli.js';
import type { Flags } from '../domain.js';
import { Domain } from '../domain.js';
import type { Input } from '../input.js';
import { anything, mac, number } from '../input.js';
import { lowestFree } from '../pool.js';
import type { Vpp } from '../vpp.js';
import { bump } from '../vpp.js';
import { showBridgeDomain } from './show-bridge-domain.js';

const HIGHEST = 0xffffff;

export const bridgeDomainCommands: Commands = {
  'create bridge-domain': create,
  'show bridge-domain': showBridgeDomain,
  'set bridge-domain learn': setFlag('learn'),
  'set bridge-domain forward': setFlag('forward'),
  'set bridge-domain flood': setFlag('flood'),
  'set bridge-domain uu-flood': setFlag('uuFlood'),
  'set bridge-domain arp term': setFlag('arpTerm'),
  'set bridge-domain mac-age': call => {
    const domain = takeDomain(call);
    domain.macAge = call.input.read(number) ?? refuse('mac-age without minutes');
  },
  'set bridge-domain learn-limit': call => {
    const domain = takeDomain(call);
    domain.learnLimit = call.input.read(number) ?? refuse('learn-limit without a number');
  },
  'set bridge-domain arp entry': setArp,
};

/** The domain of that id, made with the defaults where there is none; ids were checked. */
export function ensureDomain(vpp: Vpp, id: number): Domain {
  const found = vpp.domains.get(id);
  if (found !== undefined) return found;
  const taken = [...vpp.domains.values()].map(({ index }) => index);
  const domain = new Domain(id, id === 0 ? 0 : lowestFree([0, ...taken]));
  vpp.domains.set(id, domain);
  return domain;
}

interface Wanted {
  readonly flags: Flags;
  readonly macAge: number;
  readonly tag: string | undefined;
  readonly del: boolean;
}

function create({ vpp, input, say }: Call): void {
  const line = input.line();
  if (line.ended) return;
  const given = line.read(number);
  const wanted = readOptions(line);
  if (wanted.del) return remove(vpp, given ?? fail('bridge-domain-id not specified'));
  // No number, or one that is all ones: a number of VPP's choice.
  const id = given === undefined || given === 0xffffffff ? vpp.identity.chooseDomain() : given;
  if (id === 0) fail('bridge domain 0 can not be modified');
  if (id > HIGHEST) fail('bridge domain ID exceed 16M limit');
  if (vpp.domains.has(id)) fail('bd_add_del returned -119');
  const domain = ensureDomain(vpp, id);
  Object.assign(domain.flags, wanted.flags);
  domain.macAge = wanted.macAge;
  domain.tag = wanted.tag;
  say(`bridge-domain ${id}`);
}

const flag = (word: string): boolean | undefined => {
  const value = number(word);
  return value === undefined ? undefined : value !== 0;
};

/** Options until the first word that is none: from there on nothing is read, and nothing said. */
function readOptions(line: Input): Wanted {
  const given = line.options({
    learn: flag,
    forward: flag,
    flood: flag,
    'uu-flood': flag,
    'arp-term': flag,
    'arp-ufwd': flag,
    'mac-age': number,
    'bd-tag': anything,
    del: 'alone',
  });
  const { learn = true, forward = true, flood = true, 'mac-age': macAge = 0, 'bd-tag': tag } = given;
  const { 'uu-flood': uuFlood = true, 'arp-term': arpTerm = false, 'arp-ufwd': arpUfwd = false } = given;
  if (macAge > 255) fail('mac age must be less than 256');
  if (tag !== undefined && Buffer.byteLength(tag) > 63) fail('bd-tag cannot be longer than 63');
  const flags = { learn, forward, flood, uuFlood, arpTerm, arpUfwd };
  return { flags, macAge, tag, del: given.del === true };
}

function remove(vpp: Vpp, id: number): void {
  if (id === 0) fail('bridge domain 0 can not be modified');
  const domain = vpp.domains.get(id) ?? fail('bridge domain ID does not exist');
  if (domain.ports.length > 0) fail('bridge domain in use - remove members');
  bump(vpp.domainSequence, domain.index);
  vpp.domains.delete(id);
}

function setFlag(flag: keyof Flags): Command {
  return call => {
    const domain = takeDomain(call);
    domain.flags[flag] = !call.input.take('disable');
  };
}

function takeDomain({ vpp, input }: Call): Domain {
  const id = input.read(number) ?? refuse('no number of a bridge domain');
  return vpp.domains.get(id) ?? fail(`No such bridge domain ${id}`);
}

function setArp(call: Call): void {
  const domain = takeDomain(call);
  const { input } = call;
  const address = input.read(spelt) ?? refuse(`arp entry ${input.quoted}`);
  const target = input.read(mac) ?? refuse(`arp entry ${input.quoted}`);
  if (!input.take('del')) domain.arp.set(address, target);
  else if (domain.arp.get(address) === target) domain.arp.delete(address);
  else fail(`MAC del for IP ${address} and MAC ${target} failed`);
}

function spelt(word: string): string | undefined {
  const parsed = familyOf(word) === undefined ? undefined : parseAddress(word);
  return parsed && formatAddress(parsed);
}
