import { familyOf } from '../core/index.js';
import type { Host } from '../core/index.js';
import { inspectContainer, parseProbes, probeCall } from '../tools/index.js';
import { sandboxKey } from './namespace.js';
import { onHost } from './on-host.js';
import { fabricTrials } from './prove-fabric.js';
import { linkTrials } from './prove-links.js';
import type { Evidence, Trial } from './trial.js';
import type { Context, Proof } from './types.js';

/**
 * Shows that what was made or changed carries packets: by pings with DF at the exact MTU, sent from inside the namespaces, all of a
 * host in one round trip. Where nothing can be pinged, what was read of the devices has to do.
 */
export async function prove(evidence: Evidence, context: Context): Promise<readonly Proof[]> {
  const { trials, proofs } = linkTrials(evidence);
  const all = [...fabricTrials(evidence), ...trials];
  if (all.length === 0) return proofs;
  context.emit({ type: 'phase', phase: 'prove', text: `sending ${all.length} pings at the full MTU` });
  const hosts = [...new Set(all.map(t => t.host))];
  const pinged = await Promise.all(
    hosts.map(host =>
      onHost(evidence.links, host, there =>
        pingFrom(
          there,
          all.filter(t => t.host === host),
        ),
      ),
    ),
  );
  return [...pinged.flat(), ...proofs];
}

async function pingFrom(host: Host, trials: readonly Trial[]): Promise<readonly Proof[]> {
  const ids = [...new Set(trials.flatMap(({ start }) => ('container' in start ? [start.container] : [])))];
  const inspected = await Promise.all(
    ids.map(async id => [id, sandboxKey((await host.engine(inspectContainer(id))).body)] as const),
  );
  const paths = new Map(inspected);
  const probes = trials.map(({ start, address, bytes, patience }) => ({
    ...('container' in start ? { netns: paths.get(start.container) || '/nowhere' } : start),
    address,
    bytes,
    ...(patience && { patience }),
  }));
  const { argv, stdin } = probeCall(probes);
  const answers = parseProbes((await host.exec(argv, { stdin })).stdout, trials.length);
  return trials.map((trial, i) => ({
    from: trial.from,
    to: trial.to,
    how: howOf(trial),
    ...answers[i]!,
  }));
}

/** IPv6 has no bit for it: its routers never fragment (RFC 8200, section 5). */
function howOf({ address, bytes }: Trial): string {
  return familyOf(address) === 6 ? `IPv6 ping of ${bytes} bytes` : `ping of ${bytes} bytes with DF`;
}
