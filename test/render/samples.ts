import { type Action, type ActionOutcome, OPERATOR, type Plan, type Report } from '../../src/core/index.js';

const BASE = {
  kind: 'container',
  noun: 'container',
  host: 'tera',
  group: { is: 'stack', name: 'shop' },
  verb: 'create',
  cause: 'not there yet',
  drift: false,
  differences: [],
  steps: [],
  after: [],
  destructive: false,
} as const;

/** An action with what a test does not care for filled in. */
export function action(id: number, fields: Partial<Action>): Action {
  const made = { ...BASE, name: `shop/n${id}`, ...fields };
  return { id, resource: `${made.host}/${made.kind}/${made.name}`, ...made };
}

export function planOf(actions: readonly Action[], more: Partial<Plan> = {}): Plan {
  return {
    format: 1,
    topology: 'two-sites',
    digest: 'd'.repeat(64),
    actions,
    unchanged: 0,
    notes: [],
    ...more,
  };
}

const OVERLAY = {
  kind: 'vxlan',
  noun: 'VXLAN device',
  name: 'vxlan1000',
  group: { is: 'switch', name: 'overlay' },
} as const;

/** One action of every sort, on two hosts and the operator's machine. */
export const EVERY_SORT = planOf(
  [
    action(1, {
      kind: 'sandbox',
      noun: 'sandbox host',
      name: 'two-sites-lab1',
      host: OPERATOR,
      group: { is: 'host', name: OPERATOR },
    }),
    action(2, { kind: 'network', noun: 'network', name: 'shop_internal', after: [1] }),
    action(3, {
      name: 'shop/web',
      verb: 'replace',
      cause: 'image has changed',
      after: [2],
      destructive: true,
      differences: [{ field: 'image', have: 'nginx:1.25', want: 'nginx:1.27', replace: true }],
    }),
    action(4, {
      ...OVERLAY,
      verb: 'update',
      cause: 'drifted: mtu was changed',
      drift: true,
      differences: [{ field: 'mtu', have: '1500', want: '1450' }],
    }),
    action(5, { ...OVERLAY, host: 'rog' }),
    action(6, {
      name: 'old/db',
      host: 'rog',
      group: { is: 'stack', name: 'old' },
      verb: 'delete',
      cause: 'no longer in the file',
      destructive: true,
    }),
  ],
  { unchanged: 20, notes: ['volume shop_data is kept; `topo down -v` removes it'] },
);

/** A report with the given outcomes, by action id. */
export function reportOf(
  outcomes: readonly (readonly [number, ActionOutcome])[],
  interrupted = false,
): Report {
  const countOf = (is: ActionOutcome['is']): number =>
    outcomes.filter(([, outcome]) => outcome.is === is).length;
  return {
    outcomes: new Map(outcomes),
    done: countOf('done'),
    failed: countOf('failed'),
    skipped: countOf('skipped'),
    interrupted,
  };
}
