import { missingQueue, qdiscOf } from '../compile/index.js';
import { impairedBy, IMPAIR_KEYS, spellImpair, TopoError, wantsDelay } from '../core/index.js';
import type { HostView, Impairment, Observation, Plan, Qdisc, Resource } from '../core/index.js';
import { asFound, kinds as registry } from '../kinds/index.js';
import type { PlugChange, PlugState, WireSpec, WireState } from '../kinds/index.js';
import { plan } from '../plan/index.js';
import type { LinkEnd } from './link-ends.js';
import type { LinkSettings } from './link-settings.js';
import type { ImpairWords, LinkEndStatus } from './link-types.js';
import { NotReady } from './not-ready.js';
import type { Views } from './types.js';

/** How an end stands, and what the file says of it. */
export function statusOf({ link, end, name, host, plug, found }: LinkEnd): LinkEndStatus {
  return {
    link: link.name,
    end: name,
    host,
    device: plug.device,
    state: stateOf(found),
    impair: wordsOf(found?.link.qdisc?.impair),
    declared: { state: end.up ? 'up' : 'down', impair: wordsOf(end.impair) },
  };
}

function stateOf(found: PlugState | undefined): LinkEndStatus['state'] {
  if (!found) return 'missing';
  if (!found.link.up) return 'down';
  return found.link.noCarrier ? 'no carrier' : 'up';
}

function wordsOf(impair: Impairment = {}): ImpairWords {
  const keys = IMPAIR_KEYS.filter(key => impair[key] !== undefined);
  return Object.fromEntries(keys.map(key => [key, spellImpair(key, impair[key]!)]));
}

/** The wires of some ends as they stand, but for what is to be set there. Throws what can't be. */
export function settingOf(
  ends: readonly LinkEnd[],
  settings: LinkSettings,
  views: Views,
): readonly Resource<WireSpec>[] {
  const wires = new Map<string, { end: LinkEnd & Standing; changes: Map<number, PlugChange> }>();
  for (const one of ends) {
    const end = standing(one);
    const known = wires.get(end.wire.id) ?? { end, changes: new Map<number, PlugChange>() };
    wires.set(end.wire.id, known);
    known.changes.set(end.n, changeOf(end, settings, views.get(end.host)!));
  }
  return [...wires.values()].map(({ end: { wire, have }, changes }) => ({
    ...wire,
    spec: asFound(wire.spec, have, changes),
  }));
}

/** The wires of some ends as the file wants them. */
export function resetOf(ends: readonly LinkEnd[]): readonly Resource<WireSpec>[] {
  return [...new Map(ends.map(end => [end.wire.id, standing(end).wire])).values()];
}

/** What is to be done so that wires which stand are as wanted; nothing else. */
export function linkPlan(topology: string, wanted: readonly Resource[], ends: readonly LinkEnd[]): Plan {
  const have = new Map(ends.map(end => [end.wire.id, end.have]));
  const observations = new Map(
    wanted.map(({ id }): [string, Observation] => [id, { is: 'present', state: have.get(id) }]),
  );
  const observed = { observations, strays: [] };
  const made = plan({ topology, resources: wanted, observed, views: [], registry });
  if (!made.plan) throw new NotReady(made.diagnostics, 1);
  return made.plan;
}

interface Standing {
  readonly have: WireState;
  readonly found: PlugState;
}

function standing(end: LinkEnd): LinkEnd & Standing {
  const { have, found, name, host } = end;
  if (have && found) return { ...end, have, found };
  throw new TopoError(`${name} is not there`, {
    code: 'link.missing',
    who: 'host',
    host,
    hint: '`topo up` makes what the file says',
  });
}

/** A value of 0 takes away what there is. */
function changeOf(
  { name, found: { link } }: LinkEnd & Standing,
  { up, impair }: LinkSettings,
  view: HostView,
): PlugChange {
  const change = up === undefined ? {} : { up };
  if (Object.keys(impair).length === 0) return change;
  const all = impairedBy(link.qdisc?.impair, impair);
  return { ...change, qdisc: all ? queueFor(name, all, view, link.mtu) : null };
}

function queueFor(name: string, impair: Impairment, view: HostView, mtu: number): Qdisc {
  const key = wantsDelay(impair);
  if (key !== undefined) {
    const hint = `set one with it: delay 20ms ${key} ${spellImpair(key, impair[key] ?? 0)}`;
    throw new TopoError(`${key} of ${name} needs a delay`, { code: 'impair.delay', who: 'user', hint });
  }
  const missing = missingQueue(view, impair);
  if (missing) throw new NotReady([missing], 1);
  return qdiscOf(impair, view, mtu);
}
