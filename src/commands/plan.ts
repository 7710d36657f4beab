import * as Flags from '@oclif/core/flags';
import { TopoCommand } from './shared/base.js';
import { exitOfPlanned } from './shared/exit.js';
import { adopt, file, focus, focusOf, json, skipUnreachable } from './shared/flags.js';

export default class Plan extends TopoCommand {
  static override summary = 'Show what `up` would change, and why';
  static override description = 'Reads every host and changes nothing, ever.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --detailed-exitcode',
    '<%= config.bin %> <%= command.id %> --script > plan.sh',
    '<%= config.bin %> <%= command.id %> --drift --detailed-exitcode',
    '<%= config.bin %> <%= command.id %> --out lab.plan',
    '<%= config.bin %> <%= command.id %> --target shop/web --target overlay',
  ];
  static override flags = {
    file,
    json,
    script: Flags.boolean({
      exclusive: ['json'],
      description: 'print the steps as a shell script, to be run by hand',
    }),
    ...focus,
    'skip-unreachable': skipUnreachable,
    adopt,
    drift: Flags.boolean({
      exclusive: ['script', 'target', 'exclude', 'adopt'],
      description: 'compare with what was last applied, and leave the changes of the file out',
    }),
    out: Flags.string({
      exclusive: ['drift'],
      helpValue: 'PLAN',
      description: 'also write the plan to a file; `up PLAN` then does exactly that, or nothing',
    }),
    'detailed-exitcode': Flags.boolean({ description: 'end with 2 where there is something to change' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Plan);
    const session = await this.open(flags);
    const planned = await session.app.plan(session.context, {
      focus: focusOf(flags),
      drift: flags.drift,
      adopt: flags.adopt,
      skipUnreachable: flags['skip-unreachable'],
      ...(flags.out === undefined ? {} : { out: flags.out }),
    });
    await session.settle();
    session.complain(planned.diagnostics);
    const { plan, hosts } = planned;
    if (plan && flags.json)
      session.print(JSON.stringify(session.render.planToJson(plan, hosts), undefined, 2));
    else if (plan && flags.script)
      session.print(session.render.renderPlanScript(plan, { scripts: await session.app.scripts() }));
    else if (plan) session.print(session.render.renderPlan(plan, { ...session.out, hosts }));
    this.exit(exitOfPlanned(planned, flags['detailed-exitcode']));
  }
}
