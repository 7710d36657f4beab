import { nearest, TopoError } from '../../core/index.js';

/** What oclif throws where it can't make sense of a command line; `flags` of flags that nobody knows. */
interface ParseError extends Error {
  readonly flags?: readonly string[];
}

export function isParseError(error: Error): error is ParseError {
  return 'oclif' in error && ('parse' in error || error.message.startsWith('Parsing --'));
}

/** A command line that can't be, as every other error is told. `known`: the flags that the command takes. */
export function asUsageError(error: ParseError, command: string, known: readonly string[]): TopoError {
  const flag = error.flags?.[0];
  const near =
    flag === undefined
      ? undefined
      : nearest(
          flag,
          known.map(name => `--${name}`),
        );
  return new TopoError(flag === undefined ? said(error) : `${command} has no flag ${flag}`, {
    code: 'usage',
    who: 'user',
    hint: near === undefined ? `${command} --help tells what it takes` : `did you mean ${near}?`,
    cause: error,
  });
}

/** Without what oclif adds to every message, in one line. */
function said({ message }: Error): string {
  const [own = ''] = message.split(/\n\nNote: |\nSee more help with --help/);
  const bare = own.replace(/^The following errors? occurred:/, '');
  const text = bare.replaceAll(/\s*\n\s*/g, ' ').trim();
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
