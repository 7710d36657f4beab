import { z } from 'zod';
import type { DeviceReservation, RestartPolicy } from '../core/index.js';
import { closed, complain, ignored, isMap, key, lazily } from './blocks.js';
import { expandLabels, environmentSchema } from './environment.js';
import { given } from './given.js';
import { byteCount, bytes, numberOr, processors, whole } from './sizes.js';

export type DeployInput = z.input<ReturnType<typeof deploySchema>>;
type DeviceInput = z.input<ReturnType<typeof device>>;

/** What Compose acts on of `deploy` on an engine that is in no swarm; the rest is a swarm's. */
export const deploySchema = lazily(() =>
  closed({
    replicas: key(whole(0), 'How many containers.', 1),
    resources: key(
      closed({ limits: key(limits(), 'At most.'), reservations: key(reservations(), 'At least.') }),
      'What of the machine it may use.',
    ),
    restart_policy: key(restartPolicy(), 'What happens when it ends; wins over restart.'),
    ...Object.fromEntries(
      ['mode', 'endpoint_mode', 'labels', 'placement', 'rollback_config', 'update_config'].map(name => [
        name,
        ignored(),
      ]),
    ),
  }),
);

/** What Compose refuses of `deploy` beside the older keys. */
export function checkDeploy(value: Record<string, unknown>, context: z.RefinementCtx): void {
  const deploy = value['deploy'];
  if (!isMap(deploy)) return;
  const resources = isMap(deploy['resources']) ? deploy['resources'] : {};
  const [limits, reservations] = [resources['limits'], resources['reservations']];
  const pairs: readonly Pair[] = [
    { old: 'scale', side: deploy, key: 'replicas', path: ['replicas'], alone: true },
    { old: 'cpus', side: limits, key: 'cpus', path: ['resources', 'limits', 'cpus'] },
    { old: 'mem_limit', side: limits, key: 'memory', path: ['resources', 'limits', 'memory'] },
    { old: 'pids_limit', side: limits, key: 'pids', path: ['resources', 'limits', 'pids'] },
    {
      old: 'mem_reservation',
      side: reservations,
      key: 'memory',
      path: ['resources', 'reservations', 'memory'],
    },
  ];
  for (const { old, side, key: name, path, alone } of pairs) {
    const [mine, theirs] = [value[old], isMap(side) ? side[name] : undefined];
    const isOpen = alone ? mine === undefined || theirs === undefined : isNothing(mine);
    if (!isMap(side) || isOpen || same(mine, theirs)) continue;
    const there = theirs === undefined ? 'leaves it open' : `says ${JSON.stringify(theirs)}`;
    const summary = `${old} says ${JSON.stringify(mine)}, and deploy.${path.join('.')} ${there}`;
    complain(
      context,
      {
        is: 'said',
        code: 'key.conflict',
        summary,
        hint: 'give both the same value, or leave one out',
        at: 'key',
      },
      [old],
    );
  }
}

interface Pair {
  readonly old: string;
  readonly side: unknown;
  readonly key: string;
  readonly path: readonly string[];
  /** Only where both are given. */
  readonly alone?: true;
}

/** The restart policy of `deploy`, undefined where it has none. The input has been validated. */
export function expandRestartPolicy(deploy: DeployInput | null | undefined): RestartPolicy | undefined {
  const policy = deploy?.restart_policy;
  if (policy === undefined) return undefined;
  const name = CONDITIONS[policy.condition ?? 'any'];
  const retries = numberOr(policy.max_attempts);
  return { name, ...(retries !== undefined && name === 'on-failure' && { retries }) };
}

/** The devices that a service reserves. The input has been validated. */
export function expandReservedDevices(
  deploy: DeployInput | null | undefined,
): readonly DeviceReservation[] | undefined {
  return deploy?.resources?.reservations?.devices?.map(expandDevice);
}

const CONDITIONS = { none: 'no', 'on-failure': 'on-failure', any: 'always' } as const;

function limits() {
  return closed({
    cpus: key(processors(), 'How many processors it may use.'),
    memory: key(bytes(), 'How much memory it may use.'),
    pids: key(whole(-1), 'How many processes it may have.'),
  });
}

function reservations() {
  return closed({
    memory: key(bytes(), 'What it is brought down to where memory is short.'),
    devices: key(z.array(device()), 'Devices that it needs, such as graphics processors.'),
    cpus: ignored(),
    generic_resources: ignored(),
  });
}

function device() {
  return closed({
    capabilities: z.array(z.string().min(1)).describe('What it must be able to do: gpu, compute …'),
    driver: key(z.string(), 'Whose devices.'),
    count: key(z.union([z.literal('all'), whole(-1)]), 'How many.', 'all'),
    device_ids: key(z.array(z.string()), 'Which ones.'),
    options: key(environmentSchema(), "The driver's options."),
  }).superRefine(
    (value, context) => {
      if (!isMap(value) || value.count === undefined || value.device_ids === undefined) return;
      const summary = 'count and device_ids exclude each other';
      complain(
        context,
        { is: 'said', code: 'key.conflict', summary, hint: 'leave one of them out', at: 'key' },
        ['count'],
      );
    },
    { when: ({ value }) => isMap(value) },
  );
}

function expandDevice(input: DeviceInput): DeviceReservation {
  const { count = input.device_ids ? 0 : 'all' } = input;
  return {
    capabilities: input.capabilities,
    count: count === 'all' ? -1 : Number(count),
    ...given({ driver: input.driver, ids: input.device_ids }),
    options: expandLabels(input.options),
  };
}

function restartPolicy() {
  return closed({
    condition: key(z.enum(['none', 'on-failure', 'any']), 'When it is started again.', 'any'),
    max_attempts: key(whole(0), 'How often at most.'),
    delay: ignored(),
    window: ignored(),
  });
}

/** Compose takes 0 for not said. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'number' && value === 0);
}

function same(a: unknown, b: unknown): boolean {
  return measure(a) === measure(b);
}

function measure(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return Number.isNaN(Number(value)) ? byteCount(value) : Number(value);
}
