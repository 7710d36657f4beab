import * as Args from '@oclif/core/args';
import type { Arg } from '@oclif/core/interfaces';
import type { Applied } from '../../app/index.js';
import { printApplied } from './applied.js';
import { exitOfApplied } from './exit.js';
import type { Session } from './session.js';

/** Ends of links; a command with it is not `strict`. */
export function linkEnds(required: boolean): { end: Arg<string | undefined> } {
  const description = `end of a link, as \`link show\` names it, or a link${required ? '' : '; several may be given, all by default'}`;
  return { end: Args.string({ required, description }) };
}

/** Prints what was changed of links, a line each, and gives the exit code. `since` as of `printApplied`. */
export function printChanged(session: Session, applied: Applied, since: number, json: boolean): number {
  const { plan } = applied.planned;
  const exit = exitOfApplied(applied);
  if (json || !plan || exit !== 0) return printApplied(session, applied, since, json);
  const lines = plan.actions.flatMap(({ name, host, differences }) =>
    differences.map(({ field, have, want }) => `${name} on ${host}: ${field} ${have} → ${want}`),
  );
  session.print(lines.length === 0 ? 'Nothing to change: it is so already.' : lines.join('\n'));
  return exit;
}
