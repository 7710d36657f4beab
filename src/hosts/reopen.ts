import { type Host, messageOf, TopoError } from '../core/index.js';
import { hostError } from './errors.js';

/** Milliseconds between two tries; the last one stays. */
const PAUSES = [200, 500, 1_000, 2_000] as const;

/** Milliseconds for one try: the first ones are short, for the way may be blocked for a moment only. */
const TRY_MS = [3_000, 5_000, 8_000] as const;

/** Milliseconds in which a host that was lost has to come back: with those in which that is noticed less than half a minute. */
const LIMIT_MS = 18_000;

export interface Surroundings {
  /** Milliseconds; only differences are used. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** No more tries once it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Connects again to a host that was lost, with growing pauses. `open` gives up when its signal is aborted. Throws at once what
 * trying again won't help (a key that changed, a login that is refused), and `host.gone` where the host does not come back.
 */
export async function reopen(
  lost: Host,
  open: (signal: AbortSignal) => Promise<Host>,
  { now, sleep, signal }: Surroundings,
): Promise<Host> {
  const began = now();
  const left = (): number => began + LIMIT_MS - now();
  for (let tries = 1; ; tries++) {
    try {
      return await within(lost.name, Math.min(nth(TRY_MS, tries), left()), open, signal);
    } catch (error) {
      if (!(error instanceof TopoError && error.retryable)) throw error;
      const pause = nth(PAUSES, tries);
      if (signal?.aborted || pause >= left()) throw gone(lost, Math.round((now() - began) / 1000), error);
      await sleep(pause);
    }
  }
}

function nth(list: readonly number[], n: number): number {
  return list[Math.min(n, list.length) - 1]!;
}

/** One try. A connection that comes about after its time is closed again. */
async function within(
  name: string,
  ms: number,
  open: (signal: AbortSignal) => Promise<Host>,
  signal: AbortSignal | undefined,
): Promise<Host> {
  const stop = new AbortController();
  const tooLate = hostError(name, 'host.late', `no answer in ${(ms / 1000).toFixed(0)} s`, {
    retryable: true,
  });
  const timer = setTimeout(() => stop.abort(tooLate), ms);
  const either = signal ? AbortSignal.any([stop.signal, signal]) : stop.signal;
  const opening = open(either);
  try {
    return await Promise.race([opening, aborted(either)]);
  } catch (error) {
    opening.then(
      host => host.close(),
      () => undefined,
    );
    throw either.aborted ? tooLate : error;
  } finally {
    clearTimeout(timer);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', fail, { once: true });
    if (signal.aborted) fail();
  });
}

function gone(lost: Host, seconds: number, last: TopoError): TopoError {
  const why = messageOf(lost.closed.reason);
  return hostError(
    lost.name,
    'host.gone',
    `${why}; it did not come back within ${seconds} s: ${last.message}`,
    {
      hint: 'look whether it is up and can be reached; the same command again then carries on from what is really there',
      cause: last,
    },
  );
}
