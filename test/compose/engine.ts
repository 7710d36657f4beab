import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { FILES } from './cases.js';

/** The release of docker compose that is compared with. */
export const COMPOSE_VERSION = '2.40.3';
/** Where get-compose builds it. */
export const COMPOSE = new URL(`../../.cache/compose/${COMPOSE_VERSION}/`, import.meta.url).pathname;

/** Two sandbox hosts with an engine and the image that all files use, and a copy of the files beside a topology. */
export interface Lab extends AsyncDisposable {
  readonly name: string;
  readonly sandboxes: readonly [string, string];
  /** The first of them. */
  readonly sandbox: string;
  readonly cwd: string;
  /** Writes the topology, with these stacks as YAML flow maps by name. */
  write(stacks: readonly string[]): Promise<void>;
}

const SEED = "{ image: topo/busybox, command: ['true'] }";

/** Brings the hosts up with the image. */
export async function lab(): Promise<Lab> {
  const { cwd, [Symbol.asyncDispose]: remove } = await workspace();
  const name = ownName('compose');
  const write = (stacks: readonly string[]): Promise<void> =>
    writeFile(
      join(cwd, 'topo.yaml'),
      `name: ${name}\nhosts: { lab: sandbox, lab2: sandbox }\nstacks:\n${stacks.map(s => `  ${s}\n`).join('')}`,
    );
  await cp(FILES, cwd, { recursive: true });
  await write(['lab', 'lab2'].map(host => `${host}: { host: ${host}, services: { one: ${SEED} } }`));
  const up = await topo(['up', '--yes'], { cwd });
  if (up.code !== 0) throw new Error(`${up.stdout}\n${up.stderr}`);
  return {
    name,
    cwd,
    sandboxes: [`${name}-lab`, `${name}-lab2`],
    sandbox: `${name}-lab`,
    write,
    async [Symbol.asyncDispose]() {
      await topo(['down', '-v'], { cwd });
      await remove();
    },
  };
}
