import type { DocPath } from '../core/index.js';
import { clash } from './sight.js';
import type { Sight } from './sight.js';
import { valueAt } from './at.js';
import type { Finding } from './finding.js';
import { expandPort } from './port.js';
import type { PortInput } from './port.js';

/** A port of a host that a service takes. */
interface Taken {
  readonly ip: string | undefined;
  readonly service: string;
  readonly path: DocPath;
}

/** Ports of one host that two services publish. */
export function checkPublishedPorts(sight: Sight): readonly Finding[] {
  const taken = new Map<string, Taken[]>();
  const findings: Finding[] = [];
  for (const [stack, { host, services }] of Object.entries(sight.topology.stacks)) {
    for (const service of Object.keys(services)) {
      const path = ['stacks', stack, 'services', service, 'ports'];
      const inputs = (valueAt(sight.root, path) ?? []) as readonly PortInput[];
      inputs.forEach((input, i) => {
        for (const port of expandPort(input)) {
          // Of a range the engine takes what is free.
          if (port.host === undefined || port.hostEnd !== undefined) continue;
          const key = `${host}\0${port.protocol}\0${port.host}`;
          const mine: Taken = { ip: port.hostIp, service: `${stack}/${service}`, path: [...path, i] };
          const others = taken.get(key) ?? [];
          const other = others.find(o => meet(o.ip, mine.ip));
          if (others.push(mine) === 1) taken.set(key, others);
          if (!other) continue;
          const summary = `port ${port.host}/${port.protocol} of host "${host}" is published by ${other.service} already`;
          // One word on a range is enough.
          findings.push(clash(sight, 'port.taken', summary, mine.path, { other: other.path }));
          break;
        }
      });
    }
  }
  return findings;
}

/** Whether two listening addresses are in each other's way; undefined is all of both families. */
function meet(a: string | undefined, b: string | undefined): boolean {
  return a === b || covers(a, b) || covers(b, a);
}

function covers(wild: string | undefined, one: string | undefined): boolean {
  if (wild === undefined) return true;
  return (
    one !== undefined && ((wild === '0.0.0.0' && !one.includes(':')) || (wild === '::' && one.includes(':')))
  );
}
