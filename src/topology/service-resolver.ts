import { z } from 'zod';
import { parseAddress } from '../core/index.js';
import type { ServiceSettings } from '../core/index.js';
import { closed, key, oneOrMore, text } from './blocks.js';
import { expandLabels } from './environment.js';
import { given } from './given.js';
import { address } from './phrases.js';

type ResolverInput = z.input<z.ZodObject<ReturnType<typeof resolverKeys>>>;
type HostsInput = NonNullable<ResolverInput['extra_hosts']>;

/** How a service finds others by name, and where its output goes. */
export function resolverKeys() {
  return {
    dns: key(oneOrMore(address()), 'Name servers.'),
    dns_opt: key(z.array(z.string()), 'Options of its resolver.'),
    dns_search: key(oneOrMore(z.string()), 'Search domains.'),
    extra_hosts: key(
      z.union([z.array(hostEntry()), z.record(z.string(), oneOrMore(hostAddress()))]),
      'Entries of its hosts file: NAME:ADDRESS, or a map.',
    ),
    logging: key(logging(), 'Where its output goes.'),
  };
}

/** The input has been validated. */
export function expandResolver(input: ResolverInput): ServiceSettings {
  const { dns, dns_search: search, extra_hosts: hosts, logging: log } = input;
  return given({
    dns: dns === undefined ? undefined : [dns].flat(),
    dnsOpt: input.dns_opt,
    dnsSearch: search === undefined ? undefined : [search].flat(),
    extraHosts: hosts && expandHosts(hosts),
    logging: log && { ...given({ driver: log.driver }), options: expandLabels(log.options) },
  });
}

/** `NAME:ADDRESS` or `NAME=ADDRESS`; an IPv6 address may be in brackets. */
const ENTRY = /^([^\s:=]+)[:=](.+)$/;

function hostEntry() {
  return text({
    what: 'an entry of a hosts file (NAME:ADDRESS)',
    test: value => isHostAddress(ENTRY.exec(value)?.[2] ?? ''),
    hint: 'such as db:10.0.0.5, or gateway:host-gateway',
    examples: ['db:10.0.0.5', 'gateway:host-gateway'],
  });
}

function hostAddress() {
  return text({ what: 'an address, or host-gateway', test: isHostAddress, examples: ['10.0.0.5'] });
}

function isHostAddress(value: string): boolean {
  return value === 'host-gateway' || parseAddress(unbracketed(value)) !== undefined;
}

function unbracketed(value: string): string {
  return value.replace(/^\[(.*)\]$/, '$1');
}

function expandHosts(input: HostsInput): readonly string[] {
  const pairs = Array.isArray(input)
    ? input.map(entry => ENTRY.exec(entry)!.slice(1))
    : Object.entries(input).flatMap(([name, at]) => [at].flat().map(one => [name, one]));
  return pairs.map(([name = '', at = '']) => `${name}:${unbracketed(at)}`);
}

function logging() {
  const option = z.union([z.string(), z.number(), z.boolean(), z.null()]);
  return closed({
    driver: key(z.string().min(1), "The log driver; by default the engine's."),
    options: key(z.record(z.string(), option), "The driver's options."),
  });
}
