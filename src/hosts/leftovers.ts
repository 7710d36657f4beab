import { type Host } from '../core/index.js';
import type { Transport } from './transport.js';

/**
 * $1 a run, $2 its connection that asks: ends what the run's other connections left running on the host. It goes by the
 * environment, which children inherit; whatever is to outlive a command must be started without TOPO_RUN.
 */
const END = `for file in $(grep -lz "^TOPO_RUN=$1\\." /proc/[0-9]*/environ 2>/dev/null); do
  grep -qzx "TOPO_RUN=$1.$2" "$file" && continue
  pid=\${file#/proc/}
  kill -KILL "\${pid%/environ}"
done 2>/dev/null
exit 0`;

/** A transport whose commands bear the name of their connection, where it has one. */
export function marked(transport: Transport, run: string | undefined): Transport {
  if (run === undefined) return transport;
  return { ...transport, spawn: argv => transport.spawn(['env', `TOPO_RUN=${run}`, ...argv]) };
}

/**
 * Ends the commands of the same run's earlier connections: with a cut cable the host's side knows of nothing, and a script
 * may be half through there. `run` is that of the connection that `host` is: `<letters and digits>.<number>`.
 */
export async function endLeftovers(host: Host, run: string): Promise<void> {
  await host.exec(['sh', '-c', END, 'sh', ...run.split('.')], { timeoutMs: 10_000 });
}
