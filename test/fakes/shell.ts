import { GONE, type ExecResult } from '../../src/core/index.js';

/** Runs one command of a script: its argv and stdin in, its exit code and stderr out. */
export type Command = (
  argv: readonly string[],
  stdin: string,
) => { readonly code: number; readonly stderr: string };

/**
 * Just enough of a shell for scripts made by `scriptOf`: their actions and steps, with the same markers and the same skipping.
 * That a real shell does the same is shown in test/core/script.test.ts.
 */
export function interpretScript(script: string, command: Command): ExecResult {
  const token = /^token=(\w+)$/m.exec(script)![1]!;
  const body = script.slice(/^act \d/m.exec(script)!.index);
  const failed = new Set<string>();
  let action = '';
  let programs: readonly string[] = [];
  let [stdout, stderr] = ['', ''];
  for (const [verb, ...words] of statements(body)) {
    if (verb === 'act') {
      action = words[0]!;
      programs = words.filter(word => word.startsWith('@'));
      if (words.slice(1).some(need => failed.has(need))) failed.add(action);
    } else if (!failed.has(action)) {
      const [number, ...rest] = words as [string, ...string[]];
      stderr += `${token} ${action} ${number}\n`;
      const result = verb === 'feed' ? command(rest.slice(1), rest[0]!) : command(rest, '');
      stderr += result.stderr;
      stdout += `${token} ${action} ${number} ${result.code}\n`;
      if (result.code !== 0) failed.add(action);
      if (result.code === GONE) programs.forEach(program => failed.add(program));
    }
  }
  return { code: 0, stdout, stderr };
}

/** Logical lines as words, up to the closing brace; comments left out. */
export function statements(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let line: string[] = [];
  const pattern = /#.*\n|\n|((?:[^\s'\\]|'[^']*'|\\')+)/g;
  for (const [token, word] of text.matchAll(pattern)) {
    if (word === '}') break;
    if (word !== undefined) line.push(unquote(word));
    else if (token === '\n' && line.length > 0) {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

function unquote(word: string): string {
  return word.replaceAll(
    /'([^']*)'|\\(')/g,
    (_, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? '',
  );
}
