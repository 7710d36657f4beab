import { z } from 'zod';
import type { DependencyDeclaration, HookDeclaration } from '../core/index.js';
import { closed, key } from './blocks.js';
import { commandSchema, expandCommand } from './command.js';
import { environmentSchema, expandEnvironment } from './environment.js';
import { given } from './given.js';

type LifeInput = z.input<z.ZodObject<ReturnType<typeof lifeKeys>>>;

const CONDITIONS = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
} as const;

/** What comes before a service's containers start, and right after. */
export function lifeKeys() {
  return {
    depends_on: key(
      z.union([z.array(z.string()), z.record(z.string(), dependency())]),
      'Services of the stack that come first.',
    ),
    post_start: key(z.array(hook()), 'Commands run in it each time it was started.'),
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

/** The input has been validated. */
export function expandHooks({ post_start: hooks = [] }: LifeInput): readonly HookDeclaration[] {
  return hooks.map(({ command, user, privileged = false, working_dir: dir, environment }) => ({
    command: expandCommand(command) ?? [],
    privileged,
    environment: expandEnvironment(environment),
    ...given({ user: user === undefined ? undefined : String(user), workingDir: dir }),
  }));
}

function hook() {
  return closed({
    command: commandSchema().describe('What is run.'),
    user: key(
      z.union([z.string().min(1), z.int().min(0)]),
      "The user it runs as; by default the container's.",
    ),
    privileged: key(z.boolean(), 'Whether it may do everything.', false),
    working_dir: key(z.string().min(1), "The directory it runs in; by default the container's."),
    environment: key(environmentSchema(), "Environment beside the container's."),
  });
}

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
