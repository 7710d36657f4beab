import * as Flags from '@oclif/core/flags';
import { TopoCommand } from '../shared/base.js';
import { json } from '../shared/flags.js';
import { sandboxNames } from '../shared/names.js';

export default class SandboxUp extends TopoCommand {
  static override summary = 'Make simulated hosts on this machine';
  static override description =
    'They belong to no topology: `topo down` never removes them. Needs root. They end with a reboot.';
  static override usage = '<%= command.id %> NAME... [--engine DIR] [--json]';
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab1 lab2',
    '<%= config.bin %> <%= command.id %> old --engine /opt/docker-26/bin',
  ];
  static override args = sandboxNames(true);
  static override flags = {
    json,
    engine: Flags.string({
      helpValue: 'DIR',
      description: "directory of another engine's programs [default: the machine's]",
    }),
  };
  static override strict = false;

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(SandboxUp);
    const session = await this.open({ ...flags, needsFile: false, changes: !flags.json });
    const { engine } = flags;
    const states = await session.app.sandboxUp(session.context, {
      names: argv as string[],
      ...(engine === undefined ? {} : { engine }),
    });
    await session.settle();
    session.print(
      flags.json ? JSON.stringify(states, undefined, 2) : session.render.renderSandboxes(states, session.out),
    );
  }
}
