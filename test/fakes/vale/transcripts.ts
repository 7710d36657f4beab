import { readFileSync } from 'node:fs';

/** A line of a transcript: what was called on a real netmap, and what came of it. */
export interface Recorded {
  readonly cmd: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
  readonly note?: string;
}

/** How the machine of a transcript was set up before its first line. */
export interface Scene {
  readonly file: string;
  /** Pairs of devices, and whether the inner ends of the first two are in namespaces. */
  readonly pairs: number;
  readonly inner: 'inside' | 'outside';
  /** Kernel modules that are netmap's own users: the patched driver of veth. */
  readonly holders: string;
  readonly admode: number;
}

const HERE = new URL('.', import.meta.url).pathname;

const USUAL: Omit<Scene, 'file'> = { pairs: 2, inner: 'inside', holders: '', admode: 0 };

/** The transcripts, and the scenes that they were recorded in. */
export const SCENES: readonly Scene[] = [
  { ...USUAL, file: '01-identity' },
  { ...USUAL, file: '02-list', pairs: 4, inner: 'outside' },
  { ...USUAL, file: '03-attach', pairs: 4, inner: 'outside' },
  { ...USUAL, file: '04-semantics-patched-veth', holders: 'veth' },
  { ...USUAL, file: '04-semantics' },
  { ...USUAL, file: '04b-offload-vlan' },
  { ...USUAL, file: '04c-vlan-tag-loss' },
  { ...USUAL, file: '04d-patched-veth-admode2', holders: 'veth', admode: 2 },
  { ...USUAL, file: '04e-patched-veth-admode1', holders: 'veth', admode: 1 },
  { ...USUAL, file: '05-persistent-ports' },
  { ...USUAL, file: '06-names-limits', pairs: 10, inner: 'outside' },
  { ...USUAL, file: '06b-max-ports', pairs: 1, inner: 'outside' },
  { ...USUAL, file: '07-netns', pairs: 3 },
  { ...USUAL, file: '07b-removal-while-attached' },
  { ...USUAL, file: '07c-removal-while-attached-patched-veth', holders: 'veth' },
  { ...USUAL, file: '07d-stale-entry' },
  { ...USUAL, file: '08-pkt-gen' },
  { ...USUAL, file: '08b-pkt-gen-patched-veth', holders: 'veth' },
  { ...USUAL, file: '09-oops-detach-host-port' },
  { ...USUAL, file: '10-kernel-modules' },
  { ...USUAL, file: '11-docker' },
];

/** The lines of a transcript. */
export function recordedIn(file: string): readonly Recorded[] {
  const lines = readFileSync(`${HERE}transcripts/${file}.jsonl`, 'utf8').trimEnd().split('\n');
  return lines.map(line => JSON.parse(line) as Recorded);
}

/** Why lines are not replayed, by reason: their numbers from 0, by file. */
export interface LeftOut {
  readonly reasons: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** The lines that are not replayed (left-out.json). */
export function leftOut(): LeftOut {
  return JSON.parse(readFileSync(`${HERE}left-out.json`, 'utf8')) as LeftOut;
}

/** What is run instead of a recorded line, so that it means the same in a namespace and leaves out what can't be the same. */
export function runnable(cmd: string): string {
  return (
    cmd
      // Not every kernel has dummies; and \`ip netns exec\` shows another /sys.
      .replaceAll(/link add (\S+) type dummy/g, 'link add $1 type veth peer name $1.x')
      .replaceAll(/ip netns exec (\S+) vale-ctl/g, 'nsenter --net=/run/netns/$1 vale-ctl')
      .replaceAll(/netns 1\b/g, 'netns $$$$')
      .replaceAll(/; dmesg [^;]*/g, '; true')
      .replaceAll(/\btime (?=ip|vale)/g, '')
      .replaceAll(/\bsleep [\d.]+/g, 'sleep 0.1')
  );
}

const CHANGES =
  /^(vale-ctl -[adh] |nsenter \S+ vale-ctl -[adh] |ip link |ip netns (add|del) |ip -n \S+ link |echo \d+ > \/sys\/module|rmmod|modprobe|chmod)/;

/** Of a line that is left out: what it changes and later lines build on. */
export function changesOf(cmd: string): string {
  const line = runnable(cmd);
  if (/\bfor\b|\(|\{|vale-ctl (-v )?-[npP]|\^/.test(line)) return 'true';
  const kept = line
    .split(';')
    .map(part => part.trim())
    .filter(part => CHANGES.test(part));
  return kept.join('; ') || 'true';
}

/** Without what can't be the same twice: devices with their MACs, times, the kernel's log. */
export function comparable(text: string): string {
  return text
    .replaceAll(/^\S+ +[A-Z]+ +[0-9a-f:]{17} <.*>.*\n/gm, '')
    .replaceAll(/^\[ *\d+\.\d+\].*\n/gm, '')
    .replaceAll(/\nreal\t.*\nuser\t.*\nsys\t.*\n/g, '');
}
