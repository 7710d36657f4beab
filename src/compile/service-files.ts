import { posix } from 'node:path';
import type { ContainerFile, Diagnostic, HostName, Resolved, ResolvedService } from '../core/index.js';
import type { Digest } from './digest.js';

/** Files that go into a container below one directory of it: the root, or a volume. */
export interface Copy {
  readonly directory: string;
  readonly files: readonly ContainerFile[];
}

/**
 * The files of a service by where the engine can put them before it starts: what is mounted in their place wins, as in Compose; below a
 * volume they go into that. Where the root is read-only, or memory is mounted over a part of it, files get a volume of their own.
 */
export function copiesOf(service: ResolvedService): readonly Copy[] {
  const groups = new Map<string, ContainerFile[]>();
  for (const file of filesOf(service)) {
    const directory = directoryFor(service, file);
    groups.set(directory, [...(groups.get(directory) ?? []), file]);
  }
  return [...groups].map(([directory, files]) => ({ directory, files }));
}

/** Where volumes without a name are mounted for files that could not be put there otherwise. */
export function volumesForFiles(service: ResolvedService): readonly string[] {
  const own = new Set(volumeTargets(service));
  return copiesOf(service)
    .map(c => c.directory)
    .filter(directory => directory !== '/' && !own.has(directory));
}

/** Files that the engine could not put in their place at all. */
export function unplaceableFiles(resolved: Resolved, hosts: ReadonlySet<HostName>): readonly Diagnostic[] {
  return resolved.stacks
    .filter(s => hosts.has(s.host))
    .flatMap(stack =>
      stack.services.flatMap(service =>
        filesOf(service)
          .filter(file => needsVolume(service, file) && isTopmost(service, file))
          .map(({ path }): Diagnostic => {
            const place = resolved.locate(['stacks', stack.name, 'services', service.key]);
            return {
              severity: 'error',
              code: 'container.read-only',
              summary: `service ${stack.name}/${service.key} is to have the file ${path}, and nothing can be put there before it starts`,
              hint: 'give it a target in a directory of its own (not in the root, which is read_only, nor right in a tmpfs)',
              ...(place && { place }),
            };
          }),
      ),
    );
}

/** The files as they may be read by all: contents only as keyed digests. */
export function redactedFiles(
  files: readonly ContainerFile[],
  digest: Digest,
): { readonly files?: Readonly<Record<string, unknown>> } {
  const open = files.map(({ path, uid, gid, mode, content }) => {
    return [path, { uid, gid, mode: mode.toString(8), content: digest(content) }] as const;
  });
  return open.length > 0 ? { files: Object.fromEntries(open) } : {};
}

function filesOf({ files, mounts }: ResolvedService): readonly ContainerFile[] {
  const mounted = new Set(mounts.map(m => m.target));
  return files.filter(f => !mounted.has(f.path));
}

function directoryFor(service: ResolvedService, file: ContainerFile): string {
  const volume = volumeTargets(service)
    .filter(target => isBelow(file.path, target))
    .sort((a, b) => b.length - a.length)[0];
  if (volume !== undefined) return volume;
  return needsVolume(service, file) ? posix.dirname(file.path) : '/';
}

function volumeTargets({ mounts }: ResolvedService): readonly string[] {
  return mounts.filter(m => m.type === 'volume' && !m.readOnly).map(m => m.target);
}

function needsVolume(service: ResolvedService, { path }: ContainerFile): boolean {
  if (volumeTargets(service).some(target => isBelow(path, target))) return false;
  return service.settings.readOnly === true || memory(service).some(target => isBelow(path, target));
}

function isTopmost(service: ResolvedService, { path }: ContainerFile): boolean {
  const directory = posix.dirname(path);
  return directory === '/' || memory(service).includes(directory);
}

function memory({ settings, mounts }: ResolvedService): readonly string[] {
  const mounted = mounts.filter(m => m.type === 'tmpfs').map(m => m.target);
  return [...Object.keys(settings.tmpfs ?? {}).map(path => posix.resolve(path)), ...mounted];
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory === '/' ? '/' : `${directory}/`);
}
