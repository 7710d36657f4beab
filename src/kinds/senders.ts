import type { Difference, Inventory, Step } from '../core/index.js';
import { plainFrames, type Sender } from '../tools/index.js';

/** Which of these devices leave checksums, and cutting into frames, to whom they give what they send; none where that could not be read. */
export function offloadersOf(senders: readonly Sender[], inventory: Inventory): readonly Sender[] {
  const { containers, namespaces, offloading } = inventory;
  return senders.filter(({ device, container }) => {
    const own = offloading.filter(o => o.device === device && !o.joins);
    if (container === undefined) return own.some(o => o.path === undefined);
    const id = containers.find(c => c.name === container)?.id ?? '';
    const path = namespaces.find(n => n.containers.includes(id))?.path;
    return path !== undefined && own.some(o => o.path === path);
  });
}

/** That they do, and the steps that end it. */
export function offloadDifferences(
  offloaders: readonly Sender[],
): readonly (Difference & { readonly mend: Step })[] {
  return offloaders.map(one => ({
    field: `${one.device} offloads`,
    have: 'on',
    want: 'off',
    mend: plainFrames(one),
  }));
}
