import { relative } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { EXIT } from '../core/index.js';
import { TopoCommand } from './shared/base.js';
import { file, json } from './shared/flags.js';

export default class Fmt extends TopoCommand {
  static override summary = 'Tidy the topology file, or write into it what topo has allotted';
  static override description =
    'Prints the files that it changes. --pin writes VNIs, overlay addresses, and names and addresses of interfaces into the file, where they stay whatever else is changed; comments and style are kept.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check',
    '<%= config.bin %> <%= command.id %> --pin -f lab.topo.yaml',
  ];
  static override flags = {
    file,
    json,
    check: Flags.boolean({ description: 'change nothing; exit code 1 if something would be' }),
    pin: Flags.boolean({ description: 'write allotted values into the file, and change nothing else' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Fmt);
    const session = await this.open(flags);
    const { pin, check } = flags;
    const { files, diagnostics } = await session.app.fmt(session.context, { pin, check });
    if (flags.json) session.print(JSON.stringify({ format: 1, files, diagnostics }));
    else {
      session.complain(diagnostics);
      session.print(files.map(path => relative(process.cwd(), path)).join('\n'));
    }
    if (check && files.length > 0) this.exit(EXIT.failed);
  }
}
