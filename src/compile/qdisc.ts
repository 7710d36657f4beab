import type { HostView, Impairment, Qdisc } from '../core/index.js';

/** Seconds that a rate makes packets wait at most; a queue for at least these many frames where it is slow. */
const QUEUE = 0.1;
const LEAST_FRAMES = 32;
/** Seconds that tbf may save up. */
const BURST = 0.01;
/** What a frame has beside the MTU: the Ethernet header with a VLAN's tag. */
const HEADER = 18;
const ETHERNET = 1500 + HEADER;
/** The least frame (IEEE 802.3). */
const LEAST_FRAME = 64;
/** Packets per second where no rate is said: 10 Gbit/s of full frames, more than a processor sends of small ones. */
const FASTEST = 10e9 / 8 / ETHERNET;
/** What netem has by itself (tc-netem(8)), and what it gets at most. */
const LEAST_LIMIT = 1_000;
const MOST_LIMIT = 10_000_000;
/** tbf counts in 32 bits. */
const MOST_BYTES = 2 ** 31;

/**
 * The queue that impairs what a device sends: netem, or tbf for a rate alone where the kernel has no netem. What is on its way is in the
 * queue, so netem's limit follows from delay and rate: with one too small, packets are lost in silence. `mtu` in bytes.
 */
export function qdiscOf(impair: Impairment, view: HostView | undefined, mtu: number): Qdisc {
  const { rate } = impair;
  if (rate === undefined || hasQdisc(view, 'netem') || Object.keys(impair).length > 1)
    return { kind: 'netem', impair, limit: netemLimit(impair) };
  const burst = Math.max(2 * (mtu + HEADER), Math.round((rate / 8) * BURST));
  const queue = Math.max(LEAST_FRAMES * (mtu + HEADER), Math.round((rate / 8) * QUEUE));
  return { kind: 'tbf', impair, burst, limit: Math.min(burst + queue, MOST_BYTES) };
}

/** Whether a host can make a queue of a kind; where nobody asked, it is taken to. */
export function hasQdisc(view: HostView | undefined, kind: string): boolean {
  return view?.facts.qdiscs?.includes(kind) ?? true;
}

function netemLimit({ delay = 0, jitter = 0, rate }: Impairment): number {
  const seconds = (delay + jitter) / 1e6;
  const limit =
    rate === undefined
      ? Math.max(LEAST_LIMIT, seconds * FASTEST)
      : (seconds * rate) / 8 / LEAST_FRAME + Math.max(LEAST_FRAMES, (QUEUE * rate) / 8 / ETHERNET);
  return Math.min(Math.ceil(limit), MOST_LIMIT);
}
