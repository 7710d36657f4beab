import type { ContainerSpec } from './container-spec.js';
import type { ContainerState } from './container-read.js';

/** An anonymous volume by its name in the engine, and where it is mounted. */
export interface AnonymousVolume {
  readonly name: string;
  readonly target: string;
}

/** The engine names volumes that nobody named by 64 hexadecimal digits. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

/**
 * The anonymous volumes of a container that is made anew, as Compose hands them on: those of the image, and those that the service still
 * declares. `dropped`: those that it declared and does not any more, or has something else in the place of.
 */
export function anonymousVolumes(
  want: ContainerSpec,
  have: ContainerState,
): { readonly carried: readonly AnonymousVolume[]; readonly dropped: readonly AnonymousVolume[] } {
  const now = new Map(mountsOf(want.redacted).map(m => [m.target, m]));
  const before = new Map(
    mountsOf((have.mark.spec as { config?: unknown } | undefined)?.config).map(m => [m.target, m]),
  );
  const host = want.config.HostConfig as HostParts | undefined;
  const isTaken = (target: string): boolean =>
    host?.Tmpfs?.[target] !== undefined || isOther(now.get(target));
  const all = have.mounts
    .filter(({ type, source }) => type === 'volume' && ANONYMOUS.test(source))
    .map(({ source, target }) => ({ name: source, target }));
  // Volumes of others that it shares are theirs to hand on.
  const own = all.filter(({ target }) => (host?.VolumesFrom ?? []).length === 0 || before.has(target));
  const stays = ({ target }: AnonymousVolume): boolean =>
    !isTaken(target) && (now.has(target) || !before.has(target));
  return { carried: own.filter(stays), dropped: own.filter(volume => !stays(volume)) };
}

/** The part of a create call's body that is about the host, with volumes handed on in the place of new ones. */
export function withVolumes(
  host: Readonly<Record<string, unknown>> | undefined,
  carried: readonly AnonymousVolume[],
): Readonly<Record<string, unknown>> | undefined {
  if (carried.length === 0) return host;
  const names = new Map(carried.map(({ name, target }) => [target, name]));
  const mounts = ((host?.['Mounts'] ?? []) as readonly MountBody[]).map(mount => {
    const name = names.get(mount.Target);
    names.delete(mount.Target);
    return name === undefined ? mount : { ...mount, Source: name };
  });
  const others = [...names].map(([Target, Source]) => ({ Type: 'volume', Target, Source }));
  return { ...host, Mounts: [...mounts, ...others] };
}

interface MountBody {
  readonly Target: string;
}

interface HostParts {
  readonly Tmpfs?: Readonly<Record<string, string>>;
  readonly VolumesFrom?: readonly string[];
}

interface Mount {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
}

function isOther(mount: Mount | undefined): boolean {
  return mount !== undefined && (mount.type !== 'volume' || mount.source !== undefined);
}

/** The `volumes` of what was asked for, as a label keeps it. */
function mountsOf(redacted: unknown): readonly Mount[] {
  const { volumes } = (redacted ?? {}) as { volumes?: readonly Mount[] };
  return volumes ?? [];
}
