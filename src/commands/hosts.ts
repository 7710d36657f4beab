import { EXIT } from '../core/index.js';
import { TopoCommand } from './shared/base.js';
import { file, json } from './shared/flags.js';

export default class Hosts extends TopoCommand {
  static override summary = 'Show what each host is, how it was reached, and what it lacks';
  static override description =
    'What is missing on a host for this file is said with what to do about it, and makes the exit code 1.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { file, json };

  async run(): Promise<void> {
    const { flags } = await this.parse(Hosts);
    const session = await this.open(flags);
    const report = await session.app.hosts(session.context);
    await session.settle();
    session.print(
      flags.json
        ? JSON.stringify({ format: 1, ...report }, undefined, 2)
        : session.render.renderHosts(report, session.out),
    );
    session.complain(report.diagnostics);
    if (report.diagnostics.some(d => d.severity === 'error')) this.exit(EXIT.failed);
  }
}
