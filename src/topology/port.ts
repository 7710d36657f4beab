import { z } from 'zod';
import { parseAddress } from '../core/index.js';
import type { PortDeclaration } from '../core/index.js';
import { closed, complain, ignored, key, lazily, text } from './blocks.js';
import { portNumber } from './phrases.js';

export type PortInput = z.input<ReturnType<typeof portSchema>>;
type Protocol = PortDeclaration['protocol'];

/** A published port: `[[ip:]host:]container[/protocol]`, where host and container may be ranges; or a map. */
export const portSchema = lazily(() =>
  z
    .union([portNumber(), shortPort(), longPort()])
    .meta({ id: 'port', description: 'A published port: [[IP:]HOST:]CONTAINER[/PROTOCOL], or a map.' }),
);

/** One declaration a port: a range gives many. The input has been validated. */
export function expandPort(input: PortInput): readonly PortDeclaration[] {
  if (typeof input === 'number') return [{ container: input, protocol: 'tcp' }];
  if (typeof input === 'string') return parsePort(input) as readonly PortDeclaration[];
  const host = input.published === undefined ? undefined : Number(input.published);
  const rest = {
    ...(input.host_ip !== undefined && { hostIp: input.host_ip }),
    ...(host !== undefined && { host }),
  };
  return [{ container: input.target, protocol: input.protocol ?? 'tcp', ...rest }];
}

function shortPort() {
  return z
    .string()
    .superRefine((value, context) => {
      const parsed = parsePort(value);
      if (parsed === 'choice') {
        const what = 'letting the engine choose a host port from a range is';
        complain(context, {
          is: 'not-yet',
          what,
          hint: 'give one host port, or as many as there are container ports',
        });
      } else if (parsed === undefined) {
        complain(context, {
          is: 'not',
          what: 'a port ([[IP:]HOST:]CONTAINER[/PROTOCOL])',
          code: 'value.invalid',
          hint: 'such as "8080:80" or "53:53/udp"; ports are 1 to 65535',
        });
      }
    })
    .meta({ examples: ['8080:80', '53:53/udp'] });
}

function longPort() {
  return closed({
    target: portNumber().describe('The port in the container.'),
    published: key(
      z.union([portNumber(), publishedText()]),
      'The port of the host; by default the engine chooses.',
    ),
    host_ip: key(
      text({ what: 'an address', test: value => parseAddress(value) !== undefined }),
      'The address of the host; by default all.',
    ),
    protocol: key(z.enum(['tcp', 'udp', 'sctp']), 'The protocol.', 'tcp'),
    mode: ignored(),
    name: ignored(),
    app_protocol: ignored(),
  });
}

function publishedText() {
  return text({
    what: 'a port (1 to 65535)',
    test: value => /^\d{1,5}$/.test(value) && isPort(Number(value)),
  });
}

/** The declarations; `choice` where a range stands before a single container port; undefined where it is no port. */
function parsePort(text: string): readonly PortDeclaration[] | 'choice' | undefined {
  const match =
    /^(?:(?:(\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]):)?(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/.exec(
      text,
    );
  if (!match) return undefined;
  const hostIp = match[1]?.replace(/^\[|\]$/g, '');
  const hosts = match[2] === undefined ? [] : range(match[2]);
  const containers = range(match[3]!);
  const badIp = hostIp !== undefined && !parseAddress(hostIp);
  if (badIp || !hosts || !containers) return undefined;
  if (hosts.length > 1 && containers.length === 1) return 'choice';
  if (hosts.length > 0 && hosts.length !== containers.length) return undefined;
  const protocol = (match[4] ?? 'tcp') as Protocol;
  return containers.map((container, i) => ({
    container,
    protocol,
    ...(hostIp !== undefined && { hostIp }),
    ...(hosts[i] !== undefined && { host: hosts[i] }),
  }));
}

/** `3000-3005` as its numbers; undefined where they are no ports, or run backwards. */
function range(text: string): readonly number[] | undefined {
  const [from = 0, to = from] = text.split('-').map(Number);
  if (!isPort(from) || !isPort(to) || to < from) return undefined;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function isPort(n: number): boolean {
  return Number.isInteger(n) && n >= 1 && n <= 65535;
}
