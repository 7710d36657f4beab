import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { EXIT } from '../core/index.js';
import { TopoCommand } from './shared/base.js';
import { fileInFull } from './shared/flags.js';

export default class Logs extends TopoCommand {
  static override summary = 'Show what the containers wrote, over all hosts at once';
  static override description =
    'In order of arrival, each line with its service. What a container wrote to stderr goes to stderr.';
  static override usage = '<%= command.id %> [-f] [--tail N] [--since T] [STACK/SERVICE...]';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> shop/web -f --tail 10',
    '<%= config.bin %> <%= command.id %> shop --since 10m --timestamps',
  ];
  static override args = {
    service: Args.string({ description: 'stack/service or stack; several may be given [default: all]' }),
  };
  static override flags = {
    file: fileInFull,
    follow: Flags.boolean({ char: 'f', description: 'go on with what they write, until Ctrl-C' }),
    tail: Flags.integer({ char: 'n', min: 0, helpValue: 'N', description: 'only the last N lines of each' }),
    since: Flags.string({ helpValue: 'T', description: 'from then on: 10m, 1h30m, 2030-01-31T12:00:00Z' }),
    timestamps: Flags.boolean({ char: 't', description: 'show when each line was written' }),
  };
  static override strict = false;

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Logs);
    const session = await this.open({ ...flags, json: false, endless: true });
    const { follow, timestamps, tail, since } = flags;
    const { stdout, stderr } = process;
    await session.app.logs(session.context, {
      targets: argv as string[],
      ...{ follow, timestamps },
      ...(tail === undefined ? {} : { tail }),
      ...(since === undefined ? {} : { since }),
      begin: services => {
        const lineOf = session.render.createLogPrinter(services, session.out);
        return line => void (line.stream === 1 ? stdout : stderr).write(`${lineOf(line)}\n`);
      },
    });
    await session.settle();
    this.exit(session.context.signal.aborted ? EXIT.interrupted : EXIT.done);
  }
}
