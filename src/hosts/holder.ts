import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { hostError } from './errors.js';
import { add, imageArchive } from './image-archive.js';
import { loadImage } from './load.js';
import type { Transfer } from './transfer.js';

/** Makes an image of one program on the host's engine: that of the host's processor, of those that are given. */
export async function makeHolder(transfer: Transfer, args: readonly string[]): Promise<void> {
  const { host, ref } = transfer;
  const [, path = '', ...programs] = args;
  const { body } = await host.engine({ via: 'docker', method: 'GET', path: '/version' });
  const arch = (body as { Arch?: string }).Arch ?? '';
  const program = programs.find(p => p.startsWith(`${arch}=`))?.slice(arch.length + 1);
  if (program === undefined)
    throw hostError(
      host.name,
      'image.holder',
      `there is no program of ${ref} for ${arch}, which ${host.described} is`,
    );
  const layer = pack();
  add(layer, { name: path.slice(1), mode: 0o755 }, Buffer.from(program, 'base64'));
  layer.finalize();
  const config = { Entrypoint: [path] };
  const archive = imageArchive(ref, await buffer(layer), { arch, config, by: 'topo: holder of a namespace' });
  await loadImage(transfer, Readable.from([await buffer(archive)]));
}
