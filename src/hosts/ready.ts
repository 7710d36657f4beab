import { setTimeout as sleep } from 'node:timers/promises';
import { TopoError, type EngineCall } from '../core/index.js';
import { tailOfLog } from './container-log.js';
import { hostError } from './errors.js';
import { wordsOf } from './pull.js';
import type { Transfer } from './transfer.js';

const PAUSE_MS = 300;

/** How much of a failed container's words is told. */
const LINES = 5;

/**
 * Waits until a container is healthy or has ended with 0. Throws where it can't come to that any more, with its last words, and
 * where it does not within its time; where that is optional, it is said and passed over.
 */
export async function awaitReady(transfer: Transfer, args: readonly string[]): Promise<void> {
  const [container = '', condition = '', within = '', need = '', called = container] = args;
  try {
    await poll(transfer, { container, called, isHealth: condition === 'healthy', within: Number(within) });
  } catch (error) {
    if (need !== 'optional' || !(error instanceof TopoError) || error.code !== CODE) throw error;
    transfer.progress(`passed over, being optional: ${error.message.split('\n')[0]}`);
  }
}

const CODE = 'service.not-ready';

interface Awaited {
  readonly container: string;
  readonly called: string;
  readonly isHealth: boolean;
  /** Milliseconds. */
  readonly within: number;
}

async function poll(transfer: Transfer, awaited: Awaited): Promise<void> {
  const { host, engine, signal, progress } = transfer;
  const { called, isHealth, within, container } = awaited;
  const inspect: EngineCall = {
    via: 'docker',
    method: 'GET',
    path: `/containers/${encodeURIComponent(container)}/json`,
  };
  const late = AbortSignal.timeout(within);
  let told = '';
  for (;;) {
    const { status, body } = await engine.call(inspect, signal ? { signal } : {});
    const failed = (what: string, hint: string): TopoError => hostError(host.name, CODE, what, { hint });
    if (status !== 200) throw failed(`${called} is not there: ${wordsOf(body)}`, 'plan again');
    const state = (body as Inspected).State;
    const seen = isHealth ? health(state) : completion(state);
    if (seen.is === 'so') return;
    if (seen.is === 'never') {
      const said =
        seen.said ?? (await tailOfLog(engine, container, (body as Inspected).Config.Tty, LINES, signal));
      throw failed([`${called} ${seen.why}`, said].filter(Boolean).join('\n'), seen.hint);
    }
    if (seen.how !== told) progress((told = seen.how));
    if (late.aborted) {
      const what = isHealth ? 'healthy' : 'at its end';
      throw failed(
        `${called} was not ${what} within ${Math.round(within / 1000)} s: it is ${seen.how}`,
        HINTS.slow,
      );
    }
    await sleep(PAUSE_MS, undefined, signal ? { signal } : {});
  }
}

const HINTS = {
  slow: 'what stops it is in `topo logs`; run the same command again to wait on',
  health: 'look at its `healthcheck` and at `topo logs`; what it said last is above',
  none: 'give the service a `healthcheck`, or let the condition be service_started',
  exit: 'its last words are above; once that is mended, run the same command again',
} as const;

/** What of an inspected container is looked at. */
interface Inspected {
  readonly State: ContainerState;
  readonly Config: { readonly Tty: boolean };
}

interface ContainerState {
  readonly Status: string;
  readonly ExitCode: number;
  readonly Health?: {
    readonly Status: string;
    readonly Log?: readonly { readonly Output: string }[] | null;
  } | null;
}

type Seen =
  | { readonly is: 'so' }
  | { readonly is: 'not-yet'; readonly how: string }
  /** `said`: its last words; undefined: they are in its log. */
  | { readonly is: 'never'; readonly why: string; readonly hint: string; readonly said?: string };

function health({ Status: status, ExitCode: code, Health: seen }: ContainerState): Seen {
  if (status === 'exited' || status === 'dead')
    return { is: 'never', why: `ended with exit code ${code} before it was healthy`, hint: HINTS.exit };
  if (status !== 'running') return { is: 'not-yet', how: status };
  if (!seen || seen.Status === 'none')
    return {
      is: 'never',
      why: 'has no healthcheck, neither in the file nor in its image',
      hint: HINTS.none,
      said: '',
    };
  if (seen.Status === 'healthy') return { is: 'so' };
  if (seen.Status !== 'unhealthy') return { is: 'not-yet', how: seen.Status };
  const said = seen.Log?.at(-1)?.Output.trim().split('\n').slice(-LINES).join('\n') ?? '';
  return { is: 'never', why: 'is unhealthy', hint: HINTS.health, said };
}

function completion({ Status: status, ExitCode: code }: ContainerState): Seen {
  if (status !== 'exited' && status !== 'dead') return { is: 'not-yet', how: status };
  if (code === 0) return { is: 'so' };
  return { is: 'never', why: `ended with exit code ${code}`, hint: HINTS.exit };
}
