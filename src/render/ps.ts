import type { ContainerStatus, HostStatus, Status, SwitchStatus } from '../app/index.js';
import { replicaName } from '../core/index.js';
import { type Paint, painter, printable } from './paint.js';
import { renderTable } from './table.js';

/** `topo ps`: per host its containers and its switches. Ends without a newline. */
export function renderPs(status: Status, view: { readonly color: boolean }): string {
  const paint = painter(view.color);
  return status.hosts.map(host => renderHost(host, paint)).join('\n\n');
}

function renderHost(host: HostStatus, paint: Paint): string {
  const title = `${paint('bold', host.host)}  ${paint('dim', `${host.reached}, ${host.engine}`)}`;
  const tables = [
    ...(host.containers.length > 0 ? [containers(host.containers, paint)] : []),
    ...(host.switches.length > 0 ? [switches(host.switches, paint)] : []),
    ...host.switches.flatMap(vdeLine),
  ];
  const body = tables.length > 0 ? tables.join('\n\n') : paint('dim', 'nothing of this topology');
  return `${title}\n${body.replace(/^(?=.)/gm, '  ')}`;
}

function containers(list: readonly ContainerStatus[], paint: Paint): string {
  const rows = list.map(c => [
    replicaName(c.stack, c.service, c.number),
    printable(c.image),
    paint(c.state === 'running' ? 'green' : 'red', printable(c.status === '' ? c.state : c.status)),
    c.addresses.join(', '),
    c.ports.join(', '),
  ]);
  return renderTable(['SERVICE', 'IMAGE', 'STATUS', 'ADDRESSES', 'PORTS'], rows, paint);
}

function switches(list: readonly SwitchStatus[], paint: Paint): string {
  const rows = list.map(s => [
    s.name,
    s.kind,
    s.device,
    paint(s.up ? 'green' : 'red', s.up ? 'up' : 'down'),
    s.mtu === 0 ? '' : String(s.mtu),
    s.addresses.join(', '),
    s.peers.join(', '),
  ]);
  return renderTable(['SWITCH', 'KIND', 'DEVICE', 'STATE', 'MTU', 'ADDRESSES', 'PEERS'], rows, paint);
}

/** A line for `qemu-system-…`. */
function vdeLine({ name, vde }: SwitchStatus): readonly string[] {
  if (!vde) return [];
  const { used, ports, qemu } = vde;
  const many = used === undefined ? '' : `${used}${ports === undefined ? '' : ` of ${ports}`} ports in use; `;
  return [`${name}: ${many}a QEMU guest joins with ${qemu}`];
}
