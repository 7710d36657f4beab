import { spellAddress, type VppInterface } from '../core/index.js';
import type { VppDomainDetail } from './vppctl-domains.js';

/** What the commands say of all interfaces; of `hardware` and `table` only the lines that begin with a name, and few others. */
export interface VppInterfaceTexts {
  /** `show interface`: index and MTU; names are cut to 32. */
  readonly table: string;
  /** `show interface addr`: whole names, and all but the numbers. */
  readonly addresses: string;
  /** `show interface tag` of each. */
  readonly tags: string;
  /** `show hardware-interfaces`, MAC and transmit queues; a second time where frames waited at the first. */
  readonly hardware: readonly string[];
  /** Of `show errors` what tells of frames that could not be sent. */
  readonly errors: string;
  /** `show memif`: names and flags. */
  readonly memifs: string;
}

/** All interfaces, in the order of VPP; `domains` are those of which the details were read. */
export function parseVppInterfaces(
  texts: VppInterfaceTexts,
  domains: readonly VppDomainDetail[],
): readonly VppInterface[] {
  const unflooded = new Set(domains.flatMap(d => d.unflooded));
  const members = new Map(domains.map(d => [d.domain.id, d.members]));
  const rows = new Map(texts.table.split('\n').flatMap(row => rowOf(row)));
  const tags = new Map(texts.tags.split('\n').flatMap(line => tagOf(line)));
  const [hardware, again] = texts.hardware.map(hardwareOf);
  const memifs = new Map([...texts.memifs.matchAll(MEMIF)].map(([, name, flags]) => [name, flags!]));
  return blocks(texts.addresses).map(([head = '', ...lines]): VppInterface => {
    const [, name = '', state] = HEAD.exec(head)!;
    const { index = -1, mtu = 0 } = rows.get(name.slice(0, LONGEST)) ?? {};
    const tag = tags.get(name);
    const { mac, made = name } = hardware?.get(index) ?? {};
    const flags = memifs.get(name);
    const stuck = texts.errors.includes(` ${name}-tx `) ? (again?.get(index)?.waiting ?? 0) : 0;
    return {
      name,
      ...(made !== name && { made }),
      index,
      up: state === 'up',
      mtu,
      ...(mac !== undefined && { mac }),
      ...(tag !== undefined && { tag }),
      ...boundTo(lines, id => members.get(id)?.has(index) ?? true),
      addresses: lines.flatMap(line => /^ {2}L3 (\S+\/\d+)/.exec(line)?.[1] ?? []).map(spellAddress),
      ...(flags !== undefined && { connected: / connected\b/.test(flags) }),
      ...(stuck > 0 && { stuck }),
      ...(unflooded.has(index) && { unflooded: true as const }),
    };
  });
}

/** `show interface` cuts names. */
const LONGEST = 32;

/** A name can have blanks in it. */
const HEAD = /^(\S.*) \((up|dn)\):/;

const MEMIF = /^interface (\S+)\n {2}flags(.*)$/gm;

/** The lines of each interface: its own, and those below it that are indented. */
function blocks(text: string, head = HEAD): readonly (readonly string[])[] {
  const found: string[][] = [];
  for (const line of text.split('\n'))
    if (head.test(line)) found.push([line]);
    else if (/^\s+\S/.test(line)) found.at(-1)?.push(line);
  return found;
}

function rowOf(line: string): readonly (readonly [string, { index: number; mtu: number }])[] {
  const match = /^(\S.{31}|\S+)\s+(\d+)\s+(?:up|down)\s+(\d+)\//.exec(line);
  return match ? [[match[1]!.trim(), { index: Number(match[2]), mtu: Number(match[3]) }]] : [];
}

function tagOf(line: string): readonly (readonly [string, string])[] {
  const match = /^(\S+): (.+)$/.exec(line);
  return match && match[2] !== '(none)' ? [[match[1]!, match[2]!]] : [];
}

/** One that was refused as a second BVI has left its domain for those that look there, until it leaves it for others, too (seen). */
function boundTo(
  lines: readonly string[],
  isMember: (domain: number) => boolean,
): Pick<VppInterface, 'domain' | 'group' | 'bvi' | 'bound'> {
  for (const line of lines) {
    const port = /^ {2}L2 bridge bd-id (\d+) idx \d+ shg (\d+)(.*)$/.exec(line);
    if (port && !isMember(Number(port[1]))) return { group: 0, bvi: false, bound: `partly in ${port[1]!}` };
    if (port) return { domain: Number(port[1]), group: Number(port[2]), bvi: port[3]!.trim() === 'bvi' };
    const other = /^ {2}(L2 xconnect \S+|unnumbered, use \S+)/.exec(line)?.[1];
    if (other !== undefined) return { group: 0, bvi: false, bound: other };
  }
  return { group: 0, bvi: false };
}

interface Hardware {
  readonly made: string;
  readonly mac?: string;
  readonly waiting: number;
}

/** By index: what was renamed has its old name at the end of the line alone. */
function hardwareOf(text: string): ReadonlyMap<number, Hardware> {
  return new Map(
    blocks(text, HARDWARE).map(([head = '', ...lines]) => {
      const all = lines.join('\n');
      const mac = /Ethernet address (\S+)/.exec(all)?.[1];
      const waiting = [...all.matchAll(/request:(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
      const [, index, made = ''] = HARDWARE.exec(head)!;
      return [Number(index), { made: made.trim(), ...(mac !== undefined && { mac }), waiting }] as const;
    }),
  );
}

const HARDWARE = /^\S.*?\s+(\d+)\s+(?:up|down)\s+(\S.*)$/;
