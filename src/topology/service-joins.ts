import { z } from 'zod';
import type { ServiceSettings } from '../core/index.js';
import { key, text } from './blocks.js';
import { given } from './given.js';
import { macAddress } from './membership.js';
import { portNumber } from './phrases.js';

type JoinsInput = z.input<z.ZodObject<ReturnType<typeof joinKeys>>>;

const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/;

/** What a service has of others, and shows to them. */
export function joinKeys() {
  return {
    links: key(
      z.array(link('a service of the stack (SERVICE[:ALIAS])')),
      'Services that it knows by other names.',
    ),
    external_links: key(
      z.array(link('a container (CONTAINER[:ALIAS])')),
      'The same of containers of others.',
    ),
    volumes_from: key(
      z.array(
        text({
          what: 'a service or container with mounts (SERVICE[:ro] or container:NAME[:ro])',
          test: /^(container:)?[a-zA-Z0-9][\w.-]*(:(ro|rw|z|Z))?$/,
          examples: ['db', 'db:ro', 'container:other'],
        }),
      ),
      'Services and containers whose mounts it has as well.',
    ),
    expose: key(
      z.array(z.union([portNumber(), exposedPorts()])),
      'Ports that it says to have, without publishing them.',
    ),
    mac_address: key(macAddress(), 'The MAC address on its first network.'),
  };
}

/** The input has been validated. */
export function expandJoins(input: JoinsInput): ServiceSettings {
  return given({
    links: input.links,
    externalLinks: input.external_links,
    volumesFrom: input.volumes_from,
    expose: input.expose?.flatMap(port => expandExposed(String(port))),
    macAddress: input.mac_address?.toLowerCase().replaceAll('-', ':'),
  });
}

/** The services that an entry of `links` or `volumes_from` names; undefined for what is of others. Takes any value. */
export function joinedService(key: 'links' | 'volumes_from', entry: unknown): string | undefined {
  if (typeof entry !== 'string' || (key === 'volumes_from' && entry.startsWith('container:')))
    return undefined;
  return entry.split(':')[0];
}

function link(what: string) {
  return text({ what, test: /^[a-zA-Z0-9][\w.-]*(:[a-zA-Z0-9][\w.-]*)?$/, examples: ['db', 'db:database'] });
}

function exposedPorts() {
  return text({
    what: 'a port or a range of ports (80, 53/udp, 3000-3005)',
    test: value => {
      const [, first, last = first] = PORTS.exec(value) ?? [];
      return (
        first !== undefined && Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65535
      );
    },
    examples: ['80', '53/udp', '3000-3005'],
  });
}

function expandExposed(entry: string): readonly string[] {
  const [, first, last = first, protocol = 'tcp'] = PORTS.exec(entry) ?? [];
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => `${Number(first) + i}/${protocol}`);
}
