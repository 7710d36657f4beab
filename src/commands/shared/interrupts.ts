import { EXIT } from '../../core/index.js';

const SHOW_CURSOR = '\u001b[?25h';

/**
 * A signal that is aborted at the first Ctrl-C (or SIGTERM); the second leaves at once with 130. `tell`: whether
 * something may be under way that is finished first, which is worth a word.
 */
export function interrupts(process: NodeJS.Process, tell = true): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) leave(process);
    controller.abort();
    if (tell) process.stderr.write('\nInterrupted: finishing what is in flight. Once more leaves at once.\n');
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return controller.signal;
}

function leave(process: NodeJS.Process): never {
  if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
  process.exit(EXIT.interrupted);
}
