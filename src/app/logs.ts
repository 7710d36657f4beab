import { OPERATOR } from '../core/index.js';
import type { Host } from '../core/index.js';
import { containersNamed, locateAll, nameOf } from './containers.js';
import { followStarts, readContainer } from './logs-read.js';
import type { Beginning, Reader } from './logs-read.js';
import { parseSince } from './logs-since.js';
import { readResolvedWorld } from './look.js';
import type { Look } from './look.js';
import type { Context, LogsOptions } from './types.js';

/**
 * Hands on what the services' containers wrote, over all hosts at once and in order of arrival. With `follow` it goes
 * on until the signal is aborted. The first that fails ends the rest: half of the logs would look like all of them.
 */
export async function logs(context: Context, options: LogsOptions): Promise<void> {
  const since = options.since === undefined ? {} : { since: parseSince(options.since, context.now()) };
  const beginning = { ...since, ...(options.tail === undefined ? {} : { tail: options.tail }) };
  await readResolvedWorld(context, async look => {
    const failure = new AbortController();
    const signal = AbortSignal.any([context.signal, failure.signal]);
    try {
      await readAll(look, { ...options, beginning, signal, fail: error => failure.abort(error) }, context);
    } catch (error) {
      failure.abort(error);
    }
    if (failure.signal.aborted && !context.signal.aborted) throw failure.signal.reason;
  });
}

interface Request extends LogsOptions {
  readonly beginning: Beginning;
  readonly signal: AbortSignal;
  readonly fail: (error: unknown) => void;
}

async function readAll(look: Look, request: Request, { emit }: Context): Promise<void> {
  const { resolved, world, links } = look;
  const { follow, timestamps, signal, fail } = request;
  const services = containersNamed(resolved, request.targets);
  const there = locateAll(resolved.name, world).filter(l => services.includes(nameOf(l)));
  const missing = services.filter(name => !there.some(l => nameOf(l) === name));
  for (const name of missing) emit({ type: 'warning', text: `${name} has no container yet` });
  const print = request.begin(services);
  const reader: Reader = { signal, follow, timestamps, print, runs: new Set(), active: new Set() };
  const read = (host: Host, id: string, service: string, from?: Beginning): Promise<void> =>
    readContainer(reader, host, { id, service }, from).catch(fail);
  const follows = async (host: Host): Promise<void> =>
    followStarts(reader, host, resolved.name, ({ id, service }) => {
      if (services.includes(service)) void read(host, id, service);
    });
  const hosts = follow ? [...world.views.values()].filter(v => !v.facts.computed && v.host !== OPERATOR) : [];
  await Promise.all([
    ...there.map(async l => read(await links.host(l.host), l.container.id, nameOf(l), request.beginning)),
    ...hosts.map(async v => follows(await links.host(v.host))),
  ]);
}
