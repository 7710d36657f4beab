import { digest } from '../core/index.js';
import type { BuildDeclaration, BuildRequest, Diagnostic, Locate, StackDeclaration } from '../core/index.js';
import type { Environment } from './environment.js';

/** A build context of this machine as it is now; `why` it is none, in words. */
export type ContextReading =
  /** `dockerfile`: the text of the Dockerfile, where one was asked for. */
  | { readonly is: 'read'; readonly digest: string; readonly dockerfile?: string }
  | { readonly is: 'unreadable'; readonly why: string; readonly hint?: string };

/** Reads a build context by its absolute path, with the Dockerfile that must be in it, if one must. */
export type ReadContext = (directory: string, dockerfile: string | undefined) => ContextReading;

/** How a stack's images are built, by service, and what contexts can't be had. */
export function resolveBuilds(
  stack: string,
  { services }: StackDeclaration,
  environment: Environment,
  readContext: ReadContext,
  locate: Locate,
): { readonly builds: ReadonlyMap<string, BuildRequest>; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const builds = Object.entries(services).flatMap(([service, { build }]) => {
    if (!build) return [];
    const path = ['stacks', stack, 'services', service, 'build'];
    const read = contextDigest(build, readContext);
    if (read.is === 'read') return [[service, requestOf(build, read, environment)] as const];
    const place = locate([...path, 'context']);
    const { directory } = build.context as { directory: string };
    diagnostics.push({
      severity: 'error',
      code: 'build.context',
      summary: `cannot build "${service}" from ${directory}: ${read.why}`,
      hint:
        read.hint ??
        'the context is a directory of this machine; relative paths begin where the file is that names it',
      ...(place && { place }),
    });
    return [];
  });
  return { builds: new Map(builds), diagnostics };
}

/** What the engine fetches itself is not looked at: another address is another context. */
function contextDigest({ context, dockerfile, inline }: BuildDeclaration, read: ReadContext): ContextReading {
  if (context.is === 'remote') return { is: 'read', digest: context.address };
  return read(context.directory, inline === undefined ? (dockerfile ?? 'Dockerfile') : undefined);
}

/** Where the context stands does not count, nor do the words for what Docker does by itself. */
function requestOf(
  build: BuildDeclaration,
  read: ContextReading & { is: 'read' },
  own: Environment,
): BuildRequest {
  const args = Object.fromEntries(
    Object.entries(build.args).flatMap(([name, value]): [string, string][] => {
      const found = value ?? (Object.hasOwn(own, name) ? own[name] : undefined);
      return found === undefined ? [] : [[name, found]];
    }),
  );
  const { context: _, ...options } = build;
  return {
    ...build,
    args,
    ...(needsBuildkit(build.inline ?? read.dockerfile ?? '') && { buildkit: true }),
    digest: digest({ ...options, args, content: read.digest }),
  };
}

/** `RUN --mount` and the like, `COPY --link`, here-documents, and a syntax of its own: the older builder refuses or misreads them. */
function needsBuildkit(dockerfile: string): boolean {
  const flags = /^\s*(RUN|COPY|ADD)\s+(--(from|chown)=\S+\s+)*--(?!from=|chown=)/im;
  const hereDocument = /^\s*(RUN|COPY|ADD)\s.*<<-?["']?[A-Za-z_]/im;
  return [/^# *syntax *=/im, flags, hereDocument].some(pattern => pattern.test(dockerfile));
}
