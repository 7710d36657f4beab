import type { Host } from '../core/index.js';
import type { Engine } from './engine.js';
import type { HostOptions } from './target.js';

/** A transfer in the making: where to, and who hears of it. */
export interface Transfer {
  readonly host: Host;
  readonly engine: Engine;
  readonly ref: string;
  readonly options: HostOptions;
  readonly signal: AbortSignal | undefined;
  readonly progress: (text: string) => void;
}
