import { z } from 'zod';
import type { DependencyDeclaration } from '../core/index.js';
import { closed, key } from './blocks.js';

type LifeInput = z.input<z.ZodObject<ReturnType<typeof lifeKeys>>>;

const CONDITIONS = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
} as const;

/** What comes before a service's containers start. */
export function lifeKeys() {
  return {
    depends_on: key(
      z.union([z.array(z.string()), z.record(z.string(), dependency())]),
      'Services of the stack that come first.',
    ),
  };
}

/** The input has been validated. */
export function expandDependencies({
  depends_on: input = [],
}: LifeInput): Readonly<Record<string, DependencyDeclaration>> {
  if (Array.isArray(input)) return Object.fromEntries(input.map(name => [name, STARTED]));
  return Object.fromEntries(
    Object.entries(input).map(([name, { condition, required = true, restart = false }]) => [
      name,
      { condition: CONDITIONS[condition], required, restart },
    ]),
  );
}

const STARTED: DependencyDeclaration = { condition: 'started', required: true, restart: false };

function dependency() {
  return closed({
    condition: z
      .enum(['service_started', 'service_healthy', 'service_completed_successfully'])
      .describe('What it must have come to.'),
    required: key(
      z.boolean(),
      'Whether nothing starts where it is missing or fails; else that is passed over.',
      true,
    ),
    restart: key(z.boolean(), 'Whether this service is started again where that one is made anew.', false),
  });
}
