import { TopoError } from '../core/index.js';
import type { Diagnostic } from '../core/index.js';

/** The file or the hosts gave errors where a verb needs both whole. Carries them for the command to print. */
export class NotReady extends TopoError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], exit: number) {
    super('the topology cannot be looked at', { code: 'diagnostics', who: 'user', exit });
    this.diagnostics = diagnostics;
  }
}
