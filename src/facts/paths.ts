import { TopoError, type Host, type PathMtu } from '../core/index.js';
import {
  parsePathAnswers,
  pathCall,
  rowOf,
  listOf,
  numberOf,
  textOf,
  type PathProbe,
} from '../tools/index.js';

/** Rounds of 16 paths, some 15 seconds each at worst: where all routers on the way keep silent. */
const MOST_MS = 120_000;

/**
 * Sends packets to all peers of a host at once, in one command, until the largest that arrives whole is known: nothing but pings
 * leaves it. A peer that answers none is an answer, too.
 */
export async function measurePaths(
  host: Host,
  probes: readonly PathProbe[],
  signal: AbortSignal,
): Promise<readonly PathMtu[]> {
  const { argv, stdin } = pathCall(probes);
  const { code, stdout, stderr } = await host.exec(argv, { stdin, signal, timeoutMs: MOST_MS });
  if (code !== 0)
    throw new TopoError(
      `could not measure the paths from ${host.name}: ${stderr.trim() || `exit code ${code}`}`,
      {
        code: 'host.read',
        who: 'host',
        host: host.name,
      },
    );
  const answers = parsePathAnswers(stdout, probes.length);
  return probes.map(({ from, to, bytes }, i) => ({ from, to, most: bytes, ...answers[i]! }));
}

/** `paths.json` of the record: what {@link parsePathRecord} reads. */
export function pathRecord(paths: readonly PathMtu[]): unknown {
  return { format: 1, paths };
}

/** What was measured earlier; nothing where there is no record, or one of another format. Throws where it cannot be understood. */
export function parsePathRecord(text: string): readonly PathMtu[] {
  const record = rowOf(text.trim() === '' ? {} : JSON.parse(text));
  if (record['format'] !== 1) return [];
  return listOf(record['paths']).map(row => {
    const [carries, why] = [numberOf(row['carries'], 0), textOf(row['why'])];
    return {
      from: textOf(row['from']),
      to: textOf(row['to']),
      most: numberOf(row['most'], 0),
      ...(carries > 0 ? { carries } : { why }),
    };
  });
}
