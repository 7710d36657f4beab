import type { LogLine } from '../app/index.js';
import { painter, padTo, type Style, widthOf } from './paint.js';

/** Red is left to what went wrong. */
const COLOURS: readonly Style[] = ['cyan', 'yellow', 'green', 'magenta', 'blue'];

/**
 * Lines of several services for people: `stack/service | text`, the bars in one column. A service has the same colour
 * whenever the same services are read. The text goes out as the container wrote it, escape sequences included.
 */
export function createLogPrinter(
  services: readonly string[],
  view: { readonly color: boolean },
): (line: LogLine) => string {
  const paint = painter(view.color);
  const width = Math.max(0, ...services.map(widthOf));
  const prefixes = new Map(
    services.map((name, i) => [name, paint(COLOURS[i % COLOURS.length]!, `${padTo(name, width)} |`)]),
  );
  return ({ service, text }) => `${prefixes.get(service) ?? `${service} |`} ${text}`;
}
