import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { interrupts } from '../../src/commands/shared/interrupts.js';

/** What `interrupts` uses of a process, with what was written and how it ended. */
function processOf(isTTY: boolean): { process: NodeJS.Process; written: string[]; exits: number[] } {
  const written: string[] = [];
  const exits: number[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) };
  const process = Object.assign(new EventEmitter(), { stderr, exit: (code: number) => exits.push(code) });
  return { process: process as unknown as NodeJS.Process, written, exits };
}

test.each(['SIGINT', 'SIGTERM'] as const)('the first %s aborts, the second leaves with 130', name => {
  const { process, written, exits } = processOf(false);
  const signal = interrupts(process);
  expect(signal.aborted).toBe(false);
  process.emit(name);
  expect(signal.aborted).toBe(true);
  expect(written.join('')).toContain('finishing what is in flight');
  expect(exits).toEqual([]);
  process.emit('SIGINT');
  expect(exits[0]).toBe(130);
});

test('leaving shows the cursor that a progress display hid', () => {
  const { process, written, exits } = processOf(true);
  interrupts(process);
  process.emit('SIGINT');
  process.emit('SIGINT');
  expect(written).toContain('\u001b[?25h');
  expect(exits[0]).toBe(130);
});

test('what has nothing to finish says nothing', () => {
  const { process, written } = processOf(false);
  const signal = interrupts(process, false);
  process.emit('SIGINT');
  expect(signal.aborted).toBe(true);
  expect(written).toEqual([]);
});
