import { z } from 'zod';
import { parseAddress } from '../core/index.js';
import type { PortDeclaration } from '../core/index.js';
import { closed, complain, ignored, key, lazily, text } from './blocks.js';
import { portNumber } from './phrases.js';
import { portHint } from './port-hint.js';

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
  if (typeof input === 'string') return parsePort(input) ?? [];
  const [host, hostEnd] = input.published === undefined ? [] : ends(String(input.published))!;
  const rest = {
    ...(input.host_ip !== undefined && { hostIp: input.host_ip }),
    ...(host !== undefined && { host }),
    ...(hostEnd !== undefined && { hostEnd }),
  };
  return [{ container: input.target, protocol: input.protocol ?? 'tcp', ...rest }];
}

/** The same for two spellings of the same published ports; undefined for what is none. Takes any value. */
export function portKey(input: unknown): string | undefined {
  const parsed = portSchema().safeParse(input);
  if (!parsed.success) return typeof input === 'string' ? input : undefined;
  const ports = expandPort(parsed.data);
  return ports.map(p => `${p.hostIp ?? ''}:${p.host ?? ''}:${p.container}/${p.protocol}`).join();
}

function shortPort() {
  return z
    .string()
    .superRefine((value, context) => {
      if (parsePort(value) !== undefined) return;
      complain(context, {
        is: 'not',
        what: 'a port ([[IP:]HOST:]CONTAINER[/PROTOCOL])',
        code: 'value.invalid',
        hint: portHint(value),
      });
    })
    .meta({ examples: ['8080:80', '53:53/udp', '8000-8009:80'] });
}

function longPort() {
  return closed({
    target: portNumber().describe('The port in the container.'),
    published: key(
      z.union([portNumber(), publishedText()]),
      'The port of the host, or a range that the engine takes one of; by default it chooses.',
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
    what: 'a port (1 to 65535), or a range of them',
    test: value => /^\d{1,5}(-\d{1,5})?$/.test(value) && ends(value) !== undefined,
  });
}

/** The declarations, one for each container port; undefined where it is no port. */
function parsePort(text: string): readonly PortDeclaration[] | undefined {
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
  const isChoice = hosts.length > 1 && containers.length === 1;
  if (hosts.length > 0 && hosts.length !== containers.length && !isChoice) return undefined;
  const protocol = (match[4] ?? 'tcp') as Protocol;
  return containers.map((container, i) => ({
    container,
    protocol,
    ...(hostIp !== undefined && { hostIp }),
    ...(hosts[i] !== undefined && { host: hosts[i] }),
    ...(isChoice && { hostEnd: hosts.at(-1)! }),
  }));
}

/** `3000-3005` as its numbers; undefined where they are no ports, or run backwards. */
function range(text: string): readonly number[] | undefined {
  const found = ends(text);
  if (!found) return undefined;
  const [from, to = from] = found;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** First and last port of a range, or the one; undefined as above. */
function ends(text: string): readonly [number] | readonly [number, number] | undefined {
  const [from = 0, to = from] = text.split('-').map(Number);
  if (!isPort(from) || !isPort(to) || to < from) return undefined;
  return to === from ? [from] : [from, to];
}

function isPort(n: number): boolean {
  return Number.isInteger(n) && n >= 1 && n <= 65535;
}
