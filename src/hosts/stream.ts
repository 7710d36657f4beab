import { TopoError, type CallOptions, type Host, type StreamName } from '../core/index.js';
import { runInContainer } from './hook.js';
import { makeBusybox } from './busybox.js';
import { makeHolder } from './holder.js';
import type { Engine } from './engine.js';
import { pullImage } from './pull.js';
import { pushImage } from './push.js';
import { awaitReady } from './ready.js';
import type { HostOptions } from './target.js';
import type { Transfer } from './transfer.js';

/** Performs a transfer by its name. */
export function performStream(
  host: Host,
  engine: Engine,
  name: StreamName,
  args: readonly string[],
  options: HostOptions,
  call: (CallOptions & { progress?: (text: string) => void; body?: unknown }) | undefined,
): Promise<void> {
  const [ref] = args;
  if (ref === undefined) throw new TopoError(`${name} needs an image`, { code: 'bug.stream', who: 'topo' });
  const transfer: Transfer = {
    host,
    engine,
    ref,
    options,
    signal: call?.signal,
    progress: call?.progress ?? (() => undefined),
  };
  switch (name) {
    case 'pull':
      return pullImage(transfer);
    case 'push':
      return pushImage(transfer);
    case 'busybox':
      return makeBusybox(transfer);
    case 'holder':
      return makeHolder(transfer, args);
    case 'ready':
      return awaitReady(transfer, args);
    case 'hook':
      return runInContainer(transfer, args, call?.body);
  }
}
