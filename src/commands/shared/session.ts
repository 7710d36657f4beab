import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import type * as App from '../../app/index.js';
import type { Diagnostic } from '../../core/index.js';
import type * as Render from '../../render/index.js';
import { interrupts } from './interrupts.js';
import { asking } from './passphrase.js';

/** What a command was told about its surroundings. */
export interface SessionFlags {
  readonly file?: readonly string[] | undefined;
  readonly json: boolean;
  /** Whether it needs a topology file (default true). */
  readonly needsFile?: boolean;
  /** Whether it changes something: then its story is told even into a log. */
  readonly changes?: boolean;
  /** Whether it goes on until it is interrupted, and has nothing to finish then. */
  readonly endless?: boolean;
}

/** A command's hands: the library, the renderers, what to hand to the one and how the other shall draw. */
export interface Session {
  readonly app: typeof App;
  readonly render: typeof Render;
  readonly context: App.Context;
  /** How the result may be drawn. */
  readonly out: { readonly color: boolean };
  /** Whether the user can be asked. */
  readonly canAsk: boolean;
  print(text: string): void;
  /** Says on stderr what is wrong or doubtful. */
  complain(diagnostics: readonly Diagnostic[]): void;
  /** Ends the progress display; before anything is printed. */
  settle(): Promise<void>;
}

/** The only place where environment, clock, randomness, directory and terminal enter. */
export async function openSession(flags: SessionFlags): Promise<Session> {
  const [app, render] = await Promise.all([import('../../app/index.js'), import('../../render/index.js')]);
  const { env, stdin, stdout, stderr } = process;
  const out = render.terminalOf(stdout, env);
  const err = render.terminalOf(stderr, env);
  const mode = flags.json
    ? flags.changes
      ? 'json'
      : 'quiet'
    : err.interactive
      ? 'draw'
      : flags.changes
        ? 'plain'
        : 'quiet';
  const stream = mode === 'json' ? stdout : stderr;
  const progress = render.createProgress({ mode, stream, color: err.color, now: Date.now });
  const canAsk = stdin.isTTY && stderr.isTTY && !flags.json;
  const files =
    flags.needsFile === false
      ? undefined
      : await app.findTopologyFiles(process.cwd(), flags.file, env['TOPO_FILE']);
  const context: App.Context = {
    ...files,
    environment: env,
    homedir: homedir(),
    ...(canAsk ? asking({ input: stdin, output: stderr }) : {}),
    emit: progress.emit,
    signal: interrupts(process, flags.endless !== true),
    now: Date.now,
    random: bytes => randomBytes(bytes).toString('hex'),
  };
  return {
    app,
    render,
    context,
    out,
    canAsk,
    print: text => void (text === '' || stdout.write(`${text}\n`)),
    complain: diagnostics =>
      void (diagnostics.length > 0 && stderr.write(`${render.renderDiagnostics(diagnostics, err)}\n`)),
    settle: () => progress.end(),
  };
}
