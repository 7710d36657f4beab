import { StringDecoder } from 'node:string_decoder';

/** Puts the chunks of a stream together to whole lines, without their ends; a terminal's `\r\n` ends a line, too. */
export function lineSplitter(onLine: (line: string) => void): {
  push(chunk: Buffer): void;
  /** The stream ended: gives what is left over, if anything is. */
  end(): void;
} {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop()!;
      for (const line of lines) onLine(line.replace(/\r$/, ''));
    },
    end() {
      rest += decoder.end();
      if (rest !== '') onLine(rest.replace(/\r$/, ''));
      rest = '';
    },
  };
}
