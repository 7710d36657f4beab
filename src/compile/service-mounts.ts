import type { ResolvedService } from '../core/index.js';

type Mount = ResolvedService['mounts'][number];
type Body = Readonly<Record<string, unknown>>;

/**
 * The mounts of a service in the body of the engine's create call, as Compose gives them: of a bind in `Binds` whose source is not there
 * the engine makes a directory; in `Mounts` it refuses it. SELinux labels are only known there, other options only here.
 */
export function mountsBody(mounts: readonly Mount[]): Body {
  const binds = mounts.filter(isPlainBind);
  const others = mounts.filter(mount => !isPlainBind(mount));
  return {
    ...(binds.length > 0 && { Binds: binds.map(bindText) }),
    Mounts: others.map(mountBody),
  };
}

function isPlainBind({ type, source, mustExist, recursive }: Mount): boolean {
  return type === 'bind' && !mustExist && recursive === undefined && source?.includes(':') === false;
}

function bindText({ source, target, readOnly, selinux, propagation }: Mount): string {
  const options = [readOnly ? 'ro' : 'rw', selinux, propagation].filter(o => o !== undefined);
  return `${source}:${target}:${options.join(',')}`;
}

function mountBody(mount: Mount): Body {
  const source = mount.type === 'volume' ? mount.volume : mount.source;
  return {
    Type: mount.type,
    Target: mount.target,
    ReadOnly: mount.readOnly,
    ...(source !== undefined && { Source: source }),
    ...options(mount),
  };
}

function options(mount: Mount): Body {
  const { type, propagation, recursive, mustExist, noCopy, subpath, labels, size, mode } = mount;
  switch (type) {
    case 'bind':
      return optional('BindOptions', {
        ...(propagation !== undefined && { Propagation: propagation }),
        ...(!mustExist && { CreateMountpoint: true }),
        ...(recursive === 'disabled' && { NonRecursive: true }),
        ...(recursive === 'writable' && { ReadOnlyNonRecursive: true }),
        ...(recursive === 'readonly' && { ReadOnlyForceRecursive: true }),
      });
    case 'volume':
      return optional('VolumeOptions', {
        ...(noCopy && { NoCopy: true }),
        ...(subpath !== undefined && { Subpath: subpath }),
        ...(labels && { Labels: labels }),
      });
    case 'tmpfs':
      return optional('TmpfsOptions', {
        ...(size !== undefined && { SizeBytes: size }),
        ...(mode !== undefined && { Mode: mode }),
      });
    case 'image':
      return optional('ImageOptions', { ...(subpath !== undefined && { Subpath: subpath }) });
  }
}

function optional(name: string, body: Body): Body {
  return Object.keys(body).length > 0 ? { [name]: body } : {};
}
