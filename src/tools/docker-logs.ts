import { replicaName, type EngineCall } from '../core/index.js';
import { rowOf, textOf } from './json.js';

export interface LogsRequest {
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** How many of the last lines; all of them where absent. */
  readonly tail?: number;
  /** Seconds since the epoch, with a fraction of at most nine digits. */
  readonly since?: string;
}

/** What a container wrote, as a stream: frames (see `takeFrames`), or raw bytes where it has a terminal. */
export function containerLogs(id: string, { follow, timestamps, tail, since }: LogsRequest): EngineCall {
  const query = new URLSearchParams({
    stdout: '1',
    stderr: '1',
    follow: follow ? '1' : '0',
    timestamps: timestamps ? '1' : '0',
    tail: tail === undefined ? 'all' : String(tail),
    ...(since === undefined ? {} : { since }),
  });
  return { via: 'docker', method: 'GET', path: `/containers/${id}/logs?${query.toString()}` };
}

/**
 * The starts of a topology's containers: a stream of JSON values, one a line. First those that the engine remembers (its
 * last 256 events): it answers a moment before it listens, and what starts in between would be missed (engine 20.10 to 29).
 */
export function startEvents(topology: string): EngineCall {
  const filters = JSON.stringify({
    type: ['container'],
    event: ['start'],
    label: [`topo.name=${topology}`],
  });
  const query = new URLSearchParams({ filters, since: '0' });
  return { via: 'docker', method: 'GET', path: `/events?${query.toString()}` };
}

/** The container that an event says has started, and its `stack/service` or `stack/service#n`; undefined where the line tells of something else. */
export function parseStart(line: string): { readonly id: string; readonly service: string } | undefined {
  const { Actor, Action } = rowOf(JSON.parse(line)) as { Actor?: unknown; Action?: unknown };
  const { ID, Attributes } = rowOf(Actor) as { ID?: unknown; Attributes?: unknown };
  const labels = rowOf(Attributes); // Of a container, its labels are among them.
  const number = Number(textOf(labels['com.docker.compose.container-number']) || 1);
  const service = replicaName(
    textOf(labels['topo.stack']),
    textOf(labels['com.docker.compose.service']),
    number,
  );
  return Action === 'start' && typeof ID === 'string' ? { id: ID, service } : undefined;
}

/** One run of a container, from start to end. */
export interface ContainerRun {
  readonly tty: boolean;
  readonly running: boolean;
  /** RFC 3339 with nanoseconds: what tells one run of a container from the next. */
  readonly startedAt: string;
  /**
   * When the run before it ended; undefined for the first. What it wrote is younger than that; `startedAt` is set a moment
   * after a run's first words (seen on engine 20.10).
   */
  readonly lastEnd: string | undefined;
}

/** Reads the answer to `inspectContainer`. */
export function parseRun(inspected: unknown): ContainerRun {
  const { Config, State } = rowOf(inspected) as { Config?: unknown; State?: unknown };
  const { Running, StartedAt, FinishedAt } = rowOf(State) as {
    Running?: unknown;
    StartedAt?: unknown;
    FinishedAt?: unknown;
  };
  const ended = textOf(FinishedAt);
  return {
    tty: rowOf(Config)['Tty'] === true,
    running: Running === true,
    startedAt: textOf(StartedAt),
    lastEnd: ended === '' || ended.startsWith('0001-') ? undefined : ended,
  };
}

/** An RFC 3339 time as the Engine's `since` takes it: seconds since the epoch, nanoseconds kept. */
export function engineTime(rfc3339: string): string {
  const seconds = Math.floor(Date.parse(rfc3339) / 1000);
  const fraction = /\.(\d{1,9})/.exec(rfc3339)?.[1] ?? '';
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
