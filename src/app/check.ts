import { setTimeout as sleep } from 'node:timers/promises';
import { TopoError, familyName, messageOf } from '../core/index.js';
import type { CheckDeclaration } from '../core/index.js';
import { http, ping } from './check-program.js';
import type { Answer, Run } from './check-program.js';
import { addressTowards } from './address.js';
import { locate } from './containers.js';
import { captureExec } from './exec.js';
import { readResolvedWorld } from './look.js';
import type { Look } from './look.js';
import type { CheckResult, Context } from './types.js';

const PAUSE_MS = 300;
/** Beyond the program's own limit: starting it in the container takes time as well. */
const GRACE_MS = 5_000;

/** Proves what `checks:` say, from inside the containers, with the programs that their images have. */
export async function check(context: Context): Promise<{ results: readonly CheckResult[] }> {
  return readResolvedWorld(context, async look => {
    const results: CheckResult[] = [];
    for (const one of look.resolved.checks) {
      if (context.signal.aborted) break;
      context.emit({ type: 'phase', phase: 'prove', text: nameOf(one) });
      results.push(await runCheck(look, one, context));
    }
    return { results };
  });
}

async function runCheck(look: Look, declared: CheckDeclaration, context: Context): Promise<CheckResult> {
  const began = context.now();
  let attempt: Attempt = { ok: false, detail: '' };
  let tries = 0;
  while (tries === 0 || (!attempt.ok && tries <= declared.retries && !context.signal.aborted)) {
    if (tries > 0) await sleep(PAUSE_MS);
    tries++;
    attempt = await tryOnce(look, declared);
  }
  return { name: nameOf(declared), ...attempt, tries, ms: context.now() - began };
}

type Attempt = Pick<CheckResult, 'ok' | 'detail'>;

async function tryOnce({ resolved, world, links }: Look, declared: CheckDeclaration): Promise<Attempt> {
  try {
    const from = locate(resolved, world, declared.from);
    const to = locate(resolved, world, declared.test.to);
    const address = addressTowards(resolved, from, to, declared.family);
    if (address === undefined) return { ok: false, detail: noAddress(declared) };
    const host = await links.host(from.host);
    const run: Run = argv => captureExec(host, from.container.id, argv, declared.timeout + GRACE_MS);
    const answer =
      declared.test.is === 'ping'
        ? await ping(run, address, declared)
        : await http(run, address, declared, declared.test);
    return judge(declared, answer);
  } catch (error) {
    if (error instanceof TopoError && error.who !== 'topo') return { ok: false, detail: messageOf(error) };
    throw error;
  }
}

/** Only a try that went out and got no answer shows that something is unreachable: an image without the program shows nothing. */
function judge({ expect }: CheckDeclaration, { ok, reached, detail }: Answer): Attempt {
  return { ok: expect === 'ok' ? ok : reached === false, detail };
}

function noAddress({ test, family }: CheckDeclaration): string {
  return `${test.to} has no ${family === undefined ? '' : `${familyName(family)} `}address`;
}

function nameOf({ from, test, family, expect }: CheckDeclaration): string {
  const what = test.is === 'ping' ? `ping ${test.to}` : `http ${test.to}:${test.port}${test.path}`;
  const notes = [...(family === undefined ? [] : [familyName(family)]), ...(expect === 'ok' ? [] : [expect])];
  return `${from} → ${what}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}
