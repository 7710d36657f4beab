import { TopoCommand } from '../shared/base.js';
import { sandboxNames } from '../shared/names.js';

export default class SandboxDown extends TopoCommand {
  static override summary = 'Remove simulated hosts with all that is in them';
  static override description = 'Those of a topology go with its `topo down` and are refused here.';
  static override usage = '<%= command.id %> NAME...';
  static override examples = ['<%= config.bin %> <%= command.id %> lab1 lab2'];
  static override args = sandboxNames(true);
  static override strict = false;

  async run(): Promise<void> {
    const { argv } = await this.parse(SandboxDown);
    const session = await this.open({ json: false, needsFile: false, changes: true });
    await session.app.sandboxDown(session.context, argv as string[]);
    await session.settle();
    session.print(`Removed: ${argv.join(', ')}`);
  }
}
