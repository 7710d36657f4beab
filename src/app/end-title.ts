import type { ResolvedEnd } from '../core/index.js';

/** An end of a link as people call it: `shop/web:eth1`, `tera:enp3s0`, or the name of a switch. */
export function endTitle(end: ResolvedEnd): string {
  switch (end.is) {
    case 'service':
      return `${end.replica}:${end.device}`;
    case 'device':
      return `${end.host}:${end.device}`;
    case 'switch':
      return end.switch;
  }
}
