import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { EXIT, TopoError } from '../core/index.js';
import { TopoCommand } from './shared/base.js';
import { file } from './shared/flags.js';
import { separate } from './shared/separate.js';

export default class Exec extends TopoCommand {
  static override summary = 'Run a command in a container, on whatever host it is';
  static override description =
    'Ends with the exit code of the command. In a terminal, the command gets one too.';
  static override usage = '<%= command.id %> [-f FILE] [-T] STACK/SERVICE [--] COMMAND...';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop/web -- ip address',
    '<%= config.bin %> <%= command.id %> shop/web sh',
  ];
  static override args = {
    service: Args.string({
      required: true,
      description: 'stack/service, as `ps` shows it; then the command',
    }),
  };
  static override flags = {
    file,
    'no-tty': Flags.boolean({ char: 'T', description: 'give the command no terminal' }),
  };
  static override strict = false; // What comes after the service is the command.

  async run(): Promise<void> {
    const { own, command } = separate(this.argv, ['-f', '--file']);
    const { flags, args } = await this.parse(Exec, own);
    const target = args.service;
    if (command.length === 0) throw noCommand(target);
    const session = await this.open({ ...flags, json: false });
    const { stdin, stdout, stderr } = process;
    const tty = stdin.isTTY && stdout.isTTY && !flags['no-tty'];
    const options = { target, argv: command, tty, interactive: true, stdin, stdout, stderr };
    this.exit(await session.app.exec(session.context, options));
  }
}

function noCommand(target: string): TopoError {
  const hint = `for a shell: topo exec ${target} sh`;
  return new TopoError(`there is no command to run in ${target}`, {
    code: 'exec.command',
    who: 'user',
    hint,
    exit: EXIT.failed,
  });
}
