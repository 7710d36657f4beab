import { execFile, spawnSync } from 'node:child_process';
import type { Duplex } from 'node:stream';
import {
  shortMark,
  type ExecResult,
  type Host,
  type Resource,
  type ResourceKind,
  type Observation,
  type Step,
} from '../../src/core/index.js';
import { readHost } from '../../src/facts/index.js';
import { scriptArgv } from '../../src/tools/index.js';

/** A network namespace of the tests' own, gone after `close`. */
export interface Netns {
  readonly name: string;
  /** Runs a line of shell in it and gives its stdout; throws where it fails. */
  sh(line: string): string;
  /** Runs steps one after the other, as they are; throws at the first that fails. */
  run(steps: readonly Step[]): void;
  /** Reads the namespace as topo reads a host. */
  host(name: string): Host;
  close(): void;
}

/** The tests that need one are skipped, and say so, where there can be none. */
export function netnsMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  return ['ip', 'bridge', 'nft', 'iptables', 'ss', 'sysctl'].find(
    tool => spawnSync('which', [tool]).status !== 0,
  );
}

/** Makes a namespace with `lo` and an Ethernet device `eth0` that has 198.18.0.2/24 and fd00:18::2/64. */
export function openNetns(suffix: string): Netns {
  const name = `topo-test-${process.pid}-${suffix}`;
  const netns = netnsOf(name);
  must(['ip', 'netns', 'add', name]);
  netns.sh(`ip link set lo up; ip link add eth0 type veth peer name far0; ip link set eth0 up; ip link set far0 up
    ip address add 198.18.0.2/24 dev eth0; ip address add fd00:18::2/64 dev eth0 nodad`);
  return netns;
}

/** Reads the namespace and asks a kind for one resource, as `observe` does. */
export async function observe<Spec, State>(
  netns: Netns,
  kind: ResourceKind<Spec, State>,
  resource: Resource<Spec>,
  topology: string,
  wanted: readonly Resource<Spec>[] = [resource],
): Promise<Observation<State>> {
  const { inventory } = await readHost(netns.host(resource.host), { topology });
  const found = kind
    .read(inventory, { topology, host: resource.host, wanted })
    .find(f => f.id === resource.id);
  if (!found) return { is: 'absent' };
  return found.is === 'ours' ? { is: 'present', state: found.state } : found;
}

/** A resource of the tests. */
export function resource<Spec>(topology: string, kind: string, name: string, spec: Spec): Resource<Spec> {
  const id = `here/${kind}/${name}`;
  const group = { is: 'switch', name: 'overlay' } as const;
  return { id, kind, host: 'here', name, group, mark: shortMark(topology, id), spec };
}

function netnsOf(name: string): Netns {
  const inside = (argv: readonly string[]): string[] => ['ip', 'netns', 'exec', name, ...argv];
  return {
    name,
    sh: line => must(inside(['sh', '-ec', line])),
    run(steps) {
      for (const step of steps) {
        if (step.via !== 'exec' && step.via !== 'script') throw new Error(`${step.label}: no command`);
        const argv = step.via === 'exec' ? step.argv : scriptArgv(step.name, step.args);
        must(inside(argv), step.stdin ?? '');
      }
    },
    host: hostName => hostOf(hostName, inside),
    close: () => void spawnSync('ip', ['netns', 'del', name]),
  };
}

/** Only what reading needs; there is no engine. */
function hostOf(name: string, inside: (argv: readonly string[]) => string[]): Host {
  const none = (): Promise<never> => Promise.reject(new Error('there is no engine here'));
  return {
    name,
    described: 'local',
    exec: argv => execute(inside(argv)),
    start: none,
    engine: none,
    engineStream: none,
    engineUpgrade: none as () => Promise<Duplex>,
    copy: none,
    build: none,
    registryDigest: none,
    stream: none,
    trips: { exec: 0, engine: 0 },
    closed: new AbortController().signal,
    close: () => Promise.resolve(),
  };
}

function execute([file, ...args]: string[]): Promise<ExecResult> {
  return new Promise(resolve => {
    execFile(file!, args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

function must([file, ...args]: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(file!, args, { encoding: 'utf8', input });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
