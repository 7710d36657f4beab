import type { Diagnostic, HostView, Resolved, ResolvedVpp, VppHost, VppState } from '../core/index.js';
import { placeOf } from './clash-words.js';
import { portMedium, vppEnds } from './vpp-ends.js';

/** Since which release what a switch is made of is a plugin; before, it was built in (tags of its public repository). */
const PLUGINS = [
  { plugin: 'af_packet', since: '23.02', what: 'ports on network devices' },
  { plugin: 'vxlan', since: '23.06', what: 'tunnels between hosts' },
  { plugin: 'memif', since: '', what: 'ports by memif' },
  { plugin: 'vhost', since: '23.02', what: 'ports by vhost-user' },
  { plugin: 'tap', since: '26.02', what: 'ports by tap' },
] as const;

/** Plugins that a VPP has not loaded and a switch needs there. */
export function withoutPlugins(
  resolved: Resolved,
  on: ResolvedVpp,
  at: VppHost,
  { facts, inventory: { vpp } }: HostView,
): readonly Diagnostic[] {
  if (!vpp || facts.vpp?.is !== 'running') return [];
  const release = /(\d\d\.\d\d)/.exec(facts.vpp.version)?.[1] ?? '';
  return PLUGINS.filter(
    ({ plugin, since }) => release >= since && !vpp.plugins.includes(`${plugin}_plugin.so`),
  )
    .filter(({ plugin }) => isNeeded(plugin, resolved, on, at, vpp))
    .map(({ plugin, what }) => ({
      severity: 'error',
      code: 'vpp.plugin',
      host: at.host,
      ...placeOf(resolved, at.path),
      summary: `VPP on ${at.host} has not loaded its plugin ${plugin}, which makes ${what}`,
      hint: `enable it in startup.conf: plugins { plugin ${plugin}_plugin.so { enable } }`,
    }));
}

const MEDIA = { af_packet: 'veth', memif: 'memif', vhost: 'vhost-user', tap: 'tap' } as const;

function isNeeded(
  plugin: (typeof PLUGINS)[number]['plugin'],
  resolved: Resolved,
  on: ResolvedVpp,
  { host, uplink }: VppHost,
  { interfaces }: VppState,
): boolean {
  if (plugin === 'vxlan') return on.tunnel === 'vxlan';
  const isDevice = uplink !== undefined && !interfaces.some(i => i.name === uplink);
  if (plugin === 'af_packet' && isDevice) return true;
  return vppEnds(resolved, on, host).some(port => portMedium(port) === MEDIA[plugin]);
}
