import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { changesOf, comparable, leftOut, recordedIn, runnable, type Scene } from './transcripts.js';

/** What came of a replay. */
export interface Replayed {
  readonly file: string;
  readonly lines: number;
  readonly same: number;
  /** Those that gave something else, with both. */
  readonly others: readonly { readonly cmd: string; readonly recorded: string; readonly given: string }[];
}

const HERE = new URL('.', import.meta.url).pathname;

/** Runs a transcript where it is set up as it was: with the emulator on this machine, or on a host that has netmap. */
export function replay(scene: Scene, realHost: string | undefined): Replayed {
  const lines = recordedIn(scene.file);
  const out = new Set(Object.values(leftOut().files[`${scene.file}.jsonl`] ?? {}).flat());
  if (out.size === lines.length) return { file: scene.file, lines: lines.length, same: 0, others: [] };
  const input = lines.map(({ cmd }, i) => (out.has(i) ? changesOf(cmd) : runnable(cmd)));
  const answers = run(scene, realHost, input);
  const compared = lines.flatMap((line, i) => {
    if (out.has(i)) return [];
    const recorded = told(line.exit, line.stdout, line.stderr);
    const [code = '', stdout = '', stderr = ''] = (answers[i] ?? '').split(' ');
    return [{ cmd: line.cmd, recorded, given: told(Number(code), decode(stdout), decode(stderr)) }];
  });
  const others = compared.filter(({ recorded, given }) => recorded !== given);
  return { file: scene.file, lines: lines.length, same: compared.length - others.length, others };
}

function told(exit: number, stdout: string, stderr: string): string {
  return `${comparable(stdout)}--- ${exit}\n${comparable(stderr)}`;
}

function run(
  { pairs, inner, holders, admode }: Scene,
  realHost: string | undefined,
  commands: readonly string[],
): readonly string[] {
  const input = commands.map(c => `${Buffer.from(c).toString('base64')}\n`).join('');
  const own = ['unshare', '--net', '--mount', 'bash'];
  const scene = [`${pairs}`, inner];
  const emulator = [HERE.replace(/\/$/, ''), process.execPath, holders, `${admode}`];
  const script = Buffer.from(readFileSync(`${HERE}replay.sh`)).toString('base64');
  const [file, ...args] = realHost
    ? ['ssh', realHost, `${own.join(' ')} -c "$(echo ${script} | base64 -d)" replay ${scene.join(' ')}`]
    : [...own, `${HERE}replay.sh`, ...scene, ...emulator];
  const { status, stdout, stderr } = spawnSync(file!, args, { input, encoding: 'utf8', timeout: 600_000 });
  if (status !== 0) throw new Error(`the replay ended with ${status}: ${stderr}`);
  return stdout.trimEnd().split('\n');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
