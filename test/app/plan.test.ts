import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decideDown, decideDrift, type Decision } from '../../src/app/decide.js';
import type { Focus } from '../../src/app/types.js';
import type { World } from '../../src/app/world.js';
import {
  describeStep,
  OPERATOR,
  type HostName,
  type HostView,
  type InventoryPart,
  type Plan,
  type Step,
} from '../../src/core/index.js';
import { renderDiagnostics } from '../../src/render/diagnostics.js';
import { renderPlan } from '../../src/render/plan.js';
import { appliedWorld, changed, decided, freshWorld, KEY, resolved } from '../fakes/scene.js';
import type { HostOptions } from '../fakes/hosts.js';

const cases = new URL('../golden/plan/', import.meta.url);

/** What world.json may say; without it nothing was ever made. */
interface WorldFile {
  /** What the hosts are that are no sandboxes, where it matters. */
  readonly hosts?: Readonly<Record<HostName, HostOptions>>;
  /** The file that was applied last: `topology.yaml` itself or, say, `before.yaml`. */
  readonly applied?: string;
  /** What was done by hand since then. */
  readonly drift?: readonly Drift[];
  /** The verb that is planned (default `up`). */
  readonly verb?: 'up' | 'down' | 'down -v' | 'drift';
  /** What of it is asked for. */
  readonly focus?: Focus;
  /** Kinds whose steps are shown beneath the plan. */
  readonly steps?: readonly string[];
}

/** All of a host's inventory that has these values gets others, or goes; or something is added. */
interface Drift {
  readonly host: HostName;
  readonly in: InventoryPart;
  readonly where?: Readonly<Record<string, unknown>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly add?: unknown;
}

/** A case is files: topology.yaml, perhaps world.json and what was applied before, and plan.txt (UPDATE_GOLDEN=1 writes it). */
test.each(readdirSync(cases).sort())('plan: %s', name => {
  const planned = planOf(new URL(`${name}/`, cases));
  const expected = new URL(`${name}/plan.txt`, cases);
  if (process.env['UPDATE_GOLDEN']) writeFileSync(expected, planned);
  expect(planned).toBe(readFileSync(expected, 'utf8'));
});

function planOf(directory: URL): string {
  const read = (name: string): string => readFileSync(new URL(name, directory), 'utf8');
  const there = existsSync(new URL('world.json', directory));
  const file = (there ? JSON.parse(read('world.json')) : {}) as WorldFile;
  const topology = resolved(read('topology.yaml'));
  const before = file.applied === undefined ? undefined : resolved(read(file.applied));
  const fresh = freshWorld(topology, file.hosts);
  const world = drifted(
    before ? appliedWorld(before, withHosts(fresh, freshWorld(before, file.hosts))) : fresh,
    file.drift ?? [],
  );
  const decision =
    file.verb === undefined || file.verb === 'up'
      ? decided(topology, world, file.focus)
      : file.verb === 'drift'
        ? decideDrift(topology, world, KEY, new Set(world.sandboxes.keys()))
        : decideDown(topology.name, world, file.verb === 'down -v');
  const hosts = [...world.views.keys()].filter(host => host !== OPERATOR).length;
  return rendered(decision, hosts, file.steps ?? []);
}

/** The hosts of both: one that left the file, or came into it, is a host all the same. */
function withHosts(a: World, b: World): World {
  return {
    ...a,
    views: new Map([...a.views, ...b.views]),
    sandboxes: new Map([...a.sandboxes, ...b.sandboxes]),
  };
}

function drifted(world: World, drift: readonly Drift[]): World {
  return drift.reduce(
    (before, one) => changed(before, view => (view.host === one.host ? apply(view, one) : view)),
    world,
  );
}

function apply(view: HostView, { in: part, where, set, add }: Drift): HostView {
  const value = view.inventory[part] as unknown;
  if (!Array.isArray(value))
    return { ...view, inventory: { ...view.inventory, [part]: { ...(value as object), ...set } } };
  const items = value as readonly Record<string, unknown>[];
  const meant = (item: Record<string, unknown>): boolean =>
    where !== undefined && Object.entries(where).every(([key, wanted]) => item[key] === wanted);
  if (where !== undefined && !items.some(meant))
    throw new Error(`nothing in ${part} of ${view.host} is ${JSON.stringify(where)}`);
  const kept = items.flatMap(item => (meant(item) ? (set ? [{ ...item, ...set }] : []) : [item]));
  return { ...view, inventory: { ...view.inventory, [part]: add === undefined ? kept : [...kept, add] } };
}

function rendered({ plan, diagnostics }: Decision, hosts: number, kinds: readonly string[]): string {
  const parts = [
    diagnostics.length > 0 ? renderDiagnostics(diagnostics, { color: false }).trimEnd() : '',
    plan ? renderPlan(plan, { color: false, hosts }) : 'no plan',
    ...(plan ? stepsOf(plan, kinds) : []),
  ];
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

/** Every step of some kinds, with what it is fed; of the engine's calls the body, but not the labels, which repeat it. */
function stepsOf(plan: Plan, kinds: readonly string[]): readonly string[] {
  return plan.actions
    .filter(action => kinds.includes(action.kind))
    .map(action => [`#${action.id} ${action.resource}`, ...action.steps.map(stepText)].join('\n'));
}

function stepText(step: Step): string {
  const { Labels: _, ...body } = (step.via === 'docker' ? (step.body ?? {}) : {}) as Record<string, unknown>;
  const fed =
    step.via === 'docker'
      ? Object.entries(body).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      : fedTo(step);
  return [describeStep(step), ...fed.map(line => `  ${line}`)].join('\n');
}

function fedTo(step: Step): readonly string[] {
  return 'stdin' in step && step.stdin !== undefined ? step.stdin.trimEnd().split('\n') : [];
}
