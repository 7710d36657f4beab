import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { TopoCommand } from './shared/base.js';
import { file, json } from './shared/flags.js';

export default class Ip extends TopoCommand {
  static override summary = 'Show what has which address, or the addresses of one container';
  static override description =
    'With MACs and VNIs, by the file alone. Addresses that a Docker engine has chosen are read from the hosts with --live, and where one container, service or network is asked for.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> shop/web:eth1',
    'curl "http://$(<%= config.bin %> <%= command.id %> shop/web:internal --family 4)/"',
  ];
  static override args = {
    of: Args.string({
      description: 'stack, stack/service or stack/service#n, and : with a device or Docker network',
    }),
  };
  static override flags = {
    file,
    json,
    live: Flags.boolean({ description: 'read the hosts for what engines have given' }),
    family: Flags.string({ options: ['4', '6'], description: 'only IPv4, or only IPv6' }),
  };

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Ip);
    const session = await this.open(flags);
    const family = flags.family === '4' ? 4 : flags.family === '6' ? 6 : undefined;
    const found = await session.app.ip(session.context, {
      live: flags.live,
      ...(args.of !== undefined && { target: args.of }),
      ...(family !== undefined && { family }),
    });
    await session.settle();
    session.print(
      flags.json
        ? JSON.stringify({ format: 1, ...found }, undefined, 2)
        : session.render.renderAddresses(found, { ...session.out, bare: args.of !== undefined }),
    );
  }
}
