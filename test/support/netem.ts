import { spawnSync } from 'node:child_process';

/** Why this machine's kernel can't delay or lose packets, or undefined. */
export function netemMissing(): string | undefined {
  const tried = spawnSync('unshare', ['-n', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem']);
  return tried.status === 0 ? undefined : 'the kernel has no netem';
}
