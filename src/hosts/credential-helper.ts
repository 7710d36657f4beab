import { spawn } from 'node:child_process';
import { messageOf } from '../core/index.js';
import type { HostOptions } from './target.js';

/** Milliseconds: one may ask a person to unlock a keychain. */
const PATIENCE_MS = 60_000;

/** What a credential helper says when it knows no login for a registry: all of them say it in these words. */
const NOT_FOUND = /credentials not found in native keychain/;

type HelperAnswer =
  { readonly is: 'value'; readonly value: unknown } | { readonly is: 'failed'; readonly why: string };

/**
 * Asks a credential helper of the Docker config, a program of this machine: `get` takes an address and gives its login, `list` gives
 * all addresses. The value is undefined where it has none. Nothing that it says of a login is told on.
 */
export async function askHelper(
  helper: string,
  action: 'get' | 'list',
  address: string,
  { environment }: HostOptions,
): Promise<HelperAnswer> {
  const program = `docker-credential-${helper}`;
  const failed = (why: string): HelperAnswer => ({ is: 'failed', why: `${program} ${why}` });
  if (!/^[\w.-]+$/.test(helper)) return failed('is no name of a program');
  try {
    const { code, stdout } = await run(program, action, address, environment);
    if (NOT_FOUND.test(stdout)) return { is: 'value', value: undefined };
    if (code !== 0) return failed(`failed: ${stdout.trim().split('\n')[0] || `exit code ${code}`}`);
    return { is: 'value', value: parsed(stdout) };
  } catch (error) {
    if (error instanceof SyntaxError) return failed('gave an answer that is not JSON');
    const missing = (error as { code?: unknown }).code === 'ENOENT';
    return failed(missing ? 'is not installed on this machine' : `failed: ${messageOf(error)}`);
  }
}

function parsed(text: string): unknown {
  return JSON.parse(text);
}

/** Helpers say on stdout what went wrong. */
function run(
  program: string,
  action: string,
  input: string,
  env: HostOptions['environment'],
): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [action], { env, stdio: ['pipe', 'pipe', 'ignore'], timeout: PATIENCE_MS });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
