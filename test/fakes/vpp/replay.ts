import { normal } from './normal.js';
import { sceneOf, type Scene } from './scenes.js';
import type { Answer } from './shell.js';
import { readTranscript } from './transcripts.js';

export type Which = 'a' | 'b';

/** What a transcript is played to: two VPPs, or one, and the devices beside them. */
export interface Stage {
  /** What that VPP answers; undefined where this stage has none of that name, or not one that was so started. */
  send(vpp: Which, text: string): Promise<Answer | undefined>;
  /** Starts a VPP anew. */
  restart(vpp: Which, without: readonly string[]): Promise<void>;
  /** The Linux devices in the namespace of a. */
  addDevice(name: string): void;
  removeDevice(name: string): void;
  renameDevice(from: string, to: string): void;
}

/** How one recorded answer compares with what came now. */
export interface Replayed {
  /** The place and the command: `04-bridge:12 create bridge-domain 10`. */
  readonly at: string;
  readonly expected: string;
  readonly given: string;
  readonly equal: boolean;
}

/** Sends everything that a transcript sent, in its order, and compares what comes back. */
export async function replay(
  name: string,
  open: (scene: Scene) => Promise<Stage>,
): Promise<readonly Replayed[]> {
  const scene = sceneOf(name);
  const stage = await open(scene);
  const replayed: Replayed[] = [];
  for (const [n, recorded] of readTranscript(name).entries()) {
    await prepare(stage, scene, n + 1);
    if (recorded.kind === 'host') onHost(stage, recorded.cmd);
    if (recorded.kind !== 'vppctl') continue;
    const sent = (recorded.argv ?? [recorded.cmd]).join(' ');
    const answer = await stage.send(recorded.vpp ?? 'a', sent);
    if (answer === undefined) continue;
    const [expected, given] = [recorded.stdout, answer.refused ?? answer.output].map(normal) as [
      string,
      string,
    ];
    const equal = answer.refused === undefined && expected === given;
    replayed.push({ at: `${name}:${n + 1} ${oneLine(sent)}`, expected, given, equal });
  }
  return replayed;
}

const oneLine = (command: string): string => command.replaceAll(/\s+/g, ' ').slice(0, 80).trim();

async function prepare(stage: Stage, scene: Scene, line: number): Promise<void> {
  const { restart = [], without = [], sent = [], made = [] } = scene.before?.[line] ?? {};
  for (const vpp of restart) await stage.restart(vpp, without);
  for (const device of made) stage.addDevice(device);
  for (const command of sent) await stage.send('a', command);
}

/** Of what was done on the host only what a VPP can see counts. */
function onHost(stage: Stage, command: string): void {
  const links = command.matchAll(/ip -n nsa link (del|add|set) ([^\s;]+)(?: name ([^\s;]+))?/g);
  for (const [, action, name, to] of links) {
    if (action === 'del') stage.removeDevice(name!);
    if (action === 'add') stage.addDevice(name!);
    if (action === 'set' && to !== undefined) stage.renameDevice(name!, to);
  }
}
