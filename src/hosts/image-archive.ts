import { createHash } from 'node:crypto';
import { pack, type Header, type Pack } from 'tar-stream';

/** What an image says beside its only layer. */
interface ImageWords {
  /** In the engine's words. */
  readonly arch: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly by: string;
}

/** What `docker load` takes (docker save's format), with a creation time that does not change. */
export function imageArchive(ref: string, layer: Buffer, { arch, config: told, by }: ImageWords): Pack {
  const sha = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
  const config = JSON.stringify({
    architecture: arch,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: told,
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha(layer)}`] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: by }],
  });
  const tag = /[:@][^/]*$/.test(ref) ? ref : `${ref}:latest`;
  const names = { config: `${sha(config)}.json`, layer: `${sha(layer)}/layer.tar` };
  const tar = pack();
  add(tar, { name: names.config, mode: 0o644 }, config);
  add(tar, { name: names.layer, mode: 0o644 }, layer);
  add(
    tar,
    { name: 'manifest.json', mode: 0o644 },
    JSON.stringify([{ Config: names.config, RepoTags: [tag], Layers: [names.layer] }]),
  );
  tar.finalize();
  return tar;
}

/** Entries wait in the pack until it is read. A fixed time: the same files are the same bytes. */
export function add(
  tar: Pack,
  header: Partial<Header> & { name: string },
  content: Buffer | string = '',
): void {
  tar.entry({ uid: 0, gid: 0, mtime: new Date(0), ...header }, content);
}
