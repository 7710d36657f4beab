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
  /** What was done before a line, counted from 0, without being written down. */
  readonly before: Readonly<Record<number, string>>;
  /** The line, counted from 0, from which on a kernel is left with what only a boot takes away: no real host gets it. */
  readonly harmfulFrom?: number;
}

const HERE = new URL('.', import.meta.url).pathname;

const USUAL: Omit<Scene, 'file'> = { pairs: 2, inner: 'inside', holders: '', admode: 0, before: {} };

/** Ports that nothing detaches any more were there already. */
const LOST = 'for v in v0 v1; do vale-ctl -n $v; vale-ctl -a vale0:$v; vale-ctl -g $v >/dev/null; done; ';
const LOADED =
  'echo 1024 >/sys/module/netmap/parameters/ring_num; echo 600 >/sys/module/netmap/parameters/if_num; ';
const THIRD = 'ip netns add c5; ip link set p3 netns c5; ip -n c5 link set p3 up; ';
const DETACHED = 'vale-ctl -d vale0:h1; vale-ctl -d vale0:h2; ';

/** The transcripts, and the scenes that they were recorded in. */
export const SCENES: readonly Scene[] = [
  { ...USUAL, file: '01-identity' },
  { ...USUAL, file: '02-list', pairs: 4, inner: 'outside' },
  { ...USUAL, file: '03-attach', pairs: 4, inner: 'outside' },
  { ...USUAL, file: '04-semantics-patched-veth', holders: 'veth', before: { 14: DETACHED } },
  { ...USUAL, file: '04-semantics' },
  { ...USUAL, file: '04b-offload-vlan' },
  { ...USUAL, file: '04c-vlan-tag-loss' },
  { ...USUAL, file: '04d-patched-veth-admode2', holders: 'veth', admode: 2 },
  { ...USUAL, file: '04e-patched-veth-admode1', holders: 'veth', admode: 1 },
  { ...USUAL, file: '05-persistent-ports', pairs: 4, harmfulFrom: 0 },
  { ...USUAL, file: '06-names-limits', pairs: 10, inner: 'outside' },
  { ...USUAL, file: '06b-max-ports', pairs: 1, inner: 'outside', before: { 0: LOADED } },
  { ...USUAL, file: '07-netns', pairs: 3, before: { 0: THIRD }, harmfulFrom: 26 },
  { ...USUAL, file: '07b-removal-while-attached', before: { 0: LOST }, harmfulFrom: 0 },
  { ...USUAL, file: '07c-removal-while-attached-patched-veth', holders: 'veth' },
  { ...USUAL, file: '07d-stale-entry', pairs: 0, inner: 'outside' },
  { ...USUAL, file: '08-pkt-gen', harmfulFrom: 7 },
  { ...USUAL, file: '08b-pkt-gen-patched-veth', holders: 'veth' },
  { ...USUAL, file: '09-oops-detach-host-port', harmfulFrom: 2 },
  { ...USUAL, file: '10-kernel-modules' },
  { ...USUAL, file: '11-docker' },
];

/** The lines of a transcript. */
export function recordedIn(file: string): readonly Recorded[] {
  const lines = readFileSync(`${HERE}transcripts/${file}.jsonl`, 'utf8').trimEnd().split('\n');
  return lines.map(line => JSON.parse(line) as Recorded);
}

/** A line by its place, and its beginning, as not-replayed.txt has it; `line` counts from 0. */
export function placeOf(file: string, line: number, cmd: string): string {
  return `${file}:${line + 1} ${cmd.slice(0, 90)}`.trimEnd();
}

/** The places of what does not replay; whole files by their names. */
export function notReplayed(): readonly string[] {
  const lines = readFileSync(`${HERE}not-replayed.txt`, 'utf8').split('\n');
  return lines.filter(line => line !== '' && !line.startsWith('#')).sort();
}

/** What is run instead of a recorded line, so that it means the same in a namespace, on any kernel. */
export function runnable(cmd: string): string {
  return (
    cmd
      // Not every kernel has dummies and VLANs; VALE makes no difference between devices.
      .replaceAll('type dummy', 'type bridge')
      .replaceAll(/link add link \S+ name (\S+) type vlan id \d+/g, 'link add $1 type veth peer name $1.x')
      // It would show another /sys.
      .replaceAll(/ip netns exec (\S+)/g, 'nsenter --net=/run/netns/$1')
      .replaceAll(/netns 1\b/g, 'netns $$$$')
      .replaceAll('/tmp/', '$work/')
      .replaceAll(/\bsleep [\d.]+/g, wait => `sleep ${Number(wait.slice(6)) < 3 ? 0.1 : 0.5}`)
  );
}
