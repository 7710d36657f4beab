import { posix } from 'node:path';

/** A path of the file, from the directory that it is relative to; `~` is the operator's home. */
export function absolutePath(path: string, directory: string, home = '/root'): string {
  return posix.resolve(
    directory,
    path === '~' || path.startsWith('~/') ? posix.join(home, path.slice(1)) : path,
  );
}
