import { z } from 'zod';
import type { Healthcheck, ServiceSettings } from '../core/index.js';
import { closed, complain, isMap, key, text } from './blocks.js';
import { composeDuration, milliseconds } from './phrases.js';
import { given, ifSet } from './given.js';

type ProcessInput = z.input<z.ZodObject<ReturnType<typeof processKeys>>>;
type HealthInput = NonNullable<ProcessInput['healthcheck']>;

/** As whom, where and how a service's program runs and ends, and what tells that it is well. */
export function processKeys() {
  return {
    user: key(z.union([z.string().min(1), z.int().min(0)]), "The user it runs as; by default the image's."),
    working_dir: key(z.string().min(1), "The directory it runs in; by default the image's."),
    hostname: key(hostName(), 'Its host name.'),
    domainname: key(hostName(), 'Its domain name.'),
    init: key(z.boolean(), 'Whether an init process runs in it, and reaps what dies.'),
    tty: key(z.boolean(), 'Whether it has a terminal.', false),
    stdin_open: key(z.boolean(), 'Whether its standard input stays open.', false),
    stop_signal: key(
      text({ what: 'a signal such as SIGTERM', test: /^(SIG)?[A-Z][A-Z0-9+-]*$|^\d{1,2}$/ }),
      "The signal that ends it; by default the image's, or SIGTERM.",
    ),
    stop_grace_period: key(composeDuration(), 'How long it may take to end before it is killed.', '10s'),
    healthcheck: key(healthcheck(), "What tells that it is healthy; by default the image's."),
  };
}

/** The input has been validated. */
export function expandProcess(input: ProcessInput): ServiceSettings {
  const { user, stop_grace_period: grace, healthcheck: health } = input;
  return given({
    user: user === undefined ? undefined : String(user),
    workingDir: input.working_dir,
    hostname: input.hostname,
    domainname: input.domainname,
    init: input.init,
    tty: ifSet(input.tty),
    stdinOpen: ifSet(input.stdin_open),
    stopSignal: input.stop_signal,
    stopGracePeriod: grace === undefined ? undefined : milliseconds(grace),
    healthcheck: health && expandHealthcheck(health),
  });
}

function hostName() {
  return text({
    what: 'a host name (RFC 1123)',
    test: /^(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,62})(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,62}))*$/,
  });
}

function healthcheck() {
  return closed({
    test: key(
      z.union([z.string().min(1), testWords()]),
      'A command for the shell, or [CMD, …], [CMD-SHELL, …] or [NONE].',
    ),
    interval: key(composeDuration(), 'Between two tries.', '30s'),
    timeout: key(composeDuration(), 'How long one try may take.', '30s'),
    retries: key(z.int().min(1), 'After how many failures it is unhealthy.', 3),
    start_period: key(composeDuration(), 'How long failures do not count at first.', '0s'),
    start_interval: key(composeDuration(), 'Between two tries in the start period.', '5s'),
    disable: key(z.boolean(), "Turns the image's own off.", false),
  }).superRefine(
    (value, context) => {
      if (!isMap(value) || value.disable !== true || value.test === undefined) return;
      const summary = 'a healthcheck that is disabled and has a test';
      complain(context, { is: 'said', code: 'key.conflict', summary, hint: 'leave one of them out' });
    },
    { when: ({ value }) => isMap(value) },
  );
}

function testWords() {
  return z.array(z.string()).superRefine((words, context) => {
    const [first, ...rest] = words;
    const isWhole = first === 'NONE' ? rest.length === 0 : rest.length > 0;
    if (['NONE', 'CMD', 'CMD-SHELL'].includes(first ?? '') && isWhole) return;
    complain(context, {
      is: 'not',
      what: 'a test of health',
      code: 'value.invalid',
      hint: 'it begins with CMD (a program and its arguments), CMD-SHELL (a line for the shell) or is [NONE]',
    });
  });
}

function expandHealthcheck(input: HealthInput): Healthcheck {
  const { test, disable = false } = input;
  const time = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : milliseconds(value);
  return given({
    test: disable ? ['NONE'] : typeof test === 'string' ? ['CMD-SHELL', test] : test,
    interval: time(input.interval),
    timeout: time(input.timeout),
    startPeriod: time(input.start_period),
    startInterval: time(input.start_interval),
    retries: input.retries,
  });
}
