import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { recordedHelp } from './transcripts.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.cache/vpp-emulator/', import.meta.url));
const run = promisify(execFile);

/** The programs of the emulator. */
export interface Programs {
  readonly vppctl: string;
  readonly devices: string;
  readonly daemon: string;
  readonly help: string;
}

/** Builds the emulator where its sources changed since it was last built: a second, then nothing. Needs `gcc`. */
export async function buildEmulator(): Promise<Programs> {
  const directory = `${CACHE}${await fingerprint()}`;
  if (!existsSync(directory)) await buildInto(directory);
  const [vppctl, devices, daemon, help] = ['vppctl', 'devices', 'daemon.js', 'help'] as const;
  const at = (name: string): string => `${directory}/${name}`;
  return { vppctl: at(vppctl), devices: at(devices), daemon: at(daemon), help: at(help) };
}

/** Of all sources, the commit's own of src aside: what the daemon takes of it changes no answer. */
async function fingerprint(): Promise<string> {
  const names = await readdir(HERE, { recursive: true });
  const sources = names.filter(name => /\.(ts|c)$/.test(name)).toSorted();
  const hash = createHash('sha256');
  for (const name of sources) hash.update(name).update(await readFile(HERE + name));
  return hash.digest('hex').slice(0, 16);
}

/** Two who build at the same time both finish; the first one's stays. */
async function buildInto(directory: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const temporary = await mkdtemp(`${CACHE}build-`);
  await Promise.all([
    compile('vppctl', temporary),
    compile('devices', temporary),
    bundle(`${temporary}/daemon.js`),
    writeFile(`${temporary}/help`, recordedHelp()),
  ]);
  await rename(temporary, directory).catch(() => rm(temporary, { recursive: true }));
}

/** Static, so that it runs in a container without a libc too. */
async function compile(name: string, into: string): Promise<void> {
  const flags = ['-static', '-O1', '-Wall', '-Werror', '-D_GNU_SOURCE'];
  await run('gcc', [...flags, '-o', `${into}/${name}`, `${HERE}native/${name}.c`]);
}

async function bundle(file: string): Promise<void> {
  const built = await rolldown({ input: `${HERE}daemon.ts`, platform: 'node' });
  await built.write({ file, format: 'esm' });
  await built.close();
}
