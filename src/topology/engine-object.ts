import { z } from 'zod';
import { closed, complain, isMap, key } from './blocks.js';
import { engineName } from './phrases.js';

/** What networks and volumes have in common: who makes them, with what options, and whether they are there already. */

/** Options of a driver: text, or a number that becomes it. */
export function driverOptions() {
  return z.record(z.string(), z.union([z.string(), z.number()]));
}

/** The input has been validated. */
export function expandOptions(
  input: Readonly<Record<string, string | number>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(input ?? {}).map(([name, value]) => [name, String(value)]));
}

/** `true`, or the older form `{ name }`. */
export function externalSchema() {
  return z.union([z.boolean(), closed({ name: key(engineName(), "The engine's name of it.") })]);
}

/** Whether something is there already and not of this topology. The input has been validated. */
export function isExternal(input: z.input<ReturnType<typeof externalSchema>> | undefined): boolean {
  return input !== undefined && input !== false;
}

/** The engine's name that an element gives itself, in either place. The input has been validated. */
export function ownName(input: {
  readonly name?: string | undefined;
  readonly external?: boolean | { readonly name?: string | undefined } | undefined;
}): string | undefined {
  return input.name ?? (typeof input.external === 'object' ? input.external.name : undefined);
}

/** What is there already is as it is: of all other keys only `name` says something. */
export function checkExternal(noun: string, value: unknown, context: z.RefinementCtx): void {
  if (!isMap(value)) return;
  const { external } = value;
  if (external === undefined || external === false) return;
  for (const other of Object.keys(value)) {
    if (other === 'external' || other.startsWith('x-')) continue;
    if (other === 'name' && !(isMap(external) && external['name'] !== undefined)) continue;
    const summary = `an external ${noun} is there already: ${other} has no say in it`;
    complain(
      context,
      { is: 'said', code: 'key.conflict', summary, hint: `leave ${other} or external out`, at: 'key' },
      [other],
    );
  }
}
