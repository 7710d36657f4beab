import { DIVIDER } from './script.js';

/** What one part of the script gave. `why` is there exactly where it failed. */
export interface Section {
  readonly text: string;
  readonly why?: string;
}

/** Takes the script's output apart, by name of part. stderr bears the same dividers. */
export function sectionsOf(stdout: string, stderr: string): ReadonlyMap<string, Section> {
  const complaints = new Map(divided(stderr).map(({ name, text }) => [name, text.trim()]));
  const parts = divided(stdout);
  return new Map(
    parts.flatMap(({ name, text }, i) => {
      const status = /^= (\d+)$/.exec(parts[i + 1]?.name ?? '')?.[1];
      if (status === undefined) return [];
      const why = status === '0' ? {} : { why: complaints.get(name) || `exit code ${status}` };
      return [[name, { text, ...why }] as const];
    }),
  );
}

function divided(output: string): readonly { name: string; text: string }[] {
  const pieces = output.split(new RegExp(`^${DIVIDER} (.*)\n`, 'm'));
  return pieces.flatMap((name, i) => (i % 2 === 1 ? [{ name, text: pieces[i + 1]! }] : []));
}
