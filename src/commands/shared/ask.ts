import { createInterface } from 'node:readline/promises';

/** A yes-or-no question on stderr; anything but yes, the end of the input and Ctrl-C included, is no. */
export async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>(resolve => prompt.once('close', () => resolve('')));
    const answer = await Promise.race([prompt.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false; // Ctrl-C: not answering is declining.
  } finally {
    prompt.close();
  }
}
