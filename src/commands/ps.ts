import { TopoCommand } from './shared/base.js';
import { file, json } from './shared/flags.js';

export default class Ps extends TopoCommand {
  static override summary = 'Show what is there: containers, addresses, switches';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { file, json };

  async run(): Promise<void> {
    const { flags } = await this.parse(Ps);
    const session = await this.open(flags);
    const status = await session.app.ps(session.context);
    await session.settle();
    session.print(
      flags.json
        ? JSON.stringify({ format: 1, ...status }, undefined, 2)
        : session.render.renderPs(status, session.out),
    );
  }
}
