import { IMPAIR_KEYS, spellImpair } from '../core/index.js';
import type { Impairment, ImpairKey, NetnsRef, Qdisc, Step } from '../core/index.js';
import { numberOf, rowOf, rows, textOf, type Row } from './json.js';

/** Kinds of queues that impair, as `tc qdisc` and `ip link` call them. Only netem and tbf are topo's. */
export const IMPAIRING = ['netem', 'tbf', 'htb'] as const;

/** Scripts around `tc`. */
export const tcScripts = {
  // $1 device, $2 its namespace, or nothing. A queue of the kernel's own choice has no handle and can't go; nor can one that is gone.
  'qdisc-remove': `said=$(\${2:+nsenter --net="$2"} tc qdisc del dev "$1" root 2>&1) && exit 0
case $said in *'handle of zero'* | *'No such file or directory'* | *'Cannot find device'*) exit 0 ;; esac
printf '%s\\n' "$said" >&2; exit 1`,
} as const;

/**
 * Shell functions. `qdiscs`: what `tc` tells, where something on the host impairs; its JSON is not asked for without need.
 * `kernel_qdiscs`: which of netem and tbf the kernel can make, loaded or not, with nothing changed: a module that is there would be loaded
 * (`modprobe -D` only shows which, busybox's as well as kmod's); where none is found it may be built in, which shows in a namespace that
 * goes at once.
 */
export const QDISCS_READER = `qdiscs() {
  tc qdisc show 2>/dev/null | grep -qE '^qdisc (${IMPAIRING.join('|')}) ' || return 0
  tc -j qdisc show
}
has_qdisc() {
  [ -d "/sys/module/sch_$1" ] || { [ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" != 1 ] && modprobe -D "sch_$1"; } || unshare -n tc qdisc add dev lo root "$@"
}
kernel_qdiscs() {
  ! has_qdisc netem limit 1 >/dev/null 2>&1 || echo netem
  ! has_qdisc tbf rate 1mbit burst 2000 limit 2000 >/dev/null 2>&1 || echo tbf
}`;

/**
 * Gives a device a queue that impairs, or changes the one it has in place where it is of that kind, so that no packet in it is lost.
 * `had`: what that one does; what of it is not wanted is set to 0, for of some things netem keeps what it is not told (seen).
 */
export function setQdisc(device: string, qdisc: Qdisc, had: Impairment, netns?: NetnsRef): Step {
  const words = qdisc.kind === 'tbf' ? tbfWords(qdisc) : netemWords(qdisc, had);
  const argv = ['tc', 'qdisc', 'replace', 'dev', device, 'root', qdisc.kind, ...words];
  return { via: 'exec', argv, mutates: true, label: `impair ${device}`, ...(netns && { netns }) };
}

/** Gives a device the kernel's own choice of queue back; one that has it is no failure. */
export function removeQdisc(device: string, netns?: NetnsRef): Step {
  const args = [device, ...(netns ? [netns] : [])];
  return { via: 'script', name: 'qdisc-remove', args, mutates: true, label: `no impairment of ${device}` };
}

/** What netem is told (tc-netem(8)); the jitter is a second word of the delay. */
function netemWords({ impair, limit }: Qdisc, had: Impairment): readonly string[] {
  const spelt = (key: ImpairKey): readonly string[] => {
    const value = impair[key] ?? (STICKING.includes(key) && had[key] !== undefined ? 0 : undefined);
    return value === undefined ? [] : [...(key === 'jitter' ? [] : [key]), spellImpair(key, value)];
  };
  return ['limit', `${limit}`, ...IMPAIR_KEYS.flatMap(spelt)];
}

const STICKING: readonly ImpairKey[] = ['corrupt', 'reorder', 'rate'];

/** What tbf is told (tc-tbf(8)). */
function tbfWords({ impair, burst = 0, limit }: Qdisc): readonly string[] {
  return ['rate', spellImpair('rate', impair.rate ?? 0), 'burst', `${burst}`, 'limit', `${limit}`];
}

/** Reads `tc -j qdisc show`: the queues that impair at the root of their devices, by device. */
export function parseQdiscs(text: string): ReadonlyMap<string, Qdisc> {
  const found = rows(text).filter(row => row['root'] === true && isImpairing(textOf(row['kind'])));
  return new Map(found.map(row => [textOf(row['dev']), qdiscOf(textOf(row['kind']), rowOf(row['options']))]));
}

/** Whether a kind of queue impairs. */
export function isImpairing(kind: string): boolean {
  return (IMPAIRING as readonly string[]).includes(kind);
}

/** netem tells seconds, shares of 1 and bytes per second; tbf how long what is queued may wait, in microseconds, instead of its limit. */
function qdiscOf(kind: string, options: Row): Qdisc {
  if (kind === 'netem') return { kind, impair: impairmentOf(options), limit: numberOf(options['limit'], 0) };
  if (kind !== 'tbf') return { kind, impair: {}, limit: 0 };
  const [rate, burst] = [numberOf(options['rate'], 0), numberOf(options['burst'], 0)];
  const limit = Math.round(burst + (numberOf(options['lat'], 0) / 1e6) * rate);
  return { kind, impair: { rate: rate * 8 }, burst, limit };
}

function impairmentOf(options: Row): Impairment {
  const value = (group: string, key: string, unit: number): number =>
    Number((numberOf(rowOf(options[group])[key], 0) * unit).toPrecision(7));
  const all: Required<Impairment> = {
    delay: value('delay', 'delay', 1e6),
    jitter: value('delay', 'jitter', 1e6),
    loss: value('loss-random', 'loss', 100),
    duplicate: value('duplicate', 'duplicate', 100),
    corrupt: value('corrupt', 'corrupt', 100),
    reorder: value('reorder', 'reorder', 100),
    rate: value('rate', 'rate', 8),
  };
  return Object.fromEntries(Object.entries(all).filter(([, amount]) => amount > 0));
}
