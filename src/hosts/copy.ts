import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { CallOptions, CopyCall, Host } from '../core/index.js';
import type { Engine } from './engine.js';
import { hostError } from './errors.js';
import { bodyOf } from './http.js';
import { wordsOf } from './pull.js';

/** Puts files into a container through the engine's archive call; it need not run. Directories on the way are made. */
export async function copyFiles(
  host: Host,
  engine: Engine,
  { container, directory, files }: CopyCall,
  options: CallOptions | undefined,
): Promise<void> {
  const tar = pack();
  for (const { path, uid, gid, mode, content } of files) {
    const name = path.slice(directory === '/' ? 1 : directory.length + 1);
    tar.entry({ name, uid, gid, mode, mtime: new Date(0) }, Buffer.from(content, 'base64'));
  }
  tar.finalize();
  const call = {
    via: 'docker',
    method: 'PUT',
    path: `/containers/${encodeURIComponent(container)}/archive?path=${encodeURIComponent(directory)}`,
    headers: { 'Content-Type': 'application/x-tar' },
  } as const;
  const signal = options?.signal;
  const answer = await engine.stream(call, {
    body: Readable.from([await buffer(tar)]),
    ...(signal ? { signal } : {}),
  });
  const said = await bodyOf(answer.body);
  if (answer.status === 200) return;
  const paths = files.map(f => f.path).join(', ');
  throw hostError(
    host.name,
    'container.copy',
    `${host.described} could not copy ${paths} into container ${container}: ${wordsOf(said)}`,
    {
      hint: 'look whether the image has something else in that place, such as a file where a directory is needed',
    },
  );
}
