import { Command } from '@oclif/core/command';
import { type Diagnostic, EXIT, TopoError } from '../../core/index.js';
import { asUsageError, isParseError } from './usage.js';
import { openSession, type Session, type SessionFlags } from './session.js';

/** What all commands share: how a failure looks and what it ends with. */
export abstract class TopoCommand extends Command {
  #session: Session | undefined;

  /** Opens the command's session; a failure ends its progress display before it is told. */
  protected async open(flags: SessionFlags): Promise<Session> {
    this.#session = await openSession(flags);
    return this.#session;
  }

  /** One sentence, where it happened, what to do; a stack only where topo itself is at fault. */
  protected override async catch(error: Error & { oclif?: unknown }): Promise<unknown> {
    const failure = isParseError(error) ? this.wrongUsage(error) : asTopoError(error);
    // oclif's own: exit() with a code.
    if (error.oclif !== undefined && failure.code !== 'usage') throw error;
    await this.#session?.settle();
    if (this.argv.includes('--json')) this.log(JSON.stringify({ error: errorJson(failure) }));
    process.stderr.write(`${await describe(failure)}\n`);
    return this.exit(failure.exit);
  }

  private wrongUsage(error: Parameters<typeof asUsageError>[0]): TopoError {
    const { id = '', flags = {} } = this.ctor;
    return asUsageError(error, `topo ${id.replaceAll(':', ' ')}`, Object.keys(flags));
  }
}

function asTopoError(error: Error): TopoError {
  if (error instanceof TopoError) return error;
  if (error.name === 'AbortError') {
    return new TopoError('interrupted', {
      code: 'interrupted',
      who: 'user',
      exit: EXIT.interrupted,
      cause: error,
    });
  }
  return new TopoError(error.message, { code: 'bug', who: 'topo', cause: error });
}

/** What was wrong with the file or the hosts, where the error brings that along instead of a message of its own. */
function diagnosticsOf(error: TopoError): readonly Diagnostic[] | undefined {
  return 'diagnostics' in error ? (error.diagnostics as readonly Diagnostic[]) : undefined;
}

function errorJson(error: TopoError): Readonly<Record<string, unknown>> {
  const { code, who, message, hint, host } = error;
  return { code, who, message, hint, host, diagnostics: diagnosticsOf(error) };
}

async function describe(error: TopoError): Promise<string> {
  if (error.exit === EXIT.interrupted) return 'Interrupted: nothing more was started.';
  const { renderDiagnostics, terminalOf } = await import('../../render/index.js');
  const own: Diagnostic = {
    severity: 'error',
    code: error.code,
    summary: error.who === 'topo' ? `topo itself failed: ${error.message}` : error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.host === undefined ? {} : { host: error.host }),
  };
  const text = renderDiagnostics(
    diagnosticsOf(error) ?? [own],
    terminalOf(process.stderr, process.env),
  ).trimEnd();
  return error.who === 'topo' ? `${text}\n${stackOf(error)}` : text;
}

function stackOf(error: TopoError): string {
  const { cause } = error;
  return (cause instanceof Error ? cause.stack : error.stack) ?? '';
}
