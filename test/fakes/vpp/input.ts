/** How much of the rest VPP quotes in an error. */
const QUOTED = 30;

/** What may follow a key: a word that is read, or nothing. */
export type Readers = Readonly<Record<string, ((word: string) => unknown) | 'alone'>>;

export type Values<T extends Readers> = {
  readonly [K in keyof T]?: T[K] extends (word: string) => infer R ? Exclude<R, undefined> : true;
};

/**
 * The rest of what a client sent, read as VPP reads it: words between blanks (a line end is one), braces that hold words
 * together, key words that are tried in turn and left where they don't fit.
 */
export class Input {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Nothing but blanks is left. */
  get ended(): boolean {
    this.skip();
    return this.at >= this.text.length;
  }

  /** What is left, as errors quote it: at most 30 characters, line ends shown as `\n`. */
  get quoted(): string {
    this.skip();
    const rest = this.text.slice(this.at).trimEnd();
    const cut = rest.length > QUOTED ? `${rest.slice(0, QUOTED)}...` : rest;
    return `\`${cut.replaceAll('\n', '\\n')}'`;
  }

  /** The next word without taking it; empty at the end. */
  peek(): string {
    const before = this.at;
    const word = this.word() ?? '';
    this.at = before;
    return word;
  }

  /** Takes the next word; `{two words}` is one. */
  word(): string | undefined {
    if (this.ended) return undefined;
    const rest = this.text.slice(this.at);
    const [whole, inner] = /^\{([^{}]*)\}/.exec(rest) ?? /^\S+/.exec(rest) ?? [''];
    this.at += whole.length;
    return inner ?? whole;
  }

  /** Takes a word of a command's name, which ends where such names do. */
  name<T>(reader: (word: string) => T | undefined): T | undefined {
    if (this.ended) return undefined;
    const [word] = /^[\w-]+/.exec(this.text.slice(this.at)) ?? [];
    const value = word === undefined ? undefined : reader(word);
    if (value !== undefined) this.at += word!.length;
    return value;
  }

  /** Takes the word if it is one of these. */
  take(...words: readonly string[]): boolean {
    const before = this.at;
    if (words.includes(this.word() ?? '')) return true;
    this.at = before;
    return false;
  }

  /** Takes the next word if the reader makes something of it. */
  read<T>(reader: (word: string) => T | undefined): T | undefined {
    const before = this.at;
    const word = this.word();
    const value = word === undefined ? undefined : reader(word);
    if (value === undefined) this.at = before;
    return value;
  }

  /** Takes `key VALUE` if the reader makes something of the value; else leaves both. */
  option<T>(key: string, reader: (word: string) => T | undefined): T | undefined {
    const before = this.at;
    const value = this.take(key) ? this.read(reader) : undefined;
    if (value === undefined) this.at = before;
    return value;
  }

  /** Takes `key VALUE` pairs and lone keys in any order, until a word fits none of them. */
  options<T extends Readers>(readers: T): Values<T> {
    const values: Record<string, unknown> = {};
    const next = (): boolean =>
      Object.entries(readers).some(([key, reader]) => {
        const value = reader === 'alone' ? this.take(key) || undefined : this.option(key, reader);
        if (value !== undefined) values[key] = value;
        return value !== undefined;
      });
    while (next());
    return values as Values<T>;
  }

  /** Takes the rest of the line, as commands do that read one; later lines stay. */
  line(): Input {
    while (/[ \t\r]/.test(this.text[this.at] ?? '')) this.at += 1;
    const end = this.text.indexOf('\n', this.at);
    const line = this.text.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.text.length : end;
    return new Input(line);
  }

  /** Everything that is left, without the blanks around it. */
  rest(): string {
    const rest = this.text.slice(this.at).trim();
    this.at = this.text.length;
    return rest;
  }

  private skip(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}

/** A whole number in decimal digits. */
export const number = (word: string): number | undefined => (/^\d+$/.test(word) ? Number(word) : undefined);

/** Any word at all. */
export const anything = (word: string): string => word;

/** A MAC address in six pairs. */
export const mac = (word: string): string | undefined =>
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(word) ? word.toLowerCase() : undefined;
