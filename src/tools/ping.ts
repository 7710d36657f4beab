import { NO_PING } from './ping-path.js';
import { familyOf } from '../core/index.js';

/**
 * Reads `<netns path> <4 or 6> <address> <payload bytes> <tries> <seconds> <device>` lines and pings each unfragmented from inside that
 * namespace, by that device where there is one, up to 16 at a time, so many tries each, of which each may take so long. Prints `<line number> <exit code> <last line that ping wrote>`; 127: no ping there.
 */
const PROBE_SCRIPT = `
probe() {
  try=0 code=1
  while [ $try -lt "$6" ] && [ $code -ne 0 ] && [ $code -ne 127 ]; do
    said=$(nsenter --net="$2" ping -n "-$3" -c 1 -W "$7" -M do \${8:+-I "$8"} -s "$5" "$4" 2>&1 </dev/null)
    code=$? try=$((try + 1))
  done
  printf '%s %s %s\\n' "$1" "$code" "$(printf %s "$said" | grep -v '^$' | tail -n 1)"
}
number=0
while read -r path family address size tries seconds device; do
  number=$((number + 1))
  probe "$number" "$path" "$family" "$address" "$size" "$tries" "$seconds" "$device" &
  [ $((number % 16)) -ne 0 ] || wait
done
wait
`;

export interface Probe {
  /** Path of the namespace that the ping starts in. */
  readonly netns: string;
  /** The device that it leaves by; absent: as the routes there say. */
  readonly device?: string;
  readonly address: string;
  /** Bytes of the whole IP packet. */
  readonly bytes: number;
  /** Where more may be lost or held back than usual: how often it is tried, and how many seconds each try may take. */
  readonly patience?: Patience;
}

export interface Patience {
  readonly tries: number;
  readonly seconds: number;
}

const USUAL: Patience = { tries: 3, seconds: 1 };

export interface ProbeAnswer {
  readonly ok: boolean;
  readonly detail: string;
  /** Nothing could be sent: neither shown nor disproven. */
  readonly untried?: true;
}

/** ICMP echo: 20 bytes of IP header (40 for IPv6) and 8 of ICMP. */
const HEADERS = { 4: 28, 6: 48 } as const;

/** The argv and stdin that send all probes of one host at once. */
export function probeCall(probes: readonly Probe[]): { argv: readonly string[]; stdin: string } {
  const lines = probes.map(p => {
    const family = familyOf(p.address) ?? 4;
    const { tries, seconds } = p.patience ?? USUAL;
    const size = p.bytes - HEADERS[family];
    return `${p.netns} ${family} ${p.address} ${size} ${tries} ${seconds} ${p.device ?? ''}`.trimEnd();
  });
  return { argv: ['sh', '-c', PROBE_SCRIPT, 'topo-probe'], stdin: lines.map(line => `${line}\n`).join('') };
}

/** One answer per probe, in their order; a probe that left no line was not answered. */
export function parseProbes(stdout: string, count: number): readonly ProbeAnswer[] {
  const lines = [...stdout.matchAll(/^(\d+) (\d+) (.*)$/gm)].map(
    ([, n, code, said]) => [Number(n), Number(code), said!] as const,
  );
  const byNumber = new Map(
    lines.map(([n, code, said]): [number, ProbeAnswer] => [
      n,
      code === 127 ? { ok: false, detail: NO_PING, untried: true } : { ok: code === 0, detail: said },
    ]),
  );
  return Array.from(
    { length: count },
    (_, i) => byNumber.get(i + 1) ?? { ok: false, detail: 'no answer from the host' },
  );
}
