import { switchesOf } from '../core/index.js';
import type { Diagnostic, HostName, Plan, Resolved } from '../core/index.js';
import type { World } from './world.js';

/** What is said of the hosts that were left out: why, each a warning. */
export function skipWarnings({ skipped }: World): readonly Diagnostic[] {
  return skipped.map(why => ({ ...why, severity: 'warning' }));
}

/** What of the topology stays undone with them. Without a topology: whatever is there. */
export function withSkipNotes(plan: Plan, { skipped }: World, resolved?: Resolved): Plan {
  if (skipped.length === 0) return plan;
  const notes = skipped.flatMap(({ host = '' }) => [
    `left out: host ${host}, which can't be reached: ${undoneOn(host, resolved)}`,
  ]);
  const names =
    resolved &&
    switchesOf(resolved, 'vxlan').some(s => s.members.some(m => skipped.some(d => d.host === m.host)))
      ? ['left out: name lists in containers on a switch with such a host stay as they are']
      : [];
  return { ...plan, notes: [...plan.notes, ...notes, ...names] };
}

function undoneOn(host: HostName, resolved: Resolved | undefined): string {
  if (!resolved?.hosts.some(h => h.name === host)) return 'what topo made there stays, and is remembered';
  const stacks = resolved.stacks.filter(s => s.host === host).map(s => `stack ${s.name}`);
  const switches = switchesOf(resolved, 'vxlan')
    .filter(s => s.members.some(m => m.host === host))
    .map(s => `its part of switch ${s.name}`);
  return [...stacks, ...switches].join(', ') || 'nothing of the topology is on it';
}
