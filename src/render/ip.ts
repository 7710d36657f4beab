import { withoutLength } from '../core/index.js';
import type { Addresses, ConnectionAddresses } from '../app/index.js';
import { type Paint, painter, printable } from './paint.js';
import { renderTable } from './table.js';

/** `topo ip`: what has which address. For one element (`bare`) just addresses, a line each. Ends without a newline. */
export function renderAddresses(
  { connections, switches }: Addresses,
  view: { readonly color: boolean; readonly bare: boolean },
): string {
  if (view.bare)
    return connections.flatMap(c => c.addresses.map(a => printable(withoutLength(a)))).join('\n');
  const paint = painter(view.color);
  const rows = switches.map(s => [
    s.name,
    s.kind,
    String(s.vni ?? ''),
    s.subnets.join(', '),
    s.at.map(({ who, addresses }) => `${who} ${addresses.join(', ')}`).join('; '),
  ]);
  return [
    ...(connections.length > 0 ? [containers(connections, paint)] : []),
    ...(rows.length > 0 ? [renderTable(['SWITCH', 'KIND', 'VNI', 'SUBNETS', 'ADDRESSES'], rows, paint)] : []),
  ].join('\n\n');
}

function containers(list: readonly ConnectionAddresses[], paint: Paint): string {
  const rows = list.map(c => [
    c.host,
    c.service,
    c.at,
    c.addresses.length > 0
      ? printable(c.addresses.join(', '))
      : paint('dim', c.given === 'engine' ? "the engine's" : 'none'),
    printable(c.mac),
    c.on,
    String(c.vni ?? ''),
  ]);
  return renderTable(['HOST', 'SERVICE', 'AT', 'ADDRESSES', 'MAC', 'ON', 'VNI'], rows, paint);
}
