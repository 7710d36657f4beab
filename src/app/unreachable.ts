import type { Diagnostic, HostName } from '../core/index.js';
import type { Scene } from './scene.js';

/** Why a host can't be worked with, at its place in the file, and what can be done about it. */
export function unreachable(scene: Scene, host: HostName, failed: Diagnostic): Diagnostic {
  const place = scene.places?.get(host);
  const left = scene.places !== undefined && !place && scene.targets.some(t => t.name === host);
  const hints = [
    ...(failed.hint === undefined ? [] : [failed.hint]),
    ...(left ? ['it is not in the file any more, but topo made something there'] : []),
    ...(scene.unreachable === 'offer' ? ['or go on without it for now: --skip-unreachable'] : []),
  ];
  return { ...failed, ...(hints.length > 0 && { hint: hints.join('; ') }), ...(place && { place }) };
}

/** A scene without the hosts that `failed` is about; they are remembered all the same. */
export function without(scene: Scene, failed: readonly Diagnostic[]): Scene {
  const why = new Map(failed.map(f => [f.host, f]));
  const gone = scene.targets.flatMap(target => {
    const reason = why.get(target.name);
    return reason ? [{ target, reason }] : [];
  });
  return {
    ...scene,
    targets: scene.targets.filter(t => !why.has(t.name)),
    skipped: [...(scene.skipped ?? []), ...gone],
  };
}
