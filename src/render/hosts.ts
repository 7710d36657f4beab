import type { HostReport, HostsReport } from '../app/index.js';
import { type Paint, painter, printable } from './paint.js';
import { renderTable } from './table.js';

/** Programs by what people install them as. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  iptables: 'iptables',
  nft: 'nftables',
  wg: 'wireguard',
  vppctl: 'vpp',
  'vale-ctl': 'vale',
  vde_switch: 'vde',
};

/** `topo hosts`: a line per host. What is wrong is only counted; its words are for the diagnostics. Ends without a newline. */
export function renderHosts(report: HostsReport, view: { readonly color: boolean }): string {
  const paint = painter(view.color);
  const rows = report.hosts.map(host => rowOf(host, paint));
  return renderTable(['HOST', 'REACHED', 'RTT', 'SYSTEM', 'ENGINE', 'TOOLS', 'FOR THIS FILE'], rows, paint);
}

function rowOf(host: HostReport, paint: Paint): readonly string[] {
  const { problems, roundTrip, state } = host;
  const verdict =
    problems.length === 0
      ? paint('green', state === 'reached' ? 'ready' : state)
      : paint(
          'red',
          problems.length === 1 && state === 'unreachable'
            ? state
            : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
        );
  return [
    paint('bold', host.host),
    host.reached === '' || host.reached === host.given ? host.given : `${host.given} → ${host.reached}`,
    roundTrip === undefined ? '' : `${roundTrip} ms`,
    printable([host.system, host.kernel, host.arch].filter(Boolean).join(', ')),
    printable(engineOf(host)),
    Object.entries(PACKAGES)
      .flatMap(([tool, name]) => (tool in host.tools ? [name] : []))
      .join(' '),
    verdict,
  ];
}

function engineOf({ engine, firewall, rootless }: HostReport): string {
  return [engine, firewall, ...(rootless ? ['rootless'] : [])].filter(Boolean).join(', ');
}
