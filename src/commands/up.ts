import * as Args from '@oclif/core/args';
import { EXIT, type Plan, TopoError } from '../core/index.js';
import { printApplied } from './shared/applied.js';
import { ask } from './shared/ask.js';
import { TopoCommand } from './shared/base.js';
import { adopt, events, file, focus, focusOf, skipUnreachable, verify, yes } from './shared/flags.js';
import type { Session } from './shared/session.js';

export default class Up extends TopoCommand {
  static override summary = 'Make the hosts be as the topology says';
  static override description =
    'Asks only where something would be destroyed and there is somebody to ask. Ctrl-C finishes what is in flight; run it again to carry on.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -f lab.topo.yaml --yes',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> lab.plan',
    '<%= config.bin %> <%= command.id %> --target shop --exclude shop/web',
  ];
  static override usage = '<%= command.id %> [PLAN] [-f FILE] [-y] [--target X] [--exclude X]';
  static override args = {
    plan: Args.string({ description: 'a file of `plan --out`: do exactly that, or nothing' }),
  };
  static override flags = {
    file,
    json: events,
    yes,
    verify,
    ...focus,
    'skip-unreachable': skipUnreachable,
    adopt,
  };

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Up);
    const saved = args.plan !== undefined;
    if (saved && (flags.target || flags.exclude)) throw alreadyFocused(args.plan!);
    const session = await this.open({
      ...flags,
      changes: true,
      needsFile: !saved || flags.file !== undefined,
    });
    const since = session.context.now();
    const confirm = (plan: Plan): Promise<boolean> => mayDestroy(session, plan);
    // Who applies a saved plan has seen what it destroys.
    const asking = session.canAsk && !flags.yes && !saved;
    const applied = await session.app.up(session.context, {
      verify: flags.verify,
      focus: focusOf(flags),
      skipUnreachable: flags['skip-unreachable'],
      adopt: flags.adopt,
      ...(saved ? { planFile: args.plan! } : {}),
      ...(asking ? { confirm } : {}),
    });
    await session.settle();
    this.exit(printApplied(session, applied, since, flags.json));
  }
}

async function mayDestroy(session: Session, plan: Plan): Promise<boolean> {
  if (!plan.actions.some(action => action.destructive)) return true;
  await session.settle();
  const hosts = new Set(plan.actions.map(action => action.host)).size;
  session.print(session.render.renderPlan(plan, { ...session.out, hosts }));
  return ask('This destroys something. Go on?', session.context.signal);
}

function alreadyFocused(plan: string): TopoError {
  return new TopoError(`--target and --exclude don't go with ${plan}`, {
    code: 'plan.focus',
    who: 'user',
    exit: EXIT.failed,
    hint: 'give them to `topo plan --out`: the plan file then holds that part',
  });
}
