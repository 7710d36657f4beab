import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

interface CommandClass {
  readonly summary?: string;
  readonly examples?: readonly string[];
  readonly flags?: Readonly<
    Record<string, { readonly char?: string; readonly type: string; readonly description?: string }>
  >;
}

const FOLDER = new URL('../../src/commands/', import.meta.url);

const commands = new Map<string, CommandClass>();
for (const path of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!path.endsWith('.ts') || path.startsWith('shared')) continue;
  const module = (await import(new URL(path, FOLDER).href)) as { default: CommandClass };
  commands.set(path.replace(/\.ts$/, '').replaceAll('/', ' '), module.default);
}

/** What users and scripts rely on: a change here is a change for them. */
test('commands and their flags', async () => {
  const lines = [...commands].map(([name, { flags = {} }]) => {
    const words = Object.entries(flags).map(
      ([flag, { char, type }]) => `--${flag}${char ? `/-${char}` : ''}${type === 'option' ? ' VALUE' : ''}`,
    );
    return [name, ...words.sort()].join(' ');
  });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('expected/surface.txt');
});

test.each([...commands])('%s explains itself', (_, { summary, examples, flags = {} }) => {
  expect(summary).toMatch(/^[A-Z].{10,70}[^.]$/);
  expect(examples?.length).toBeGreaterThan(0);
  expect(Object.entries(flags).filter(([, flag]) => flag.description === undefined)).toEqual([]);
});
