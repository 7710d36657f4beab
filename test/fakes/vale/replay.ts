import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { sameness, type Answer, type Sameness } from './sameness.js';
import { notReplayed, placeOf, recordedIn, runnable, type Scene } from './transcripts.js';

/** What came of a line of a replay. */
export interface Replayed {
  /** Its file, number and beginning. */
  readonly at: string;
  readonly sameness: Sameness;
  readonly recorded: Answer;
  readonly given: Answer;
}

const HERE = new URL('.', import.meta.url).pathname;

/** Runs a transcript where it is set up as it was: with the emulator on this machine, or on a host that has netmap. */
export function replay(scene: Scene, realHost: string | undefined): readonly Replayed[] {
  const end = realHost === undefined ? undefined : scene.harmfulFrom;
  const lines = recordedIn(scene.file).slice(0, end);
  if (lines.length === 0) return [];
  const answers = run(
    scene,
    realHost,
    lines.map(({ cmd, exit }, i) => {
      // A line that hung was stopped after 10 s.
      const seconds = exit === 124 ? 10 : 900;
      return `${seconds} ${encoded((scene.before[i] ?? '') + runnable(cmd))}`;
    }),
  );
  return lines.map((recorded, i) => {
    const [code = '', stdout = '', stderr = ''] = (answers[i] ?? '').split(' ');
    const given = { exit: Number(code), stdout: decoded(stdout), stderr: decoded(stderr) };
    const at = placeOf(scene.file, i, recorded.cmd);
    return { at, recorded, given, sameness: sameness(recorded.cmd, recorded, given) };
  });
}

/** Where a replay is not as not-replayed.txt has it. Of what an emulator can't tell a real host tells some. */
export function surprises(lines: readonly Replayed[], realHost: string | undefined): readonly unknown[] {
  const listed = notReplayed();
  const unlisted = lines.filter(({ at, sameness }) => sameness === 'no' && !listed.includes(at));
  const same = lines.filter(({ at, sameness }) => sameness !== 'no' && listed.includes(at));
  return [
    ...unlisted,
    ...(realHost === undefined ? same.map(({ at }) => `${at}: replays, and is listed`) : []),
  ];
}

function run(
  { pairs, inner, holders, admode }: Scene,
  realHost: string | undefined,
  input: readonly string[],
): readonly string[] {
  const own = ['unshare', '--net', '--mount', 'bash'];
  const scene = [`${pairs}`, inner];
  const emulator = [HERE.replace(/\/$/, ''), process.execPath, holders, `${admode}`];
  const script = encoded(readFileSync(`${HERE}replay.sh`, 'utf8'));
  const [file, ...args] = realHost
    ? ['ssh', realHost, `${own.join(' ')} -c "$(echo ${script} | base64 -d)" replay ${scene.join(' ')}`]
    : [...own, `${HERE}replay.sh`, ...scene, ...emulator];
  const { status, stdout, stderr } = spawnSync(file!, args, {
    input: input.map(line => `${line}\n`).join(''),
    encoding: 'utf8',
    timeout: 3_600_000,
  });
  if (status !== 0) throw new Error(`the replay ended with ${status}: ${stderr}`);
  return stdout.trimEnd().split('\n');
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
