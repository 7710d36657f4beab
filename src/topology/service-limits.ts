import { z } from 'zod';
import type { ResourceLimits, ServiceSettings } from '../core/index.js';
import { key, text } from './blocks.js';
import type { DeployInput } from './service-deploy.js';
import { given } from './given.js';
import { byteCount, bytes, bytesOrNone, numberOr, processors, whole } from './sizes.js';

type LimitsInput = z.input<z.ZodObject<ReturnType<typeof limitKeys>>>;
type Size = string | number | undefined;

/** What of the machine a service may use: the keys that Compose has beside `deploy.resources`. */
export function limitKeys() {
  return {
    cpus: key(processors(), 'How many processors it may use.'),
    cpu_shares: key(whole(0), 'Its weight where processors are short.'),
    cpu_period: key(whole(0), "The scheduler's period, in microseconds."),
    cpu_quota: key(whole(-1), 'Of each period, how many microseconds it may run.'),
    cpu_rt_period: key(whole(0), 'The period of realtime scheduling, in microseconds.'),
    cpu_rt_runtime: key(whole(0), 'Of each of those, how many microseconds it may run.'),
    cpuset: key(
      text({ what: 'processors such as 0-3 or 0,1', test: /^\d+(-\d+)?(,\d+(-\d+)?)*$/, examples: ['0-3'] }),
      'The processors that it may run on.',
    ),
    mem_limit: key(bytes(), 'How much memory it may use.'),
    mem_reservation: key(bytes(), 'What it is brought down to where memory is short.'),
    memswap_limit: key(bytesOrNone(), 'Memory and swap together; -1: as much as there is.'),
    mem_swappiness: key(whole(0), 'How readily its memory is swapped out, 0 to 100.'),
    pids_limit: key(whole(-1), 'How many processes it may have; -1: any number.'),
    oom_kill_disable: key(z.boolean(), 'Whether it is spared where memory runs out.'),
    oom_score_adj: key(z.int().min(-1000).max(1000), 'How likely it is killed where memory runs out.'),
  };
}

/** As Compose: `deploy.resources` wins where it says something. The input has been validated. */
export function expandLimits(input: LimitsInput, deploy: DeployInput | null | undefined): ResourceLimits {
  const { limits, reservations } = deploy?.resources ?? {};
  const size = (value: Size): number | undefined => (value === undefined ? undefined : byteCount(value));
  return given({
    cpus: numberOr(limits?.cpus ?? input.cpus),
    cpuShares: numberOr(input.cpu_shares),
    cpuPeriod: numberOr(input.cpu_period),
    cpuQuota: numberOr(input.cpu_quota),
    cpuRtPeriod: numberOr(input.cpu_rt_period),
    cpuRtRuntime: numberOr(input.cpu_rt_runtime),
    cpuset: input.cpuset,
    memory: size(limits?.memory ?? input.mem_limit),
    memoryReservation: size(reservations?.memory ?? input.mem_reservation),
    memorySwap: size(input.memswap_limit),
    pids: numberOr(limits?.pids ?? input.pids_limit),
  });
}

/** What of it can't be changed while it runs. The input has been validated. */
export function expandFixedLimits(input: LimitsInput): ServiceSettings {
  return given({
    memSwappiness: numberOr(input.mem_swappiness),
    oomKillDisable: input.oom_kill_disable,
    oomScoreAdj: input.oom_score_adj,
  });
}
