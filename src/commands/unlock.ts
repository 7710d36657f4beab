import * as Flags from '@oclif/core/flags';
import type { HeldLock } from '../app/index.js';
import { EXIT } from '../core/index.js';
import { ask } from './shared/ask.js';
import { TopoCommand } from './shared/base.js';
import { file } from './shared/flags.js';

export default class Unlock extends TopoCommand {
  static override summary = "Break the topology's locks that another topo holds";
  static override description =
    'A lock frees itself when its topo ends or is not heard of for 20 s. Whoever holds it is not stopped: make sure first that it is gone.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --host tera --yes',
  ];
  static override flags = {
    file,
    host: Flags.string({ helpValue: 'HOST', description: 'only on this host of the file' }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Unlock);
    const session = await this.open({ file: flags.file, json: false });
    let declined = false;
    const confirm = async (held: readonly HeldLock[]): Promise<boolean> => {
      await session.settle();
      session.print(held.map(textOf).join('\n'));
      declined = !flags.yes && !(session.canAsk && (await ask('Break it?', session.context.signal)));
      return !declined;
    };
    const { host } = flags;
    const broken = await session.app.unlock(session.context, {
      confirm,
      ...(host === undefined ? {} : { host }),
    });
    await session.settle();
    if (declined) session.print('Nothing was changed; --yes breaks it without asking.');
    else session.print(broken.length === 0 ? 'No lock is held.' : 'Broken.');
    this.exit(declined ? EXIT.interrupted : EXIT.done);
  }
}

function textOf({ host, who, seconds }: HeldLock): string {
  return `${host}: held by ${who}${seconds === undefined ? '' : `, since ${seconds} s`}`;
}
