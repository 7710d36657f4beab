import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inside } from './cli.js';
import { pause } from './engine.js';

/** A registry in a sandbox; see registry-server.js. */
export interface TestRegistry {
  /** What manifests were asked for, and by whom: `GET my/app alice`. */
  log(): Promise<readonly string[]>;
  /** From now on all images are others, with this text in /version. */
  become(version: string): Promise<void>;
  stop(): Promise<void>;
}

const PORT = '5000';

/** Starts one on every address of 127.0.0.0/8 of a sandbox, at port 5000. */
export async function startRegistry(sandbox: string): Promise<TestRegistry> {
  const pid = (await readFile(`/run/topo/sandbox/${sandbox}/pid`, 'utf8')).trim();
  const program = new URL('registry-server.js', import.meta.url).pathname;
  const server = spawn('nsenter', ['-t', pid, '-n', process.execPath, program, PORT], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>(resolve => server.once('exit', () => resolve()));
  const ask = async (path: string, method = 'GET'): Promise<string> => {
    const address = `http://127.0.0.1:${PORT}${path}`;
    const { code, stdout } = await inside(sandbox, 'curl', '-sf', '-X', method, address);
    if (code !== 0) throw new Error(`${method} ${address}: curl ended with ${code}`);
    return stdout;
  };
  for (let tries = 0; (await ask('/log').catch(() => undefined)) === undefined; tries++) {
    if (tries === 50) throw new Error('no registry came up');
    await pause(100);
  }
  return {
    log: async () => (await ask('/log')).split('\n'),
    become: async version => void (await ask(`/version/${version}`, 'PUT')),
    async stop() {
      server.kill();
      await ended;
    },
  };
}

/** Writes a Docker config, and a credential helper `docker-credential-test` that gives alice's login. `env` uses both. */
export async function writeLogins(
  directory: string,
  config: unknown,
): Promise<{ readonly env: Readonly<Record<string, string>> }> {
  const helper = join(directory, 'bin/docker-credential-test');
  await mkdir(join(directory, 'bin'), { recursive: true });
  await writeFile(join(directory, 'config.json'), JSON.stringify(config));
  await writeFile(
    helper,
    `#!/bin/sh
read -r server
case $1:$server in
get:127.0.0.*) printf '{"ServerURL":"%s","Username":"alice","Secret":"s3cret"}' "$server" ;;
get:token.example) echo '{"ServerURL":"token.example","Username":"<token>","Secret":"t0ken"}' ;;
get:locked.example) echo 'the keychain is locked'; exit 1 ;;
get:*) echo 'credentials not found in native keychain'; exit 1 ;;
list:*) echo '{"127.0.0.3:5000":"alice"}' ;;
esac
`,
  );
  await chmod(helper, 0o755);
  const path = `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`;
  return { env: { DOCKER_CONFIG: directory, PATH: path } };
}
