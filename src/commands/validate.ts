import { EXIT } from '../core/index.js';
import { TopoCommand } from './shared/base.js';
import { file, json } from './shared/flags.js';

export default class Validate extends TopoCommand {
  static override summary = 'Check the topology file without touching any host';
  static override description =
    'All errors at once, each with its line. Exit code 3 where the file is not valid.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -f lab.topo.yaml --json',
  ];
  static override flags = { file, json };

  async run(): Promise<void> {
    const { flags } = await this.parse(Validate);
    const session = await this.open(flags);
    const { resolved, diagnostics } = await session.app.load(session.context);
    if (flags.json) session.print(JSON.stringify({ format: 1, valid: resolved !== undefined, diagnostics }));
    else session.complain(diagnostics);
    if (resolved === undefined) this.exit(EXIT.invalid);
    if (!flags.json) session.print(session.render.renderValid(resolved, session.out));
  }
}
