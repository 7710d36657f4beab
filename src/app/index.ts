/**
 * One straight function per verb. This folder alone knows all stages; commands/ calls it, and so may any program. A verb is
 * loaded when it is first called: `validate` needs neither engine kinds nor hosts, and reading a module takes its time.
 */
export const check = lazily(async () => (await import('./check.js')).check);
export const down = lazily(async () => (await import('./down.js')).down);
export const exec = lazily(async () => (await import('./exec.js')).exec);
export { findTopologyFiles } from './file.js';
export const fmt = lazily(async () => (await import('./fmt.js')).fmt);
export const generate = lazily(async () => (await import('./generate.js')).generate);
export const hosts = lazily(async () => (await import('./hosts.js')).hosts);
export const ip = lazily(async () => (await import('./ip.js')).ip);
export const linkReset = lazily(async () => (await import('./link.js')).linkReset);
export const linkSet = lazily(async () => (await import('./link.js')).linkSet);
export const linkShow = lazily(async () => (await import('./link.js')).linkShow);
export const load = lazily(async () => (await import('./load.js')).load);
export const logs = lazily(async () => (await import('./logs.js')).logs);
export { NotReady } from './not-ready.js';
export const plan = lazily(async () => (await import('./plan.js')).plan);
export const ps = lazily(async () => (await import('./ps.js')).ps);
export const sandboxDown = lazily(async () => (await import('./sandbox.js')).sandboxDown);
export const sandboxList = lazily(async () => (await import('./sandbox.js')).sandboxList);
export const sandboxLogins = lazily(async () => (await import('./sandbox.js')).sandboxLogins);
export const sandboxUp = lazily(async () => (await import('./sandbox.js')).sandboxUp);
export type { SandboxLogin } from './sandbox.js';
export const unlock = lazily(async () => (await import('./unlock.js')).unlock);
export const up = lazily(async () => (await import('./up.js')).up);
export type * from './generate-types.js';
export type * from './ip-types.js';
export type * from './link-types.js';
export type * from './types.js';

/** The JSON Schema (draft 2020-12) of the topology file. */
export async function schema(): Promise<Record<string, unknown>> {
  return (await import('../topology/index.js')).topologyJsonSchema();
}

/** The texts of the constant scripts that steps name, by name: what a plan printed as a script needs. */
export async function scripts(): Promise<Readonly<Record<string, string>>> {
  return (await import('../tools/index.js')).scripts;
}

/** A function that is loaded when it is first called. */
function lazily<Args extends readonly unknown[], Result>(
  find: () => Promise<(...args: Args) => Promise<Result>>,
): (...args: Args) => Promise<Result> {
  return async (...args) => (await find())(...args);
}
