import { z } from 'zod';
import type { CheckDeclaration, DocPath, Family } from '../core/index.js';
import { closed, complain, isMap, key, later, lazily, text } from './blocks.js';
import { duration, milliseconds, portNumber, serviceReference } from './phrases.js';

export type CheckInput = z.input<ReturnType<typeof checkSchema>>;

const TESTS = ['ping', 'http', 'tcp', 'dns', 'exec'];

/** Something that `topo check` proves from inside a container. */
export const checkSchema = lazily(() =>
  closed({
    from: serviceReference().describe('The service it is tried from.'),
    ping: key(serviceReference(), 'The service that must answer.'),
    http: key(http(), 'The page that must be there.'),
    tcp: later(z.union([z.string(), z.looseObject({})]), 'The port that must be open.'),
    dns: later(z.union([z.string(), z.looseObject({})]), 'The name that must be known.'),
    exec: later(z.union([z.string(), z.array(z.string())]), 'The command that must succeed.'),
    expect: key(z.enum(['ok', 'unreachable']), 'What must come of it.', 'ok'),
    retries: key(z.int().min(0).max(1000), 'How often it is tried again.', 10),
    timeout: key(duration(), 'How long one try may take.', '2s'),
    family: key(
      z.union([z.literal(4), z.literal(6), z.enum(['ipv4', 'ipv6'])]),
      'The IP version; by default any that both ends have, IPv4 first.',
    ),
  })
    .superRefine(
      (value, context) => {
        const given = TESTS.filter(test => Object.hasOwn(value, test));
        if (given.length === 1) return;
        const none = given.length === 0;
        const summary = none ? 'a check without a test' : `a check has one test, not ${given.join(' and ')}`;
        const hint = none
          ? 'add ping: stack/service, or http: { to: stack/service }'
          : 'make it several checks';
        complain(context, {
          is: 'said',
          code: none ? 'key.missing' : 'key.conflict',
          summary,
          hint,
          at: 'key',
        });
      },
      { when: ({ value }) => isMap(value) },
    )
    .meta({ id: 'check', description: 'Something that topo check proves from inside a container.' }),
);

/** The input has been validated; `path` is where it stands. */
export function expandCheck(input: CheckInput, path: DocPath): CheckDeclaration {
  const { from, ping, http: page, family, expect = 'ok', retries = 10, timeout = '2s' } = input;
  const test: CheckDeclaration['test'] = page
    ? { is: 'http', to: page.to, port: page.port ?? 80, path: page.path ?? '/', status: page.status ?? 200 }
    : { is: 'ping', to: ping! };
  const version = family === undefined ? {} : { family: familyNumber(family) };
  return { from, test, ...version, expect, retries, timeout: milliseconds(timeout), path };
}

function familyNumber(family: NonNullable<CheckInput['family']>): Family {
  return family === 6 || family === 'ipv6' ? 6 : 4;
}

function http() {
  return closed({
    to: serviceReference().describe('The service.'),
    port: key(portNumber(), 'The port.', 80),
    path: key(text({ what: 'a path that begins with "/"', test: /^\/[^\s]*$/ }), 'The path.', '/'),
    status: key(z.int().min(100).max(599), 'The status.', 200),
  });
}
