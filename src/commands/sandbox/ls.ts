import { TopoCommand } from '../shared/base.js';
import { json } from '../shared/flags.js';

export default class SandboxLs extends TopoCommand {
  static override summary = 'List the simulated hosts of this machine';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { json };

  async run(): Promise<void> {
    const { flags } = await this.parse(SandboxLs);
    const session = await this.open({ ...flags, needsFile: false });
    const states = await session.app.sandboxList(session.context);
    session.print(
      flags.json ? JSON.stringify(states, undefined, 2) : session.render.renderSandboxes(states, session.out),
    );
  }
}
