import { readdirSync } from 'node:fs';

/** Wrong Compose files, a folder each; the line that is wrong ends with `# wrong`. */
export const WRONG = new URL('../golden/compose-wrong/', import.meta.url);

/** The folders, sorted. */
export function wrongFiles(): readonly string[] {
  return readdirSync(WRONG).sort();
}
