import * as Flags from '@oclif/core/flags';
import { printApplied } from './shared/applied.js';
import { TopoCommand } from './shared/base.js';
import { events, file, skipUnreachable, verify } from './shared/flags.js';

export default class Down extends TopoCommand {
  static override summary = 'Remove everything that the topology made';
  static override description =
    'Only what bears its mark. Named volumes are kept unless -v is given, images always. Without the file: the name, and one host that bears it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -v',
    '<%= config.bin %> <%= command.id %> --name two-sites --host ssh://root@tera',
  ];
  static override flags = {
    file,
    json: events,
    volumes: Flags.boolean({ char: 'v', description: 'remove named volumes as well' }),
    name: Flags.string({ description: "the topology's name, where there is no file" }),
    host: Flags.string({
      dependsOn: ['name'],
      helpValue: 'local|ssh://…|context:NAME',
      description: 'a host of that topology, which leads to the others [default: local]',
    }),
    verify,
    'skip-unreachable': skipUnreachable,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Down);
    const { name, host } = flags;
    const session = await this.open({ ...flags, changes: true, needsFile: name === undefined });
    const since = session.context.now();
    const { volumes, verify } = flags;
    const from = { ...(name === undefined ? {} : { name }), ...(host === undefined ? {} : { host }) };
    const applied = await session.app.down(session.context, {
      volumes,
      verify,
      skipUnreachable: flags['skip-unreachable'],
      ...from,
    });
    await session.settle();
    this.exit(printApplied(session, applied, since, flags.json));
  }
}
