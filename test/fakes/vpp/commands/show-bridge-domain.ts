import { familyOf } from '../../../../src/core/index.js';
import type { Call } from '../cli.js';
import { fail } from '../cli.js';
import type { Domain } from '../domain.js';
import { number } from '../input.js';
import type { Port } from '../port.js';
import { centre } from '../text.js';
import type { Vpp } from '../vpp.js';

const TABLE =
  '  BD-ID   Index   BSN  Age(min)  Learning  U-Forwrd   UU-Flood   Flooding  ARP-Term  arp-ufwd Learn-co Learn-li   BVI-Intf ';

/** The list, or one domain; what follows the list is the next command. */
export function showBridgeDomain({ vpp, input, say }: Call): void {
  const id = input.read(number);
  if (id === undefined) {
    const domains = [...vpp.domains.values()].filter(domain => domain.id !== 0);
    if (domains.length === 0) return say('no bridge-domains in use');
    const rows = domains.toSorted((a, b) => a.index - b.index).map(domain => row(vpp, domain));
    return say(TABLE, ...rows);
  }
  const part = input.read(word =>
    ['detail', 'det', 'int', 'arp', 'bd-tag'].includes(word) ? word : undefined,
  );
  if (id === 0) fail('No operations on the default bridge domain are supported');
  const domain = vpp.domains.get(id) ?? fail(`No such bridge domain ${id}`);
  const all = part === 'detail' || part === 'det';
  say(
    TABLE,
    row(vpp, domain),
    ...(all ? features(domain) : []),
    ...(all || part === 'int' ? members(vpp, domain) : []),
    ...(all || part === 'arp' ? arp(domain) : []),
    ...((all || part === 'bd-tag') && domain.tag !== undefined ? ['', `  BD-Tag: ${domain.tag}`] : []),
  );
}

function row(vpp: Vpp, domain: Domain): string {
  const { flags, uuForward } = domain;
  const on = (flag: boolean): string => centre(flag ? 'on' : 'off', 9);
  return [
    centre(domain.id, 8),
    centre(domain.index, 7),
    centre(vpp.domainSequence[domain.index] ?? 0, 4),
    centre(domain.macAge === 0 ? 'off' : domain.macAge, 9),
    on(flags.learn),
    on(flags.forward),
    centre(uuForward?.name ?? (flags.uuFlood ? 'flood' : 'drop'), 11),
    on(flags.flood),
    on(flags.arpTerm),
    on(flags.arpUfwd),
    centre(0, 8),
    centre(domain.learnLimit, 8),
    centre((domain.bvi?.name ?? 'N/A').slice(0, 11), 11),
  ].join(' ');
}

function features({ flags, uuForward }: Domain): readonly string[] {
  return [
    '             SPAN (span-l2-input)',
    '   INPUT_CLASSIFY (l2-input-classify)',
    '   INPUT_FEAT_ARC (l2-input-feat-arc)',
    '     POLICER_CLAS (l2-policer-classify)',
    '              ACL (l2-input-acl)',
    '            VPATH (vpath-input-l2)',
    ' L2_IP_QOS_RECORD (l2-ip-qos-record)',
    '              VTR (l2-input-vtr)',
    ...(flags.learn ? ['            LEARN (l2-learn)'] : []),
    '               RW (l2-rw)',
    ...(flags.forward ? ['              FWD (l2-fwd)'] : []),
    ...(uuForward !== undefined ? ['           UU_FWD (l2-uu-fwd)'] : []),
    ...(flags.uuFlood ? ['         UU_FLOOD (l2-flood)'] : []),
    ...(flags.arpTerm ? ['         ARP_TERM (arp-term-l2bd)'] : []),
    ...(flags.arpUfwd ? ['         ARP_UFWD (l2-uu-fwd)'] : []),
    ...(flags.flood ? ['            FLOOD (l2-flood)'] : []),
    '         XCONNECT (l2-output)',
  ];
}

function members(vpp: Vpp, domain: Domain): readonly string[] {
  if (domain.ports.length === 0) return [];
  // Those that nothing is flooded to come last.
  const isLast = (port: Port): number => Number(!port.flooded && domain.bvi !== port);
  const ports = domain.ports.toSorted((a, b) => isLast(a) - isLast(b));
  return [
    '',
    '           Interface           If-idx ISN  SHG  BVI  TxFlood        VLAN-Tag-Rewrite       ',
    ...ports.map(port => member(vpp, domain, port)),
  ];
}

function member(vpp: Vpp, domain: Domain, port: Port): string {
  const isForward = domain.uuForward === port;
  const split = port.layer2.mode === 'bridge' ? port.layer2.split : 0;
  return [
    centre(port.name.slice(0, 30), 30),
    centre(port.index, 7),
    centre(isForward ? 0 : (vpp.portSequence[port.index] ?? 0), 5),
    centre(isForward ? 0 : split, 5),
    centre(isForward ? 'uu' : domain.bvi === port ? '*' : '-', 5),
    centre(domain.bvi === port || (!isForward && port.flooded) ? '*' : '-', 9),
    centre(isForward ? 'None' : port.rewrite, 30),
  ].join('');
}

function arp(domain: Domain): readonly string[] {
  if (!domain.flags.arpTerm) return [];
  const entries = [4, 6].flatMap(family =>
    [...domain.arp].filter(([address]) => familyOf(address) === family),
  );
  return [
    '',
    '  IP4/IP6 to MAC table for ARP Termination',
    ...entries.map(([address, target]) => `${centre(address, 40)} => ${centre(target, 20)}`),
  ];
}
