import { EXIT, kindOf } from '../core/index.js';
import type { Action, Diagnostic, HostName, Plan, Report } from '../core/index.js';
import { kinds as registry } from '../kinds/index.js';
import type { Decision } from './decide.js';
import { numberedAfter, superseded } from './waves.js';
import type { Wave } from './waves.js';
import type { World } from './world.js';

/** How a verb looks at the hosts again and carries out what is still to be done. */
export interface Hands {
  look(): Promise<{ readonly world: World; readonly decision: Decision }>;
  /** `also`: hosts on which what is as wanted is to be written down, even where nothing is left to do. */
  carryOut(world: World, decision: Decision, plan: Plan, also: readonly HostName[]): Promise<Report>;
}

/** What there is to go on from: what was carried out, by what was known then. */
export interface Cut {
  readonly wave: Wave;
  readonly world: World;
  /** Whether nothing may be done but what stands in the plan. */
  readonly exact: boolean;
}

/** What came of it. `stopped`: why it could not be gone on with. */
export interface Resumed {
  readonly wave: Wave;
  readonly stopped?: Decision;
}

const MOST_TURNS = 5;

/**
 * After a connection was lost in the middle: a step whose answer did not come may have been done, wholly, half or not at
 * all. So no step is ever just sent again: the hosts are read anew and what is still to be done is decided on, as the
 * next run would do it. What was done is not done twice; what was made by half is repaired by what its kind does about halves.
 */
export async function resume(cut: Cut, hands: Hands): Promise<Resumed> {
  let { wave } = cut;
  const told = new Map(cut.wave.plan.actions.map(action => [action.resource, action]));
  for (let turn = 1; turn <= MOST_TURNS && isCut(wave, turn); turn++) {
    const { world, decision } = await hands.look();
    const obstacles = decision.plan ? obstaclesTo(cut, world, decision.plan, told) : [];
    if (!decision.plan || obstacles.length > 0) {
      const { plan: _, ...rest } = decision;
      const diagnostics = [...decision.diagnostics, ...obstacles];
      return { wave, stopped: { ...rest, diagnostics, exit: EXIT.partial } };
    }
    const next = numberedAfter(decision.plan, wave.plan);
    const report = await hands.carryOut(world, decision, next, lostHosts(wave));
    wave = superseded(wave, { plan: next, report });
  }
  return { wave };
}

/**
 * Whether a lost answer is all that went wrong: what failed for a reason of its own would only fail again. Not so right after a
 * cut, where a step can meet its own late first try (the engine goes on with a call whose caller is gone): it is looked at again.
 */
function isCut({ report }: Wave, turn: number): boolean {
  const failures = [...report.outcomes.values()].filter(o => o.is === 'failed');
  if (report.interrupted || failures.length === 0) return false;
  return turn === 2 || failures.every(o => o.failure.lost);
}

function lostHosts({ plan, report }: Wave): readonly HostName[] {
  const failed = plan.actions.filter(a => report.outcomes.get(a.id)?.is === 'failed');
  return [...new Set(failed.map(a => a.host))];
}

function obstaclesTo(
  { world: before, exact }: Cut,
  world: World,
  plan: Plan,
  told: ReadonlyMap<string, Action>,
): readonly Diagnostic[] {
  const restarted = [...before.views.keys()].filter(host => isRestarted(host, before, world));
  if (restarted.length > 0) return restarted.map(rebooted);
  const unheard = plan.actions.filter(
    a => !told.has(a.resource) && (a.destructive || exact) && kindOf(registry, a.kind).derived === undefined,
  );
  return unheard.map(moved);
}

/** Another boot, or another network namespace where hosts share a kernel: what was made there in this run is gone. */
function isRestarted(host: HostName, before: World, after: World): boolean {
  const [was, is] = [before.views.get(host)?.facts, after.views.get(host)?.facts];
  if (!was || !is || was.computed || is.computed) return false;
  return was.bootId !== is.bootId || was.netns !== is.netns;
}

function rebooted(host: HostName): Diagnostic {
  return {
    severity: 'error',
    code: 'host.rebooted',
    host,
    summary: 'was started anew while it was being changed: what was made there before may be gone',
    hint: 'run the same command again: it starts from what is there now',
  };
}

/** Nobody was asked about that. */
function moved({ host, verb, noun, name }: Action): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.moved',
    host,
    summary: `while the connection was lost, something changed there: it would take to ${verb} ${noun} ${name}, which was not in the plan`,
    hint: 'run the same command again, and look at its plan',
  };
}
