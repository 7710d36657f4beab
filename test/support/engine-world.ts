import { emptyInventory, type EngineCall, type Inventory, type Step } from '../../src/core/index.js';
import {
  ENGINE_READS,
  inspectContainer,
  parseContainers,
  parseImages,
  parseNetworks,
  parseSettings,
  parseVolumes,
} from '../../src/tools/index.js';
import type { World } from '../conformance/engine-runner.js';
import type { TestEngine } from './engine.js';

/** The engine's part of a host: its lists, the names of the devices beside it, and steps that are calls to it. */
export function engineWorld(engine: TestEngine): World {
  return { inventory: () => inventory(engine), perform: step => perform(engine, step) };
}

async function inventory(engine: TestEngine): Promise<Inventory> {
  const get = async (call: EngineCall): Promise<unknown> => (await engine.call(call)).body;
  const listed = parseContainers(await get(ENGINE_READS.containers));
  const containers = listed.map(async c => ({
    ...c,
    settings: parseSettings(await get(inspectContainer(c.id))),
  }));
  return {
    ...emptyInventory(),
    links: links(engine),
    containers: await Promise.all(containers),
    networks: parseNetworks(await get(ENGINE_READS.networks)),
    volumes: parseVolumes(await get(ENGINE_READS.volumes)),
    images: parseImages(await get(ENGINE_READS.images)),
  };
}

function links(engine: TestEngine): Inventory['links'] {
  const found = JSON.parse(engine.exec(['ip', '-j', 'link']).stdout) as {
    ifname: string;
    ifindex: number;
    mtu: number;
  }[];
  return found.map(({ ifname: name, ifindex: index, mtu }) => {
    return {
      name,
      index,
      mtu,
      kind: '',
      alias: '',
      mac: '',
      up: true,
      group: 'default',
      data: {},
      addresses: [],
    };
  });
}

async function perform(engine: TestEngine, step: Step): Promise<void> {
  if (step.via === 'stream' && step.name === 'busybox') return engine.importBusybox(step.args[0]!);
  if (step.via === 'exec') {
    const done = engine.exec(step.argv);
    if (done.code !== 0) throw new Error(done.stderr.trim());
    return;
  }
  if (step.via !== 'docker') throw new Error(`no engine does ${step.via}`);
  const { status, body } = await engine.call(step);
  if (status >= 300 && !step.accept?.includes(status))
    throw new Error(`${step.label}: ${status} ${JSON.stringify(body)}`);
}
