import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';

/** Where a question is asked: a terminal's keyboard and its screen. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** What a login may need to be told. */
export interface Asking {
  readonly passphrase: (keyFile: string, attempt: number) => Promise<string | undefined>;
  readonly question: (text: string) => Promise<string | undefined>;
}

/**
 * Asks one question after the other; for the passphrase of a key file once, however many hosts need the key. The end of the
 * input and Ctrl-C are no answer.
 */
export function asking(terminal: Terminal): Asking {
  const answers = new Map<string, Promise<string | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  const question = (text: string): Promise<string | undefined> => {
    const answer = last.then(() => askSecret(text, terminal));
    last = answer;
    return answer;
  };
  const passphrase: Asking['passphrase'] = (keyFile, attempt) => {
    const again = attempt === 1 ? '' : ' (that was not it)';
    const text = `Passphrase of ${keyFile}${again}: `;
    const answer = answers.get(text + attempt) ?? question(text);
    answers.set(text + attempt, answer);
    return answer;
  };
  return { passphrase, question };
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
