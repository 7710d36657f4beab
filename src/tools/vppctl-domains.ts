import { spellAddress, type VppDomain, type VppFibEntry, type VppTunnel } from '../core/index.js';

/** A domain, its members by index, without one that unknown destinations alone go to, and those of them that are left out of what is flooded though they are normal ports. */
export interface VppDomainDetail {
  readonly domain: VppDomain;
  readonly members: ReadonlySet<number>;
  readonly unflooded: readonly number[];
}

/**
 * Reads `show bridge-domain N detail`: a row of the domain, the names of features, a table of the members (names cut to 30, so they are told
 * by index), the addresses it answers for, its tag.
 */
export function parseVppDomain(text: string): VppDomainDetail | undefined {
  const lines = text.split('\n').map(line => line.trim().split(/\s+/));
  const row = lines.find(words => words.length === 13 && /^\d+$/.test(words[0]!));
  if (!row) return undefined;
  const [id, index, , age, learn, forward, unknown, flood, arpTerm] = row;
  const tag = /^ {2}BD-Tag: (.*)$/m.exec(text)?.[1];
  const members = lines.filter(words => MEMBER.test(words.slice(1, 6).join(' ')));
  const arp = lines.filter(words => words.length === 3 && words[1] === '=>');
  return {
    domain: {
      id: Number(id),
      index: Number(index),
      learn: learn === 'on',
      forward: forward === 'on',
      flood: flood === 'on',
      unknownUnicast: unknown!,
      arpTerm: arpTerm === 'on',
      age: age === 'off' ? 0 : Number(age),
      ...(tag !== undefined && { tag }),
      arp: arp.map(([address, , mac]) => ({ address: spellAddress(address!), mac: mac! })),
    },
    members: new Set(members.map(words => Number(words[1]))),
    unflooded: members.flatMap(words => (words[4] === '-' && words[5] === '-' ? [Number(words[1])] : [])),
  };
}

/** If-idx, ISN, SHG, BVI, TxFlood. */
const MEMBER = /^\d+ \d+ \d+ [-*] [-*]$/;

/** Reads `show vxlan tunnel`; its interface is told by index alone. */
export function parseVppTunnels(text: string): readonly VppTunnel[] {
  return [...text.matchAll(TUNNEL)].map(([, instance, local, remote, port, vni, index]) => ({
    instance: Number(instance),
    local: spellAddress(local!),
    remote: spellAddress(remote!),
    port: Number(port),
    vni: Number(vni),
    index: Number(index),
  }));
}

const TUNNEL = /instance (\d+) src (\S+) dst (\S+) src_port \d+ dst_port (\d+) vni (\d+) .*sw-if-idx (\d+)/g;

/** Reads the static entries of `show l2fib all`; a domain stands there by its index. Filters and the entry of a BVI are none of these. */
export function parseVppFib(text: string): readonly VppFibEntry[] {
  return text.split('\n').flatMap(line => {
    const [mac = '', domain, index, , , isStatic, isFilter, isBvi] = line.trim().split(/\s+/);
    const isEntry = isStatic === '*' && isFilter === '-' && isBvi === '-';
    return isEntry ? [{ mac, domain: Number(domain), interface: Number(index) }] : [];
  });
}
