// `npm run build`: src/ and what it takes of its packages becomes dist/, a few modules that are read quickly, where hundreds of
// small ones cost each start more than twice the time; then oclif.manifest.json, with which oclif loads only the command that runs.
import { readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core/config';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is reached by its path: commands and hooks, the library, and the folders that tests and benchmarks look into. */
function entries() {
  const files = readdirSync(`${root}src`, { recursive: true });
  const wanted = files.filter(f => /^commands\/(?!shared\/).*\.ts$|^[a-z]+\/index\.ts$/.test(f));
  const shared = ['commands/shared/start.ts', 'commands/shared/not-found.ts'];
  return Object.fromEntries([...wanted, ...shared].map(f => [f.replace(/\.ts$/, ''), `${root}src/${f}`]));
}

async function bundle() {
  const built = await rolldown({
    cwd: root,
    input: entries(),
    platform: 'node',
    // ssh2 finds compiled parts beside itself; oclif asks for typescript where it is run from sources, and topo never is.
    external: [/^ssh2$/, /^typescript$/],
    onLog: (level, log) => {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  // Names stay as they are, for the stack of an error.
  const minify = { compress: true, mangle: false, codegen: { removeWhitespace: true } };
  await built.write({ dir: `${root}dist`, format: 'esm', minify, chunkFileNames: 'parts/[name]-[hash].js' });
  await built.close();
}

async function writeManifest() {
  const plugin = new Plugin({
    root,
    type: 'core',
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  await writeFile(`${root}oclif.manifest.json`, `${JSON.stringify(plugin.manifest)}\n`);
}

await Promise.all(
  ['dist', 'oclif.manifest.json'].map(name => rm(root + name, { recursive: true, force: true })),
);
await bundle();
await writeManifest();
