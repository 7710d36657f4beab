import type { Host } from '../core/index.js';
import { recordArgv } from '../tools/index.js';

/**
 * Writes a file of a topology's record on a host, whole or not at all. Throws what the host said where it
 * can't. Where only the engine is reached nothing can be written down.
 */
export async function writeRecord(
  host: Host,
  topology: string,
  file: string,
  content: unknown,
): Promise<void> {
  if (host.engineOnly) return;
  const result = await host.exec(recordArgv(topology, file), { stdin: JSON.stringify(content) });
  if (result.code !== 0) throw new Error(result.stderr.trim() || `exit code ${result.code}`);
}
