import { TopoCommand } from '../shared/base.js';
import { sandboxNames } from '../shared/names.js';

export default class SandboxSshConfig extends TopoCommand {
  static override summary = 'Print what lets plain ssh into simulated hosts';
  static override description =
    'Of all of them, where no name is given. With it in ~/.ssh/config, `docker -H ssh://NAME` works too.';
  static override usage = '<%= command.id %> [NAME...]';
  static override examples = [
    '<%= config.bin %> <%= command.id %> >> ~/.ssh/config',
    '<%= config.bin %> <%= command.id %> lab1',
  ];
  static override args = sandboxNames(false);
  static override strict = false;

  async run(): Promise<void> {
    const { argv } = await this.parse(SandboxSshConfig);
    const session = await this.open({ json: false, needsFile: false });
    const logins = await session.app.sandboxLogins(session.context, argv as string[]);
    session.print(session.render.renderSshConfig(logins));
  }
}
