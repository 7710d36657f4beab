import { join } from 'node:path';
import { inside, type Ran } from '../support/cli.js';
import type { Case } from './cases.js';
import { COMPOSE, type Lab } from './engine.js';

/** Runs `docker compose` of a case on the lab's host. */
export function compose(lab: Lab, one: Case, ...argv: readonly string[]): Promise<Ran> {
  const files = one.files.flatMap(file => ['-f', join(lab.cwd, one.name, file)]);
  const profiles = one.profiles.flatMap(profile => ['--profile', profile]);
  const own = Object.entries(one.environment).map(([name, value]) => `${name}=${value}`);
  const environment = ['env', 'HOME=/run/root', 'BUILDKIT_PROGRESS=plain', ...own];
  return inside(
    lab.sandbox,
    ...environment,
    `${COMPOSE}docker-compose`,
    '--ansi=never',
    '-p',
    one.project,
    ...files,
    ...profiles,
    ...argv,
  );
}
