import { readFileSync, readdirSync } from 'node:fs';

const RECORDED = new URL('recorded/', import.meta.url);

/** A line of a transcript. */
export interface Recorded {
  readonly kind: 'vppctl' | 'host' | 'note';
  /** Which of two VPPs; a unless told. */
  readonly vpp?: 'a' | 'b';
  readonly cmd: string;
  /** Where the words were not the command split at its blanks. */
  readonly argv?: readonly string[];
  readonly stdout: string;
}

/** The names of all transcripts. */
export const TRANSCRIPTS = readdirSync(RECORDED)
  .map(name => name.replace(/\.jsonl$/, ''))
  .toSorted();

export function readTranscript(name: string): readonly Recorded[] {
  const text = readFileSync(new URL(`${name}.jsonl`, RECORDED), 'utf8').trimEnd();
  return text.split('\n').map(line => JSON.parse(line) as Recorded);
}

/** The answer to `?`: every command that a real VPP has. */
export const recordedHelp = (): string =>
  readTranscript('01-identity').find(({ cmd }) => cmd === '?')!.stdout;
