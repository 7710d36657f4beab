import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Shell: where a machine has its controllers in the hierarchies of cgroup v1, an engine on cgroup2 can limit nothing. This mounts them, in a mount
 * namespace of its own; elsewhere it leaves what there is.
 */
const MOUNT = `
  if grep -q ':memory:' /proc/self/cgroup; then
    mount -n -t tmpfs tmpfs /sys/fs/cgroup
    cut -d : -f 2 /proc/self/cgroup | grep . | while read -r c; do
      mkdir "/sys/fs/cgroup/\${c#name=}"
      mount -n -t cgroup -o "$(echo "$c" | sed s/^name=/none,name=/)" cgroup "/sys/fs/cgroup/\${c#name=}"
    done
  else
    mountpoint -q /sys/fs/cgroup || mount -n -t cgroup2 cgroup2 /sys/fs/cgroup
  fi`;

const PARENT = 'topo-test-limits';

/** Makes, in \`directory\`, the engine of a sandbox that can limit what containers use: that of the machine, on controllers that it has. */
export function limitingEngine(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'dockerd');
  const engine = spawnSync('which', ['dockerd'], { encoding: 'utf8' }).stdout.trim();
  writeFileSync(path, `#!/bin/sh\nset -e${MOUNT}\nexec ${engine} --cgroup-parent=${PARENT} "$@"\n`);
  chmodSync(path, 0o755);
}

/** Takes away the control groups that containers of such engines left empty. */
export function sweepLimits(): void {
  const script = `${MOUNT}\nfind /sys/fs/cgroup/*/${PARENT} -depth -type d -exec rmdir {} + 2>/dev/null || :`;
  spawnSync('unshare', ['-m', 'sh', '-ec', script]);
}
