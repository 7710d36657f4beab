import { scrypt } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { EXIT, TopoError, canonicalJson, messageOf } from '../core/index.js';
import type { Diagnostic, Plan, Resolved } from '../core/index.js';
import { keyedDigest } from '../kinds/index.js';
import { digestOfSaved, movedBetween, saveActions } from '../plan/index.js';
import type { SavedAction } from '../plan/index.js';
import type { Focus } from './types.js';

/** A plan in a file: what `up FILE` compares with what it decides itself. Nothing in it is carried out. */
export interface PlanFile {
  readonly format: 1;
  readonly kind: 'topo-plan';
  readonly topology: string;
  /** Absolute path of the topology file. */
  readonly file: string;
  /** Those of the files merged over it, where there are any. */
  readonly overrides?: readonly string[];
  readonly focus: Focus;
  /** Absent: false. */
  readonly adopt?: boolean;
  /** Hex; for {@link standInKey}. */
  readonly salt: string;
  /** Over the actions as they stand here: equal digests do the same. */
  readonly digest: string;
  readonly actions: readonly SavedAction[];
}

/**
 * The key of the keyed digests before the first `up`, when no host has the random one yet: two computations must agree, so it can't be
 * random, and the file must not carry it, or whoever reads the file could try values until a digest fits. So it is derived
 * (scrypt, some 50 ms and 32 MB) from what must not be known: all values of the environment and all contents of files together, with the file's random salt. Who
 * knows them can make it and has no need to; who does not has to guess all of them at once, at that price a guess. It only serves to
 * compare: what `up` then makes bears a random key's digests.
 */
export async function standInKey(resolved: Resolved, salt: string): Promise<string> {
  const secrets = canonicalJson(resolved.stacks.map(s => s.services.map(v => [v.environment, v.files])));
  return new Promise((resolve, reject) =>
    scrypt(secrets, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 }, (error, key) =>
      error ? reject(error) : resolve(key.toString('hex')),
    ),
  );
}

/** Writes a plan that was decided with `key`, for its owner alone to read. */
export async function writePlanFile(
  path: string,
  plan: Plan,
  key: string,
  origin: Pick<PlanFile, 'file' | 'overrides' | 'focus' | 'adopt' | 'salt'>,
): Promise<void> {
  const { actions, digest } = sealed(plan, key);
  const { topology } = plan;
  const content: PlanFile = { format: 1, kind: 'topo-plan', topology, ...origin, digest, actions };
  try {
    await rm(path, { force: true }); // A file that is there would keep its mode.
    await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new TopoError(`cannot write the plan to ${path}: ${messageOf(cause)}`, {
      code: 'plan.unwritable',
      who: 'user',
      cause,
    });
  }
}

/** Reads a plan file. Throws `plan.unreadable`. */
export async function readPlanFile(path: string): Promise<PlanFile> {
  const unreadable = (why: string, cause?: unknown): TopoError =>
    new TopoError(`${path} is no plan that can be applied: ${why}`, {
      code: 'plan.unreadable',
      who: 'user',
      exit: EXIT.failed,
      hint: `make one: topo plan --out ${path}`,
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw unreadable(messageOf(cause), cause);
  }
  const plan = (typeof value === 'object' && value !== null ? value : {}) as Partial<PlanFile>;
  if (plan.kind !== 'topo-plan') throw unreadable('it was not written by `topo plan --out`');
  if (plan.format !== 1)
    throw unreadable(`it is of format ${String(plan.format)}, of another version of topo`);
  if (!isWhole(plan)) throw unreadable('it is damaged');
  return plan;
}

function isWhole(plan: Partial<PlanFile>): plan is PlanFile {
  const { topology, file, overrides = [], salt, digest, actions, focus } = plan;
  const areTexts = (values: readonly unknown[]): boolean => values.every(v => typeof v === 'string');
  const names: unknown = [focus?.targets ?? [], focus?.excludes ?? []].flat();
  return (
    areTexts([topology, file, salt, digest, ...overrides]) &&
    Array.isArray(actions) &&
    areTexts(names as unknown[])
  );
}

/**
 * Why a plan that was decided now, with `key`, is not the one in the file; empty where it is. `standIn`: the key is
 * {@link standInKey}'s.
 */
export function movedSince(
  path: string,
  saved: PlanFile,
  plan: Plan,
  key: string,
  standIn: boolean,
): readonly Diagnostic[] {
  const error = (summary: string): Diagnostic => ({ severity: 'error', code: 'plan.moved', summary });
  if (plan.topology !== saved.topology)
    return [error(`the plan in ${path} is for topology ${saved.topology}, not for ${plan.topology}`)];
  const { actions, digest } = sealed(plan, key);
  if (digest === saved.digest) return [];
  const moved = movedBetween(saved.actions, actions);
  const what = moved.length > 0 ? moved : ['changed: the file itself was edited'];
  const all = standIn
    ? '; before the first `up`, one value of the environment makes all that is hidden look changed'
    : '';
  const hint = `look at it anew: topo plan --out ${path}${all}`;
  return [
    { ...error(`the plan in ${path} is not what would be done now; nothing was changed`), hint },
    ...what.map(error),
  ];
}

function sealed(plan: Plan, key: string): Pick<PlanFile, 'actions' | 'digest'> {
  const seal = (text: string): string => keyedDigest(key, text);
  const actions = saveActions(plan.actions, seal);
  return { actions, digest: digestOfSaved(actions, seal) };
}
