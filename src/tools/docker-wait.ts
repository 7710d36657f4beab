import type { Step } from '../core/index.js';

/** What of a container is waited for. */
export interface Awaited {
  readonly name: string;
  /** As people call it. */
  readonly called: string;
  readonly condition: 'healthy' | 'completed';
  /** Whether it is a failure where it does not come to that. */
  readonly required: boolean;
  /** Milliseconds. */
  readonly within: number;
}

/** Waits until a container is healthy, or has ended with 0; fails where it can't come to that any more. */
export function awaitContainer({ name, called, condition, required, within }: Awaited): Step {
  const args = [name, condition, String(within), required ? 'required' : 'optional', called];
  const label = condition === 'healthy' ? `${called} is to be healthy` : `${called} is to end with 0`;
  return { via: 'stream', name: 'ready', args, mutates: true, label };
}

/** The exit code in the list call's words: `Exited (1) 3 minutes ago`. */
export function exitCodeOf(status: string): string | undefined {
  return /^(?:Exited|Restarting) \((-?\d+)\)/.exec(status)?.[1];
}

const HEALTH = ['healthy', 'unhealthy', 'starting'] as const;

/** The health in the list call's words, `Up 3 minutes (healthy)`; undefined of a container without a healthcheck. */
export function healthOf(status: string): (typeof HEALTH)[number] | undefined {
  const said = /^Up .*\((?:health: )?(healthy|unhealthy|starting)\)$/.exec(status)?.[1];
  return HEALTH.find(word => word === said);
}
