/** What an output can show. */
export interface Terminal {
  readonly color: boolean;
  /** Whether lines may be drawn over: a terminal, and not a CI job's log. */
  readonly interactive: boolean;
}

/**
 * Reads it off a stream and the environment: `NO_COLOR` (any value, no-color.org), `FORCE_COLOR`, `CI`, `TERM=dumb`.
 */
export function terminalOf(
  stream: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const set = (name: string): boolean => (environment[name] ?? '') !== '' && environment[name] !== '0';
  const capable = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const color = (environment['NO_COLOR'] ?? '') === '' && (capable || set('FORCE_COLOR'));
  return { color, interactive: capable && !(set('CI') && environment['CI'] !== 'false') };
}
