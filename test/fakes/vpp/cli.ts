import type { Input } from './input.js';
import type { Port } from './port.js';
import type { Vpp } from './vpp.js';
import { portOf } from './vpp.js';

/** One command that runs: what it reads on from, and where its answer goes. */
export interface Call {
  readonly vpp: Vpp;
  readonly input: Input;
  readonly say: (...lines: readonly string[]) => void;
}

export type Command = (call: Call) => void;

/** By path. */
export type Commands = Readonly<Record<string, Command>>;

/** VPP's own answer that something is wrong; shown after the command's path, and the rest of the input is dropped. */
export class CliError extends Error {}

/** Something that a real VPP answers and no transcript has: the test that asked for it must fail. */
export class Refusal extends Error {}

/** Fails as VPP does. */
export function fail(text: string): never {
  throw new CliError(text);
}

/** Fails the test that sent this. */
export function refuse(what: string): never {
  throw new Refusal(what);
}

/** Takes an interface's name, or fails as most commands do. */
export function takePort({ vpp, input }: Call): Port {
  return input.read(name => portOf(vpp, name)) ?? fail(`unknown interface ${input.quoted}`);
}
