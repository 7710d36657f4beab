import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';

/** Where a question is asked: a terminal's keyboard and its screen. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Asks for the passphrases of key files, one after the other, each once however many hosts need the key. The end of the
 * input and Ctrl-C are no answer.
 */
export function passphrases(
  terminal: Terminal,
): (keyFile: string, attempt: number) => Promise<string | undefined> {
  const answers = new Map<string, Promise<string | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  return (keyFile, attempt) => {
    const again = attempt === 1 ? '' : ' (that was not it)';
    const question = `Passphrase of ${keyFile}${again}: `;
    const known = answers.get(question + attempt);
    if (known) return known;
    const answer = last.then(() => askSecret(question, terminal));
    answers.set(question + attempt, answer);
    last = answer;
    return answer;
  };
}

/** One line, of which nothing is shown. */
function askSecret(question: string, { input, output }: Terminal): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  output.write(question);
  const reader = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  return new Promise(resolve => {
    const answer = (line: string | undefined): void => {
      resolve(line);
      reader.close();
    };
    reader.once('line', answer);
    reader.once('close', () => {
      output.write('\n');
      answer(undefined);
    });
  });
}
