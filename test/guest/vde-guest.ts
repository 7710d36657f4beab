import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inside, run } from '../support/cli.js';

const KERNEL = new URL('../../.cache/guest', import.meta.url).pathname;
const HERE = new URL('.', import.meta.url).pathname;
/** An emulated processor on a machine with other work is slow. */
const PATIENCE_MS = 300_000;

/** A QEMU guest on a VDE switch: what it said when it had asked all that it was told to. */
export interface VdeGuest extends AsyncDisposable {
  readonly said: readonly string[];
}

/** Boots a guest on a simulated host, plugged in as `netdev` says (the words that `topo ps` prints), and waits until it has asked. */
export async function startVdeGuest(host: string, netdev: string, ask: readonly string[]): Promise<VdeGuest> {
  const directory = await mkdtemp(join(tmpdir(), 'topo-vde-guest-'));
  await must('sh', '-c', INITRD, 'initrd', directory, KERNEL, HERE);
  const [pidFile, log] = [join(directory, 'pid'), join(directory, 'console')];
  const append = `console=ttyS0 quiet panic=-1 mitigations=off audit=0 guest.ask=${ask.join(',')} `;
  const id = /id=([^,]+)/.exec(netdev)?.[1];
  const { code, stderr } = await inside(
    host,
    ...['qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-m', '256', '-display', 'none'],
    ...['-no-reboot', '-daemonize', '-pidfile', pidFile, '-serial', `file:${log}`],
    ...['-kernel', join(KERNEL, 'vmlinuz'), '-initrd', join(directory, 'initrd'), '-append', append],
    ...netdev.split(' '),
    ...['-device', `virtio-net-pci,netdev=${id},mac=02:00:00:00:00:99`],
  );
  if (code !== 0) throw new Error(`the guest does not start: ${stderr}`);
  return {
    said: await asked(log),
    async [Symbol.asyncDispose]() {
      await inside(host, 'kill', '-9', (await readFile(pidFile, 'utf8')).trim());
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `$1` where to, `$2` the kernel, `$3` the guest's programs. Its modules, each behind those that it needs. */
const INITRD = `set -e
tree=$1/tree version=$(cat "$2/version")
mkdir -p "$tree/bin" "$tree/proc" "$tree/sys" "$tree/modules"
cp "$(command -v busybox)" "$tree/bin/busybox"
ln -s busybox "$tree/bin/sh"
install -m 755 "$3/vde-init.sh" "$tree/init"
install -m 755 "$3/vde-lease.sh" "$tree/lease"
modules=$2/lib/modules/$version number=100
for module in $(for name in virtio_pci virtio_net; do
  awk -F : -v want="/$name.ko" 'index($1, want) { print $1 $2 }' "$modules/modules.dep" | tr ' ' '\\n' | sed '1!G;h;$!d'
done | awk '!seen[$0]++'); do
  cp "$modules/$module" "$tree/modules/$number-\${module##*/}"
  number=$((number + 1))
done
cd "$tree" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >"$1/initrd"`;

async function asked(log: string): Promise<readonly string[]> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const text = await readFile(log, 'utf8').catch(() => '');
    const said = [...text.matchAll(/^guest: (.*?)\r?$/gm)].map(m => m[1]!);
    if (said.includes('done')) return said;
    if (Date.now() > until) throw new Error(`the guest does not get through: ${text}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

async function must(...argv: readonly string[]): Promise<void> {
  const { code, stderr } = await run(argv);
  if (code !== 0) throw new Error(`${argv.slice(0, 1).join(' ')}: ${stderr}`);
}
