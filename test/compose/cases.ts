import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** A Compose file of test/compose/files, and how it is brought up. */
export interface Case {
  /** Its folder: `01-blog`. */
  readonly name: string;
  /** The project and the stack. */
  readonly project: string;
  /** Relative to its folder; the later ones are merged over the first. */
  readonly files: readonly string[];
  readonly profiles: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments of `docker` that make what is there before. */
  readonly before: readonly (readonly string[])[];
}

/** Where the files are. */
export const FILES = new URL('files/', import.meta.url);

/** All cases by name. `case.json` in a folder says what a call of `docker compose` would by flags and environment. */
export function cases(): readonly Case[] {
  return readdirSync(FILES)
    .sort()
    .map(name => {
      const own = new URL(`${name}/case.json`, FILES);
      const said = existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as Partial<Case>) : {};
      const project = name.replace(/^\d+-/, '');
      return { name, project, files: ['compose.yaml'], profiles: [], environment: {}, before: [], ...said };
    });
}
