import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { applied, inside, topo, workspace, type RunOptions } from './cli.js';
import { runDirectory, startSandboxes } from './sandboxes.js';
import { snapshot } from './snapshot.js';
import { presentAsSsh } from './ssh-hosts.js';

/** A host that stays when the topology goes, so that what that leaves can be seen. */
export interface VdeWorld extends AsyncDisposable {
  readonly space: RunOptions;
  /** A hand on the host: lines of sh; gives what they wrote. */
  readonly hand: (lines: string) => Promise<string>;
  readonly look: () => Promise<string>;
}

export async function startVdeWorld(topology: string): Promise<VdeWorld> {
  const sandboxes = await startSandboxes(1);
  const hosts = await presentAsSsh(sandboxes);
  const space = { ...(await workspace()), env: { HOME: hosts.home } };
  await writeFile(join(space.cwd, 'topo.yaml'), topology);
  const [name] = sandboxes.names;
  return {
    space,
    async hand(lines) {
      const ran = await inside(name!, 'sh', '-ec', lines);
      if (ran.code !== 0) throw new Error(`${lines}: ${ran.stdout}${ran.stderr}`);
      return ran.stdout;
    },
    async look() {
      const pid = (await readFile(`${runDirectory(name!)}/pid`, 'utf8')).trim();
      return snapshot(['nsenter', '-t', pid, '-n', '-m', '-p', '-u', '--']);
    },
    async [Symbol.asyncDispose]() {
      await space[Symbol.asyncDispose]();
      await hosts[Symbol.asyncDispose]();
      await sandboxes[Symbol.asyncDispose]();
    },
  };
}

/** One VDE switch with `containers` times `each` ports. The first of a container's are all in one subnet. */
export function manyPorts(name: string, containers: number, each: number): string {
  const interfaces = Array.from({ length: each }, (_, n) => ({
    switch: 'v0',
    ip: n === 0 ? '10.0.0.1/24' : 'none',
  }));
  const service = { image: 'topo/busybox', command: ['sleep', 'infinity'], scale: containers, interfaces };
  return JSON.stringify({
    name,
    hosts: { one: 'ssh://one' },
    switches: { v0: { kind: 'vde', host: 'one', ports: containers * each } },
    stacks: { s: { host: 'one', services: { c: service } } },
    checks: [{ from: 's/c', ping: `s/c#${containers}` }],
  });
}

/** What can happen to processes of topo's VDE and around them; `$run` is where topo has its notes. */
const MISHAPS = [
  'kill -9 $(pgrep -f "[v]de_switch .* -p $run/")',
  'kill $(pgrep -f "[v]de_switch .* -p $run/")',
  'kill -9 $(pgrep -x vde_plug2tap | shuf -n 3)',
  'kill $(pgrep -x vde_plug2tap | shuf -n 3)',
  'kill -9 $(pgrep -x vde_plug2tap)',
  'docker kill $(docker ps -q | shuf -n 1)',
  'docker restart -t 0 $(docker ps -q | shuf -n 1)',
  'rm $run/v0.mgmt',
  'rm $run/v0/ctl',
  'rm $run/*.pid',
] as const;

/**
 * So many times two of these befall the host; one `up` repairs it, with nothing left to do, and the check holds. Gives a line for
 * each time.
 */
export async function befall(
  { space, hand }: VdeWorld,
  name: string,
  times: number,
): Promise<readonly string[]> {
  const told: string[] = [];
  for (let time = 0; time < times; time++) {
    const first = MISHAPS[time % MISHAPS.length]!;
    const second = MISHAPS[Math.floor(Math.random() * MISHAPS.length)]!;
    await hand(`run=/run/topo/${name}/vde; { ${first}; ${second}; } >/dev/null 2>&1 || :`);
    const { planned, remaining } = await applied(space);
    told.push(`${first} and ${second}: ${planned.length} actions`);
    expect(remaining, told.at(-1)).toEqual([]);
    const check = await topo(['check'], space);
    expect(check, `${told.at(-1)}\n${check.stdout}`).toMatchObject({ code: 0 });
  }
  return told;
}
