/** What is done to the packets that an end sends, in netem's terms (tc-netem(8)); what is absent is not done. */
export interface Impairment {
  /** Microseconds, as `jitter`. */
  readonly delay?: number;
  readonly jitter?: number;
  /** Percent, as the three below. */
  readonly loss?: number;
  readonly duplicate?: number;
  readonly corrupt?: number;
  readonly reorder?: number;
  /** Bits per second. */
  readonly rate?: number;
}

export type ImpairKey = keyof Impairment;

/** In the order in which they are told. */
export const IMPAIR_KEYS = ['delay', 'jitter', 'loss', 'duplicate', 'corrupt', 'reorder', 'rate'] as const;

/** The queue of a device that is not the kernel's own choice: what it holds back, loses or spoils. */
export interface Qdisc {
  /** `netem`, `tbf`; a hand on the host may have set another. */
  readonly kind: string;
  readonly impair: Impairment;
  /** How much it holds at most: packets of netem, bytes of tbf. */
  readonly limit: number;
  /** Bytes that tbf lets through at once. */
  readonly burst?: number;
}

/** One over another, key by key; a 0 takes away what is below it. Undefined where nothing is left. */
export function impairedBy(
  below: Impairment | undefined,
  above: Impairment | undefined,
): Impairment | undefined {
  const all = { ...below, ...above };
  const entries = IMPAIR_KEYS.filter(key => (all[key] ?? 0) > 0).map(key => [key, all[key]!]);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Impairment);
}

/** The value of a key in the file's words (`20ms`, `0.1%`, `10mbit`), which have been found to be right. */
export function parseImpair(key: ImpairKey, text: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)(.*)$/.exec(text) ?? [];
  const value = Number(number) * (UNITS[unit] ?? 1);
  return isShare(key) ? value : Math.round(value);
}

/** The value of a key as the file and `tc` spell it: `20ms`, `0.1%`, `10mbit`. */
export function spellImpair(key: ImpairKey, value: number): string {
  if (isShare(key)) return `${value}%`;
  const units = key === 'rate' ? ['gbit', 'mbit', 'kbit', 'bit'] : ['s', 'ms'];
  const unit = units.find(u => value >= UNITS[u]! && (value * 1000) % UNITS[u]! === 0) ?? units.at(-1)!;
  return `${value / UNITS[unit]!}${unit}`;
}

/** All of it in one line: `delay 20ms loss 0.1%`. */
export function spellImpairment(impair: Impairment): string {
  return IMPAIR_KEYS.flatMap(key => {
    const value = impair[key];
    return value === undefined ? [] : [`${key} ${spellImpair(key, value)}`];
  }).join(' ');
}

/** The key that can't be for want of a delay: without one nothing varies, and nothing can be overtaken (tc-netem(8)). */
export function wantsDelay({ delay, jitter, reorder }: Impairment): 'jitter' | 'reorder' | undefined {
  if (delay !== undefined) return undefined;
  if (jitter !== undefined) return 'jitter';
  return reorder === undefined ? undefined : 'reorder';
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1e3,
  s: 1e6,
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
};

function isShare(key: ImpairKey): boolean {
  return key === 'loss' || key === 'duplicate' || key === 'corrupt' || key === 'reorder';
}
