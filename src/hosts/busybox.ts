import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { buffer } from 'node:stream/consumers';
import { pack, type Pack } from 'tar-stream';
import { isStaticElf } from './elf.js';
import { hostError } from './errors.js';
import { add, imageArchive } from './image-archive.js';
import { loadImage } from './load.js';
import type { Transfer } from './transfer.js';

/** The engine's words for Node's. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
  riscv64: 'riscv64',
  s390x: 's390x',
  ppc64: 'ppc64le',
};

/**
 * Makes a small image of this machine's static busybox on the host's engine: no registry is asked. The same busybox gives
 * the same bytes and so the same image id on every host.
 */
export async function makeBusybox(transfer: Transfer): Promise<void> {
  const { program, applets } = await findBusybox(transfer.host.name);
  const arch = ARCHITECTURES[process.arch] ?? process.arch;
  await checkArchitecture(transfer, arch);
  const layer = await buffer(rootFiles(program, applets));
  const config = {
    Cmd: ['sh'],
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  };
  const archive = imageArchive(transfer.ref, layer, { arch, config, by: 'topo: busybox' });
  await loadImage(transfer, Readable.from([await buffer(archive)]));
}

async function findBusybox(host: string): Promise<{ program: Buffer; applets: readonly string[] }> {
  const hint = 'install it on this machine: apt-get install busybox-static';
  for (const path of ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox']) {
    const program = await readFile(path).catch(() => undefined);
    if (program === undefined) continue;
    if (!isStaticElf(program))
      throw hostError(host, 'image.busybox', `${path} is not static, so it can't be an image of its own`, {
        hint,
      });
    const { stdout } = await promisify(execFile)(path, ['--list-full']);
    return {
      program,
      applets: stdout
        .split('\n')
        .filter(name => name !== '')
        .sort(),
    };
  }
  throw hostError(host, 'image.busybox', 'there is no busybox on this machine to make an image of', { hint });
}

async function checkArchitecture({ host, ref }: Transfer, ours: string): Promise<void> {
  const { body } = await host.engine({ via: 'docker', method: 'GET', path: '/version' });
  const theirs = (body as { Arch?: string }).Arch ?? ours;
  if (theirs !== ours)
    throw hostError(
      host.name,
      'image.busybox',
      `${ref} is made of this machine's ${ours} programs, and ${host.described} is ${theirs}`,
      {
        hint: 'use an image of a registry for that host',
      },
    );
}

/** The image's only layer: busybox, a link for each of its applets, and the few files that programs look for. */
function rootFiles(program: Buffer, applets: readonly string[]): Pack {
  const tar = pack();
  const directories = new Set(['etc', 'home', 'proc', 'root', 'run', 'sys', 'tmp', 'var', 'var/www', 'bin']);
  for (const path of applets) for (let d = parent(path); d !== ''; d = parent(d)) directories.add(d);
  for (const name of [...directories].sort())
    add(tar, {
      name: `${name}/`,
      type: 'directory',
      mode: name === 'tmp' ? 0o1777 : name === 'root' ? 0o700 : 0o755,
    });
  add(tar, { name: 'bin/busybox', mode: 0o755 }, program);
  for (const name of applets)
    if (name !== 'bin/busybox') add(tar, { name, type: 'symlink', linkname: '/bin/busybox', mode: 0o777 });
  add(
    tar,
    { name: 'etc/passwd', mode: 0o644 },
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  add(tar, { name: 'etc/group', mode: 0o644 }, 'root:x:0:\nnogroup:x:65534:\n');
  tar.finalize();
  return tar;
}

function parent(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
