import { readFileSync } from 'node:fs';
import { VPP_DIVIDER } from '../../src/tools/index.js';

interface Call {
  readonly kind: string;
  readonly cmd?: string;
  readonly stdout: string;
}

/** What a real VPP 25.10 answered to the n-th such call of a transcript, from 0; line ends as it sent them. */
export function vppAnswer(transcript: string, command: string, n = 0): string {
  const url = new URL(`../fakes/vpp/recorded/${transcript}.jsonl`, import.meta.url);
  const calls = readFileSync(url, 'utf8').trim().split('\n');
  const found = calls.map(line => JSON.parse(line) as Call).filter(call => call.cmd === command)[n];
  if (!found) throw new Error(`${transcript} has no answer number ${n} to '${command}'`);
  return found.stdout;
}

/** Answers, by what was asked, as the reading script prints them. */
export function vppSaid(answers: readonly (readonly [asked: string, text: string])[]): string {
  return answers.map(([asked, text]) => `${VPP_DIVIDER} ${asked}\n${text}\n`).join('');
}
