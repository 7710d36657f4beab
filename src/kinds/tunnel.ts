import { parseAddress, spellAddress, type Difference, type Link } from '../core/index.js';
import { addTunnel, type TunnelLink } from '../tools/index.js';
import { wireEnd } from './plug.js';
import { wireKind, type WireSpec } from './wire.js';

/** One host's end of a VXLAN (RFC 7348) to one other host: transparent for every frame, for nothing between bridges it. */
export interface TunnelSpec extends WireSpec, TunnelLink {}

/** A VNI and port are had once by a host, also where the device stands inside a container and can't be seen from the host. */
export const tunnel = wireKind<TunnelSpec>({
  name: 'tunnel',
  noun: 'tunnel',
  device: 'vxlan',
  add: spec => addTunnel(wireEnd(spec.plugs[0]!), spec, spec.topology),
  fixed: (want, { data }) => [
    ...field('vni', data['id'], want.vni),
    ...field('port', data['port'], want.port),
    ...field('local', data['local'] ?? data['local6'], spellAddress(want.local)),
    ...field('remote', data['remote'] ?? data['remote6'], spellAddress(want.remote)),
    ...field('learning', data['learning'] ?? true, false),
    ...(parseAddress(want.local)?.family === 4 ? field('df', data['df'] ?? 'unset', 'set') : []),
  ],
  claims: ({ vni, port }) => [claim(vni, port)],
  holds: ({ data }: Link) => [claim(data['id'], data['port'])],
});

function claim(vni: unknown, port: unknown): string {
  return `VNI ${String(vni)} on UDP port ${String(port)}`;
}

function field(name: string, have: unknown, want: unknown): readonly Difference[] {
  return String(have) === String(want)
    ? []
    : [{ field: name, have: String(have ?? 'none'), want: String(want) }];
}
