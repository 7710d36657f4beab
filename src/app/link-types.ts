import type { HostName, ImpairKey } from '../core/index.js';

/** An end of a link that has a device of topo's, by which it sends. */
export interface LinkEndStatus {
  readonly link: string;
  /** `shop/web:eth1`, `tera:enp3s0`; of a switch with what is at the other end: `lan0:shop/web:eth1`. */
  readonly end: string;
  readonly host: HostName;
  readonly device: string;
  /** `down`: it is turned off itself; `no carrier`: the other end is. */
  readonly state: 'up' | 'down' | 'no carrier' | 'missing';
  /** What is done to what it sends, as the file spells it: `{ delay: '20ms' }`. */
  readonly impair: ImpairWords;
  /** What the file says of both. */
  readonly declared: { readonly state: 'up' | 'down'; readonly impair: ImpairWords };
}

export type ImpairWords = Readonly<Partial<Record<ImpairKey, string>>>;
