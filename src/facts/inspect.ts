import type { EngineCall, Host } from '../core/index.js';

/** What the engine answers to a call about one thing; undefined where that is gone by now. Throws where it is refused otherwise. */
export async function inspect(
  host: Host,
  call: EngineCall,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { status, body } = await host.engine(call, signal ? { signal } : {});
  if (status === 404) return undefined;
  if (status >= 300) throw new Error(`${call.method} ${call.path} was answered with ${status}`);
  return body;
}
