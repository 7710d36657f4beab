import type { Command, Commands } from './cli.js';
import { CliError, Refusal } from './cli.js';
import { Input } from './input.js';
import type { Known } from './known.js';
import type { Vpp } from './vpp.js';

/** What a client gets. */
export interface Answer {
  readonly output: string;
  /** Why the emulator does not know what a real VPP would have said. */
  readonly refused?: string;
}

interface Node {
  readonly children: Map<string, Node>;
  command?: Command;
  /** A real VPP has this command. */
  known?: boolean;
}

/** VPP's command line: words may be shortened, what a command leaves is read as the next one, the first error ends it. */
export class Shell {
  private readonly root: Node = { children: new Map() };

  private readonly vpp: Vpp;
  private readonly known: Known;

  constructor(vpp: Vpp, commands: Commands, known: Known) {
    this.vpp = vpp;
    this.known = known;
    const loaded = (path: string): boolean => !known.missing(path, vpp.identity.without);
    for (const path of known.paths.filter(loaded)) this.node(path).known = true;
    for (const [path, command] of Object.entries(commands))
      if (loaded(path)) this.node(path).command = command;
  }

  /** All that one client sends. */
  run(sent: string): Answer {
    const input = new Input(expand(sent));
    const lines: string[] = [];
    try {
      while (!input.ended) this.one(input, lines);
    } catch (error) {
      if (error instanceof Refusal) return { output: answer(lines), refused: error.message };
      if (!(error instanceof CliError)) throw error;
      lines.push(...error.message.split('\n'));
    }
    return { output: answer(lines) };
  }

  private one(input: Input, lines: string[]): void {
    const { path, node } = this.find(input);
    const prefix = path === '' ? '' : `${path}: `;
    if (input.peek() === '?' && input.take('?')) {
      lines.push(...this.known.help(path));
      return;
    }
    if (node.command === undefined) {
      if (node.known === true) throw new Refusal(`no transcript of \`${path} ${input.rest()}'`);
      throw new CliError(`${prefix}unknown input ${input.quoted}`);
    }
    try {
      node.command({ vpp: this.vpp, input, say: (...more) => void lines.push(...more) });
    } catch (error) {
      throw error instanceof CliError ? new CliError(prefix + error.message) : error;
    }
  }

  /** As many words as name a command; one may be shortened to what no other begins with. */
  private find(input: Input): { readonly path: string; readonly node: Node } {
    const path: string[] = [];
    let node = this.root;
    for (;;) {
      const { children } = node;
      const name = input.name(word => only(children, word));
      if (name === undefined) return { path: path.join(' '), node };
      path.push(name);
      node = children.get(name)!;
    }
  }

  private node(path: string): Node {
    return path.split(' ').reduce((node, word) => {
      const child = node.children.get(word) ?? { children: new Map() };
      node.children.set(word, child);
      return child;
    }, this.root);
  }
}

function only(children: ReadonlyMap<string, unknown>, word: string): string | undefined {
  if (children.has(word)) return word;
  const fitting = [...children.keys()].filter(name => name.startsWith(word));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** `\x` is x; macros are expanded before anything is read, and nothing that a client could set is there yet. */
function expand(sent: string): string {
  return sent.replace(
    /\\([\s\S])|\$\((\w*)\)|\$(\w+)/g,
    (_, escaped: string | undefined) => escaped ?? 'UNSET',
  );
}

const answer = (lines: readonly string[]): string => lines.map(line => `${line}\r\n`).join('');
