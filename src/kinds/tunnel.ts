import { parseAddress, spellAddress, type Link } from '../core/index.js';
import { addTunnel, type TunnelLink } from '../tools/index.js';
import { changed } from './fields.js';
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
    ...changed('vni', data['id'], want.vni),
    ...changed('port', data['port'], want.port),
    ...changed('local', data['local'] ?? data['local6'], spellAddress(want.local)),
    ...changed('remote', data['remote'] ?? data['remote6'], spellAddress(want.remote)),
    ...changed('learning', data['learning'] ?? true, false),
    ...(parseAddress(want.local)?.family === 4 ? changed('df', data['df'] ?? 'unset', 'set') : []),
  ],
  claims: ({ vni, port }) => [claim(vni, port)],
  holds: ({ data }: Link) => [claim(data['id'], data['port'])],
});

function claim(vni: unknown, port: unknown): string {
  return `VNI ${String(vni)} on UDP port ${String(port)}`;
}
