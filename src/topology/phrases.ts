import { z } from 'zod';
import {
  familyName,
  familyOf,
  formatAddress,
  formatPrefix,
  overlap,
  parseAddress,
  parseInterface,
  parsePrefix,
  PLAIN_NAME,
  TOPOLOGY_NAME,
} from '../core/index.js';
import type { Family, Prefix } from '../core/index.js';
import { complain, lazily, oneOrMore, text } from './blocks.js';

const PLAIN =
  'a name of small letters, digits and "-" that begins with a letter and has at most 31 characters';

/** Names of hosts, stacks and switches. */
export const plainName = lazily(() =>
  text({ what: PLAIN, test: PLAIN_NAME, code: 'name.invalid', hint: plainHint }),
);

/** The name of the topology itself. */
export const topologyName = lazily(() =>
  text({
    what: `${PLAIN}, other than "sandbox"`,
    test: TOPOLOGY_NAME,
    code: 'name.invalid',
    hint: name => (name === 'sandbox' ? 'that name is kept for simulated hosts' : plainHint(name)),
  }),
);

function plainHint(name: string): string | undefined {
  if (/^\d/.test(name)) return suggestion('');
  const letters = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return suggestion(letters.replace(/^[^a-z]+|-+$/g, '').slice(0, 31));
}

/** Names of services, networks and volumes, as the Compose specification has them. */
export const composeName = lazily(() =>
  text({
    what: 'a name of letters, digits, "_", "." and "-" that begins with a letter or a digit',
    test: /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/,
    code: 'name.invalid',
    hint: name =>
      suggestion(
        name
          .replace(/[^a-zA-Z0-9._-]+/g, '-')
          .replace(/^[^a-zA-Z0-9]+/, '')
          .slice(0, 63),
      ),
  }),
);

/** Names that the engine gives: containers, networks, volumes. */
export const engineName = lazily(() =>
  text({
    what: 'a name of letters, digits, "_", "." and "-" that begins with a letter or a digit',
    test: /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/,
    code: 'name.invalid',
  }),
);

/** `stack/service`, with `#n` for the n-th of its containers. */
export const serviceReference = lazily(() =>
  text({
    what: 'a service (stack/service)',
    test: /^[a-z][a-z0-9-]{0,30}\/[a-zA-Z0-9][a-zA-Z0-9._-]*(#[1-9]\d{0,3})?$/,
    examples: ['shop/web'],
  }),
);

/** A network with its length, host bits clear; link-local and multicast ones of IPv6 can't be routed. */
export const subnet = lazily(() =>
  text({
    what: 'a network such as 10.1.1.0/24 or fd00:1::/64',
    test: value => {
      const p = parsePrefix(value);
      return p !== undefined && formatPrefix(p) === canonical(value) && !isUnrouted(p);
    },
    hint: subnetHint,
    examples: ['10.1.1.0/24', 'fd00:1::/64'],
  }),
);

/** An address without a length, of one family where one is given. */
export function address(family?: Family): z.ZodString {
  const examples = ['10.1.1.2', 'fd00:1::2'].filter(e => family === undefined || familyOf(e) === family);
  return text({
    what: `an ${family === undefined ? '' : `${familyName(family)} `}address such as ${examples.join(' or ')}`,
    test: value => {
      const parsed = parseAddress(value);
      return parsed !== undefined && (family === undefined || parsed.family === family);
    },
    hint: value => (parseInterface(value) ? `leave the length out: ${value.split('/')[0]}` : undefined),
    examples,
  });
}

/** An address whose length may be left out. */
export const interfaceAddress = lazily(() =>
  text({
    what: 'an address such as 10.1.1.2, 10.1.1.2/24 or fd00:1::2',
    test: value => (parseAddress(value) ?? parseInterface(value)) !== undefined,
    examples: ['10.1.1.2/24', 'fd00:1::2'],
  }),
);

/** One value or a list of them, of which each family has at most one. */
export function perFamily(
  schema: z.ZodType<string, string>,
): z.ZodType<string | string[], string | string[]> {
  return oneOrMore(schema).superRefine(
    (value, context) => {
      const families = [value].flat().map(v => String(v).includes(':'));
      families.forEach((family, i) => {
        if (families.indexOf(family) === i) return;
        const summary = `${JSON.stringify([value].flat()[i])} is a second one of ${family ? 'IPv6' : 'IPv4'}: there is at most one per family`;
        complain(context, { is: 'said', code: 'value.invalid', summary }, [i]);
      });
    },
    { when: ({ value }) => Array.isArray(value) && value.every(v => typeof v === 'string') },
  );
}

/** A time such as `2s`, `500ms`, `1m30s`; more than none. */
export const duration = lazily(() => timeText(value => milliseconds(value) > 0));

/** A time as Compose has it: also none at all. */
export const composeDuration = lazily(() => timeText(value => milliseconds(value) >= 0));

function timeText(test: (value: string) => boolean): z.ZodString {
  return text({
    what: 'a time such as 2s, 500ms or 1m30s',
    test,
    hint: value => (/^\d+$/.test(value) ? `with its unit: ${value}s` : undefined),
    examples: ['2s', '500ms'],
  });
}

/** Milliseconds of a time such as `1m30s`; NaN where it is none. */
export function milliseconds(value: string): number {
  if (!/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(value)) return NaN;
  const unit: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...value.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)].reduce(
    (sum, [, n, u]) => sum + Number(n) * unit[u!]!,
    0,
  );
}

/** A TCP or UDP port. */
export const portNumber = lazily(() => z.int().min(1).max(65535));

/** An MTU: IPv4 needs 68 bytes (RFC 791), a device takes no more than 65535. */
export const mtu = lazily(() => z.int().min(68).max(65535));

/** Link-local unicast and multicast (RFC 4291, sections 2.5.6 and 2.7). */
function isUnrouted(prefix: Prefix): boolean {
  return ['fe80::/10', 'ff00::/8'].some(text => overlap(parsePrefix(text)!, prefix));
}

function subnetHint(value: string): string | undefined {
  const prefix = parsePrefix(value);
  if (prefix && isUnrouted(prefix))
    return 'link-local and multicast addresses are not routed; unique local ones are in fd00::/8';
  if (prefix) return `perhaps ${formatPrefix(prefix)}: the bits behind the length are 0`;
  const family = familyOf(value);
  return family && `with its length, such as ${value}/${family === 4 ? 24 : 64}`;
}

function canonical(prefix: string): string {
  const [base = '', length = ''] = prefix.split('/');
  const parsed = parseAddress(base);
  return parsed ? `${formatAddress(parsed)}/${Number(length)}` : prefix;
}

function suggestion(better: string): string | undefined {
  return better === '' ? undefined : `perhaps ${better}`;
}
