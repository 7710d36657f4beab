import { TopoCommand } from '../shared/base.js';
import { events, file } from '../shared/flags.js';
import { linkEnds, printChanged } from '../shared/link.js';

export default class LinkReset extends TopoCommand {
  static override summary = 'Bring links back to what the file says';
  static override description =
    'Those of the given ends, or all: state, impairment and whatever else has drifted of them.';
  static override usage = '<%= command.id %> [END...] [-f FILE] [--json]';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> shop/web:eth1',
  ];
  static override args = linkEnds(false);
  static override flags = { file, json: events };
  static override strict = false;

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(LinkReset);
    const session = await this.open({ ...flags, changes: true });
    const since = session.context.now();
    const applied = await session.app.linkReset(session.context, argv as string[]);
    await session.settle();
    this.exit(printChanged(session, applied, since, flags.json));
  }
}
