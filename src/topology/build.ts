import { z } from 'zod';
import type { BuildDeclaration } from '../core/index.js';
import { absolutePath } from './absolute-path.js';
import { closed, complain, ignored, isMap, key, lazily, notYet } from './blocks.js';
import { environmentSchema, expandEnvironment, expandLabels } from './environment.js';
import { given } from './given.js';
import { byteCount, bytes } from './sizes.js';
import type { Surroundings } from './surroundings.js';

export type BuildInput = z.input<ReturnType<typeof buildSchema>>;

/** How an image is built on the engine of its host: a context, or a map. */
export const buildSchema = lazily(() =>
  z
    .union([z.string().min(1), buildObject()])
    .meta({ id: 'build', description: "How the image is built on the stack's engine: a context, or a map." }),
);

/** The input has been validated. */
export function expandBuild(input: BuildInput, { directory, home }: Surroundings): BuildDeclaration {
  const build = typeof input === 'string' ? { context: input } : input;
  const { context = '.', shm_size: shm } = build;
  return {
    context: isRemote(context)
      ? { is: 'remote', address: context }
      : { is: 'local', directory: absolutePath(context, directory, home) },
    args: expandEnvironment(build.args),
    labels: expandLabels(build.labels),
    ...given({
      dockerfile: build.dockerfile,
      inline: build.dockerfile_inline,
      target: build.target,
      cacheFrom: build.cache_from,
      extraHosts: build.extra_hosts && expandHosts(build.extra_hosts),
      network: build.network,
      noCache: build.no_cache,
      pull: build.pull,
      shmSize: shm === undefined ? undefined : byteCount(shm),
      platform: build.platforms?.[0],
      tags: build.tags,
    }),
  };
}

function buildObject() {
  return closed({
    context: key(z.string().min(1), 'A directory of this machine, or the address of a repository.', '.'),
    dockerfile: key(z.string().min(1), 'Where in the context.', 'Dockerfile'),
    dockerfile_inline: key(z.string().min(1), 'The Dockerfile itself.'),
    args: key(environmentSchema(), 'What its ARG lines get.'),
    target: key(z.string().min(1), 'The stage that is built.'),
    labels: key(environmentSchema(), 'Labels of the image.'),
    cache_from: key(z.array(z.string()), 'Images whose layers may be used.'),
    extra_hosts: key(environmentSchema(), 'Names that are known while it is built.'),
    network: key(z.string().min(1), 'The network of what runs while it is built.'),
    no_cache: key(z.boolean(), 'Whether no layer is used again.', false),
    pull: key(z.boolean(), 'Whether newer base images are asked for.', false),
    shm_size: key(bytes(), 'The size of /dev/shm while it is built.'),
    platforms: key(z.array(z.string()).max(1), 'The platform it is for.'),
    tags: key(z.array(z.string().min(1)), 'Other names of the image.'),
    secrets: buildkit(),
    ssh: buildkit(),
    additional_contexts: buildkit(),
    ...Object.fromEntries(
      [
        ...['cache_to', 'no_cache_filter', 'entitlements', 'provenance', 'sbom'],
        ...['privileged', 'isolation', 'ulimits'],
      ].map(name => [name, ignored()]),
    ),
  }).superRefine(
    (value, context) => {
      if (!isMap(value) || value.dockerfile === undefined || value.dockerfile_inline === undefined) return;
      const summary = 'a build has dockerfile or dockerfile_inline, not both';
      complain(context, { is: 'said', code: 'key.conflict', summary, at: 'key' }, ['dockerfile_inline']);
    },
    { when: ({ value }) => isMap(value) },
  );
}

/** Without it a build would fail half way, or lack what it needs. */
function buildkit() {
  const hint =
    "it needs what only docker's own command line gives to BuildKit: build the image beforehand, and let pull_policy be push";
  return notYet(z.unknown(), undefined, hint)
    .optional()
    .describe("Needs docker's command line. Not built yet.");
}

/** As the engine takes them: `NAME:ADDRESS`. */
function expandHosts(input: NonNullable<Exclude<BuildInput, string>['extra_hosts']>): readonly string[] {
  if (Array.isArray(input)) return input.map(entry => entry.replace(/^([^:=]+)=/, '$1:'));
  return Object.entries(input).map(([name, address]) => `${name}:${String(address)}`);
}

function isRemote(context: string): boolean {
  return /:\/\/|^(github\.com\/|git@)/.test(context);
}
