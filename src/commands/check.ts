import { EXIT } from '../core/index.js';
import { TopoCommand } from './shared/base.js';
import { file, json } from './shared/flags.js';

export default class Check extends TopoCommand {
  static override summary = 'Prove the `checks:` of the topology from inside its containers';
  static override description = 'Exit code 1 where one does not come out as expected.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { file, json };

  async run(): Promise<void> {
    const { flags } = await this.parse(Check);
    const session = await this.open(flags);
    const { results } = await session.app.check(session.context);
    await session.settle();
    const { renderChecks } = session.render;
    session.print(
      flags.json ? JSON.stringify({ format: 1, results }, undefined, 2) : renderChecks(results, session.out),
    );
    if (session.context.signal.aborted) this.exit(EXIT.interrupted);
    this.exit(results.every(result => result.ok) ? EXIT.done : EXIT.failed);
  }
}
