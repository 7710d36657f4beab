import type { Listr, ListrTaskWrapper, DefaultRenderer } from 'listr2';
import type { Event } from '../core/index.js';
import {
  advance,
  type HostProgress,
  isOver,
  progressLine,
  type Progress,
  type ProgressState,
} from './progress-state.js';
import { hostTitle } from './words.js';

interface DrawOptions {
  readonly stream: NodeJS.WriteStream;
  readonly now: () => number;
  /** The line that an event gets when it is no action's. */
  readonly story: (event: Event) => string | undefined;
}

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

/** Milliseconds between two changes of a line: listr2 redraws everything on each. */
const REDRAW = 100;

/**
 * One live line per host, drawn by listr2, which decides nothing: its tasks wait for our events. One task per host
 * and no more, because its renderer takes quadratic time (measured: 200 tasks, 10 s of CPU). It is loaded at the first
 * action, so that what changes nothing does not pay for it.
 */
export function drawProgress(options: DrawOptions): Progress {
  let run: Run = { state: new Map(), before: Promise.resolve() };
  return {
    emit(event) {
      // A second plan (what a repaired host still needs) is drawn beneath the first.
      if (event.type === 'plan') run = { state: run.state, before: finish(run) };
      run.state = advance(run.state, event, options.now());
      const line = options.story(event);
      if (line !== undefined) options.stream.write(`${line}\n`);
      if (event.type === 'started') run.drawing ??= draw(options, run);
      if (event.type === 'phase') void finish(run);
    },
    end: () => finish(run),
  };
}

/** One plan's way: its state, and what draws it from its first action on. */
interface Run {
  state: ProgressState;
  readonly before: Promise<void>;
  drawing?: Drawing;
}

function finish(run: Run): Promise<void> {
  run.drawing?.finish();
  return run.drawing?.ended ?? run.before;
}

interface Drawing {
  finish(): void;
  readonly ended: Promise<void>;
}

function draw(options: DrawOptions, run: Run): Drawing {
  const finished = new AbortController();
  const ended = Promise.all([import('listr2'), run.before]).then(
    async ([{ Listr, ListrLogger, ProcessOutput }]) => {
      // Both of its outputs are ours, so that stdout stays free for the result.
      const process = new ProcessOutput(options.stream, options.stream, { leaveEmptyLine: false });
      const logger = new ListrLogger({ useIcons: true, toStderr: [], processOutput: process });
      const look = { logger, showErrorMessage: false, formatOutput: 'truncate' } as const;
      const list = new Listr([], {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        renderer: 'default',
        rendererOptions: look,
        // listr2 looks at stdout for a terminal; whether ours is one was decided by who chose to draw.
        fallbackRenderer: 'default',
        fallbackRendererOptions: look,
      });
      addTasks(list, options, () => run.state, finished.signal);
      await list.run();
    },
  );
  return { finish: () => finished.abort(), ended };
}

function addTasks(
  list: Listr<unknown, 'default', 'default'>,
  options: DrawOptions,
  state: () => ProgressState,
  finished: AbortSignal,
): void {
  const width = Math.max(...[...state().keys()].map(host => hostTitle(host).length));
  for (const host of state().keys()) {
    const now = (): HostProgress => state().get(host)!;
    const line = (): string => progressLine(now(), width, options.now());
    list.add({ title: line(), task: (_, task: Task) => follow(task, now, line, finished) });
  }
}

/** Keeps a line fresh until its host is over; the task fails where not all was done, for the sign before it. */
async function follow(
  task: Task,
  host: () => HostProgress,
  line: () => string,
  finished: AbortSignal,
): Promise<void> {
  while (!finished.aborted && !isOver(host())) {
    task.title = line();
    await new Promise(resolve => setTimeout(resolve, REDRAW));
  }
  task.title = line();
  if (host().done < host().total) throw new Error('not all was done');
}
