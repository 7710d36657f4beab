/** Aborted when one of them is. */
export function anySignal(closed: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  return given === undefined ? closed : AbortSignal.any([closed, given]);
}

/** Resolves when a signal is aborted, and after `ms` milliseconds anyway. */
export function closedWithin(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
