import type { Action, ExecResult, Failure } from '../core/index.js';
import { failureOf } from './failure.js';

/** What a batch's script said of its steps; a step is called by `action step`, as in the script. */
export interface ScriptResult {
  readonly exit: number;
  readonly codes: ReadonlyMap<string, number>;
  readonly stderr: ReadonlyMap<string, string>;
  /** What was said before any step: sudo or the shell itself. */
  readonly preamble: string;
}

/** Reads the output of a script made by `scriptOf` with the same token. */
export function parseScriptResult(result: ExecResult, token: string): ScriptResult {
  const ends = result.stdout.matchAll(new RegExp(`${token} (\\d+ \\d+) (\\d+)\\n`, 'g'));
  const [preamble = '', ...parts] = result.stderr.split(new RegExp(`${token} (\\d+ \\d+)\\n`));
  const stderr = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) stderr.set(parts[i]!, parts[i + 1]!);
  return { exit: result.code, codes: new Map([...ends].map(m => [m[1]!, Number(m[2])])), stderr, preamble };
}

/** The first step of an action that did not end with 0, as a failure; undefined where all did. */
export function failureIn(result: ScriptResult, action: Action): Failure | undefined {
  for (const [i, step] of action.steps.entries()) {
    const key = `${action.id} ${i + 1}`;
    const code = result.codes.get(key);
    if (code === 0) continue;
    const said = result.stderr.get(key);
    if (code !== undefined) return failureOf(action, step, said ?? '', code);
    const before =
      said === undefined
        ? `the script ended before this step\n${result.preamble}`
        : `the script ended in this step\n${said}`;
    return failureOf(action, step, before, result.exit);
  }
  return undefined;
}
