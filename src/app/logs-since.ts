import { EXIT, TopoError } from '../core/index.js';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * `--since` as seconds since the epoch: how long ago (`90s`, `1h30m`, `2d`), a date or time of ISO 8601 (UTC where it
 * names no zone), or the seconds themselves. `now` is in milliseconds. Throws `logs.since`.
 */
export function parseSince(text: string, now: number): string {
  if (/^\d+(\.\d{1,9})?$/.test(text)) return text;
  if (/^(\d+(\.\d+)?[smhd])+$/.test(text)) {
    const parts = [...text.matchAll(/([\d.]+)([smhd])/g)];
    const ago = parts.reduce(
      (sum, [, n, unit]) => sum + Number(n) * SECONDS[unit as keyof typeof SECONDS],
      0,
    );
    return (now / 1000 - ago).toFixed(3);
  }
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text;
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(ms)) return (ms / 1000).toFixed(3);
  throw new TopoError(`'${text}' is no time`, {
    code: 'logs.since',
    who: 'user',
    exit: EXIT.failed,
    hint: 'write how long ago (10m, 1h30m) or when (2030-01-31T12:00:00Z)',
  });
}
