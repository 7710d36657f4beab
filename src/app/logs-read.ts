import { TopoError } from '../core/index.js';
import type { Host } from '../core/index.js';
import type { ContainerRun } from '../tools/index.js';
import {
  containerLogs,
  engineTime,
  inspectContainer,
  parseRun,
  parseStart,
  startEvents,
} from '../tools/index.js';
import { lineSplitter } from './logs-lines.js';
import { receive } from './receive.js';
import type { LogLine } from './types.js';

/** What reading needs, and which runs of containers were read already, so that none is read twice. */
export interface Reader {
  readonly signal: AbortSignal;
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly print: (line: LogLine) => void;
  readonly runs: Set<string>;
  readonly active: Set<string>;
}

/** Where to begin in a container's log: `tail` lines, `since` seconds since the epoch; all of it where both are absent. */
export interface Beginning {
  readonly tail?: number;
  readonly since?: string;
}

/** Reads a container's log from `beginning`, and what it writes when it starts again. Of a run that was read already, nothing. */
export async function readContainer(
  reader: Reader,
  host: Host,
  container: { readonly id: string; readonly service: string },
  beginning: Beginning | undefined,
): Promise<void> {
  const { id } = container;
  if (reader.active.has(id)) return;
  reader.active.add(id);
  for (let from = beginning; !reader.signal.aborted; from = undefined) {
    const { status, body } = await host.engine(inspectContainer(id), { signal: reader.signal });
    const run = parseRun(body);
    const key = `${id} ${run.startedAt}`;
    const isGone = status !== 200 || (from === undefined && !run.running);
    if (isGone || reader.runs.has(key)) break;
    reader.runs.add(key);
    await readRun(reader, host, container, run.tty, from ?? beginningOf(run));
    if (!reader.follow) break;
  }
  reader.active.delete(id);
}

function beginningOf({ lastEnd }: ContainerRun): Beginning {
  return lastEnd === undefined ? {} : { since: engineTime(lastEnd) };
}

async function readRun(
  reader: Reader,
  host: Host,
  { id, service }: { readonly id: string; readonly service: string },
  tty: boolean,
  beginning: Beginning,
): Promise<void> {
  const { follow, timestamps, signal, print } = reader;
  const call = containerLogs(id, { follow, timestamps, ...beginning });
  const { status, body } = await host.engineStream(call, { signal });
  if (status !== 200) throw await refused(host, service, status, body);
  const lines = {
    1: lineSplitter(text => print({ service, stream: 1, text })),
    2: lineSplitter(text => print({ service, stream: 2, text })),
  };
  try {
    await receive(body, tty, { 1: chunk => lines[1].push(chunk), 2: chunk => lines[2].push(chunk) });
  } finally {
    lines[1].end();
    lines[2].end();
  }
}

/** Tells of containers that start from now on: made anew by another `up`, or started again by the engine. */
export async function followStarts(
  { signal }: Pick<Reader, 'signal'>,
  host: Host,
  topology: string,
  onStart: (container: { readonly id: string; readonly service: string }) => void,
): Promise<void> {
  const { status, body } = await host.engineStream(startEvents(topology), { signal });
  if (status !== 200) throw await refused(host, topology, status, body);
  const lines = lineSplitter(line => {
    const started = line === '' ? undefined : parseStart(line);
    if (started) onStart(started);
  });
  for await (const chunk of body as AsyncIterable<Buffer>) lines.push(chunk);
}

async function refused(
  host: Host,
  whose: string,
  status: number,
  body: AsyncIterable<Buffer>,
): Promise<TopoError> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString().trim();
  const said = /"message":"(.*)"/.exec(text)?.[1] ?? text;
  return new TopoError(`the engine of ${host.name} does not give the logs of ${whose} (${status}): ${said}`, {
    code: 'logs.refused',
    who: 'host',
    host: host.name,
    hint: 'a logging driver that keeps nothing to be read is one reason',
  });
}
