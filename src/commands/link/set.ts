import { TopoCommand } from '../shared/base.js';
import { events, file } from '../shared/flags.js';
import { linkEnds, printChanged } from '../shared/link.js';

export default class LinkSet extends TopoCommand {
  static override summary = 'Turn an end of a link down or up, or impair what it sends';
  static override description =
    'What can be set: down, up, and delay, jitter, loss, duplicate, corrupt, reorder and rate with a value or none; what is not named stays. Only the live device is changed, not the file: `plan` shows it as drift, and `link reset` takes it back, as the next `up` does.';
  static override usage = '<%= command.id %> END SETTING... [-f FILE] [--json]';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop/web:eth1 down',
    '<%= config.bin %> <%= command.id %> shop/web:eth1 delay 20ms loss 1%',
    '<%= config.bin %> <%= command.id %> lan0:shop/web:eth1 rate none',
  ];
  static override args = linkEnds(true);
  static override flags = { file, json: events };
  static override strict = false;

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(LinkSet);
    const [end = '', ...words] = argv as string[];
    const session = await this.open({ ...flags, changes: true });
    const since = session.context.now();
    const applied = await session.app.linkSet(session.context, end, words);
    await session.settle();
    this.exit(printChanged(session, applied, since, flags.json));
  }
}
