import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import {
  BUILD_LABEL,
  type BuildCall,
  type BuildRequest,
  type CallOptions,
  type Host,
} from '../core/index.js';
import { contextEntries } from './build-context.js';
import type { Engine } from './engine.js';
import { hostError } from './errors.js';
import { bodyOf } from './http.js';
import { followMessages } from './messages.js';
import { isDenied, wordsOf } from './pull.js';
import { allLogins, encoded } from './registry-login.js';
import type { HostOptions } from './target.js';

/** The name in the context of a Dockerfile that stands in the topology itself. */
const INLINE = '.topo.dockerfile';

/** Lets the host's engine build an image by its own builder; a context of this machine is sent over the same connection. */
export async function buildImage(
  host: Host,
  engine: Engine,
  { reference, request }: BuildCall,
  surroundings: HostOptions,
  options: (CallOptions & { progress?: (text: string) => void }) | undefined,
): Promise<void> {
  const progress = options?.progress ?? (() => undefined);
  const path = `/build?${queryOf(reference, request).toString()}`;
  const { auths, failed } = await allLogins(host.name, surroundings);
  const logins = Object.keys(auths).length > 0 ? { 'X-Registry-Config': encoded(auths) } : undefined;
  const headers = { 'Content-Type': 'application/x-tar', ...logins };
  const call = { via: 'docker', method: 'POST', path, headers } as const;
  const body =
    request.context.is === 'local' || request.inline !== undefined ? contextOf(request) : undefined;
  const signal = options?.signal ? { signal: options.signal } : {};
  const answer = await engine.stream(call, { ...(body && { body }), ...signal });
  const words: string[] = [];
  const hear = (text: string): void => {
    words.push(...text.split('\n'));
    words.splice(0, words.length - LAST_LINES);
    progress(text);
  };
  const said =
    answer.status === 200 ? await followMessages(answer.body, hear) : wordsOf(await bodyOf(answer.body));
  if (said === undefined) return;
  const message = `${host.described} could not build ${reference}: ${said}`;
  throw hostError(host.name, 'image.build', [message, ...words].join('\n'), {
    hint: hintFor(said, request, failed),
  });
}

/** Of what a build that fails said before, this many lines are told. */
const LAST_LINES = 5;

/** What the engine is asked for (Engine API, `POST /build`). The label tells the next reading from what the image was made. */
function queryOf(reference: string, request: BuildRequest): URLSearchParams {
  const { context, inline, dockerfile, target, network, platform } = request;
  const query = new URLSearchParams({
    dockerfile: inline === undefined ? (dockerfile ?? 'Dockerfile') : INLINE,
    rm: '1',
    forcerm: '1',
    buildargs: JSON.stringify(request.args),
    labels: JSON.stringify({ ...request.labels, [BUILD_LABEL]: request.digest }),
  });
  for (const tag of [reference, ...(request.tags ?? [])]) query.append('t', tag);
  const optional = {
    remote: context.is === 'remote' && inline === undefined ? context.address : undefined,
    target,
    networkmode: network,
    platform,
    cachefrom: request.cacheFrom && JSON.stringify(request.cacheFrom),
    extrahosts: request.extraHosts?.join(','),
    nocache: request.noCache ? '1' : undefined,
    pull: request.pull ? '1' : undefined,
    shmsize: request.shmSize?.toString(),
    version: request.buildkit ? '2' : undefined,
  };
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) query.set(name, value);
  return query;
}

function contextOf(request: BuildRequest): Readable {
  const tar = pack();
  fill(tar, request).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return Readable.from(tar);
}

async function fill(tar: Pack, { context, dockerfile = 'Dockerfile', inline }: BuildRequest): Promise<void> {
  if (inline !== undefined) tar.entry({ name: INLINE, mode: 0o644, mtime: new Date(0) }, inline);
  if (context.is === 'remote') return;
  const kept = inline === undefined ? dockerfile : undefined;
  for (const { path, type, mode, size, link } of contextEntries(context.directory, kept)) {
    const header = { name: path, type, mode, uid: 0, gid: 0, mtime: new Date(0) };
    if (type === 'file')
      await pipeline(createReadStream(join(context.directory, path)), tar.entry({ ...header, size }));
    else tar.entry({ ...header, ...(link !== undefined && { linkname: link }) });
  }
}

function hintFor(said: string, request: BuildRequest, failedLogins: readonly string[]): string {
  if (isDenied(said) && request.buildkit)
    return 'BuildKit, which this Dockerfile needs, gets no login from here: docker pull the images of its FROM lines on that host';
  if (/buildkit/i.test(said))
    return "the engine's own builder is asked, which lacks this: build the image beforehand, and let pull_policy be push";
  if (isDenied(said) && failedLogins.length > 0)
    return `logins of this machine's Docker config could not be read: ${failedLogins.join('; ')}`;
  if (isDenied(said))
    return "look at the FROM lines: what is private there needs a login of this machine's Docker config (docker login)";
  if (/manifest|not found|no such host|lookup /i.test(said))
    return 'look at the FROM lines: the host must reach the registry, or have these images already';
  return 'try it by hand: docker build, with the same context';
}
