import type { Step } from '../core/index.js';

/** The sysctls that are read from every host. */
export const SYSCTLS = [
  'net.ipv4.ip_forward',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.conf.default.rp_filter',
  'net.ipv6.conf.all.accept_ra',
  'net.ipv6.conf.all.disable_ipv6',
  'net.ipv6.conf.all.forwarding',
  'net.bridge.bridge-nf-call-ip6tables',
  'net.bridge.bridge-nf-call-iptables',
] as const;

/** Writes a sysctl of the host. */
export function setSysctl(key: string, value: string): Step {
  return {
    via: 'exec',
    argv: ['sysctl', '-q', '-w', `${key}=${value}`],
    mutates: true,
    label: `${key} = ${value}`,
  };
}

/** Keeps a device from giving itself a link-local address and soliciting routers; nothing where the kernel has no IPv6 (`-e`). */
export function quietIpv6(device: string): Step {
  const argv = ['sysctl', '-e', '-q', '-w', `net/ipv6/conf/${device}/addr_gen_mode=1`];
  return { via: 'exec', argv, mutates: true, label: `no automatic IPv6 on ${device}` };
}

/** Reads lines of `key = value`, as `sysctl -e` prints them for the keys that there are. */
export function parseSysctls(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').map(line => /^(\S+) = (.*)$/.exec(line));
  return Object.fromEntries(lines.flatMap(m => (m ? [[m[1]!, m[2]!.trim()]] : [])));
}
