import { expect } from 'vitest';
import { inside } from './cli.js';

const STAND_IN = new URL('../fakes/vale/stand-in.sh', import.meta.url).pathname;
const MEMORY = '/sys/module/netmap/emulator';

/** A simulated host that has netmap, by an emulator: all but that frames pass. */
export interface EmulatedNetmap {
  /** What is attached, as vale-ctl lists it, without the indices; sorted. */
  ports(): Promise<readonly string[]>;
  /** Fails where anything was done that a kernel with netmap does not survive, or that nobody has seen it do. */
  expectNoFaults(): Promise<void>;
}

/** Puts netmap into a sandbox. */
export async function emulateNetmap(sandbox: string): Promise<EmulatedNetmap> {
  const made = await inside(sandbox, 'sh', STAND_IN, process.execPath);
  if (made.code !== 0) throw new Error(`netmap can't be emulated in ${sandbox}: ${made.stderr}`);
  const lines = async (...argv: readonly string[]): Promise<readonly string[]> =>
    (await inside(sandbox, ...argv)).stdout.split('\n').filter(line => line !== '');
  return {
    ports: async () => (await lines('vale-ctl')).map(line => line.split(' ')[0]!).sort(),
    expectNoFaults: async () => expect(await lines('cat', `${MEMORY}/faults`)).toEqual([]),
  };
}
