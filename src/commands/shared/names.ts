import * as Args from '@oclif/core/args';
import type { Arg } from '@oclif/core/interfaces';

/** One or more names of sandboxes; a command with it is not `strict`. */
export function sandboxNames(required: boolean): { name: Arg<string | undefined> } {
  return { name: Args.string({ required, description: 'name of a sandbox host; several may be given' }) };
}
