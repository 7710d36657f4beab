import type { Resolved } from '../core/index.js';
import { painter } from './paint.js';
import { count } from './words.js';

/** `two-sites is valid: 3 hosts, 2 stacks with 4 services, 1 switch, 5 links, 2 checks`: a port on a switch is a link too. */
export function renderValid(resolved: Resolved, view: { readonly color: boolean }): string {
  const { name, hosts, stacks, switches, links, checks } = resolved;
  const services = stacks.flatMap(stack => stack.services).length;
  const parts = [
    count(hosts.length, 'host'),
    `${count(stacks.length, 'stack')} with ${count(services, 'service')}`,
    switches.length === 1 ? '1 switch' : `${switches.length} switches`,
    count(links.length, 'link'),
    count(checks.length, 'check'),
  ];
  return `${painter(view.color)('green', `${name} is valid:`)} ${parts.join(', ')}`;
}
