import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceId, shortMark, type EngineCall, type Resource, type Step } from '../../src/core/index.js';
import { names, type NamesSpec } from '../../src/kinds/names.js';
import { hostsFile, parseNames, parseVersion, readNamesArgv, scriptArgv } from '../../src/tools/index.js';
import { engineMissing, startEngine, type TestEngine } from '../support/engine.js';
import { engineWorld } from '../support/engine-world.js';
import { bring, changeFor, conform, type World } from './engine-runner.js';

const ID = resourceId('a', 'names', 'shop/web');
const row = { kind: names, topology: 'lab' } as const;

describe.skipIf(engineMissing() !== undefined)('names in the hosts file of a real container', () => {
  let engine: TestEngine;
  let world: World;
  let running: { readonly id: string; readonly hostsFile: string };

  beforeAll(async () => {
    engine = await startEngine('topo/busybox:latest');
    const { dataRoot = '' } = parseVersion({}, await api('GET', '/info')) as { dataRoot?: string };
    world = worldOf(engineWorld(engine), dataRoot);
    const labels = { 'topo.name': 'lab', 'topo.id': 'a/container/shop/web', 'topo.stack': 'shop' };
    const body = { Image: 'topo/busybox:latest', Cmd: ['sleep', '1000'], Labels: labels, StopTimeout: 0 };
    const { Id: id } = (await api('POST', '/containers/create?name=web', body)) as { Id: string };
    await api('POST', `/containers/${id}/start`);
    running = { id, hostsFile: hostsFile(dataRoot, id) };
  });
  afterAll(() => engine?.stop());

  test('are made, changed and taken away in place, from wherever a killed run left them', async () => {
    const changed = {
      want: wanted('10.0.0.3 api.search\n'),
      verb: 'update',
      fields: ['api.search'],
    } as const;
    await conform(world, { ...row, want: wanted('10.0.0.2 api.search\n'), changed });
  });

  test('are seen inside at once, stay when a network comes and goes, and are gone after a restart', async () => {
    const want = wanted('10.0.0.2 api.search\n');
    await bring(world, row, want);
    expect(await inside()).toContain('10.0.0.2 api.search');
    await api('POST', '/networks/create', { Name: 'more' });
    await api('POST', '/networks/more/connect', { Container: running.id });
    await api('POST', '/networks/more/disconnect', { Container: running.id });
    expect(await changeFor(world, row, want)).toBeUndefined();

    await api('POST', `/containers/${running.id}/restart`);
    expect(await changeFor(world, row, want)).toEqual({ verb: 'create', want });
    await bring(world, row, want);
  });

  function wanted(lines: string): Resource<NamesSpec> {
    return {
      id: ID,
      kind: 'names',
      host: 'a',
      name: 'shop/web',
      group: { is: 'stack', name: 'shop' },
      mark: shortMark('lab', ID),
      spec: { container: 'a/container/shop/web', containerName: 'web', running, lines, topology: 'lab' },
    };
  }

  async function api(method: EngineCall['method'], path: string, body?: unknown): Promise<unknown> {
    const reply = await engine.call({ via: 'docker', method, path, body });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  async function inside(): Promise<unknown> {
    const how = { Cmd: ['cat', '/etc/hosts'], AttachStdout: true, Tty: true };
    const { Id: id } = (await api('POST', `/containers/${running.id}/exec`, how)) as { Id: string };
    return api('POST', `/exec/${id}/start`, { Tty: true });
  }
});

/** The engine's world, and the files that it keeps on the host. */
function worldOf(engine: World, dataRoot: string): World {
  return {
    inventory: async () => {
      const { blocks } = parseNames(run(readNamesArgv('lab', dataRoot)));
      return { ...(await engine.inventory()), nameBlocks: blocks };
    },
    perform: async step => {
      await Promise.resolve();
      run(argvOf(step), 'stdin' in step ? (step.stdin ?? '') : '');
    },
  };
}

function argvOf(step: Step): readonly string[] {
  if (step.via !== 'script') throw new Error(`no host file is written by ${step.via}`);
  return scriptArgv(step.name, step.args);
}

function run([command, ...args]: readonly string[], input = ''): string {
  const done = spawnSync(command!, args, { input, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}
