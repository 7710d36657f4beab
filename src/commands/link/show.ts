import { TopoCommand } from '../shared/base.js';
import { file, json } from '../shared/flags.js';
import { linkEnds } from '../shared/link.js';

export default class LinkShow extends TopoCommand {
  static override summary = 'Show how the ends of links stand, and what the file says';
  static override description =
    'An end is a container\'s device ("shop/web:eth1"), a device of a host ("tera:enp3s0"), or a switch with what is at the other end ("lan0:shop/web:eth1"); the name of a link means both of its ends. What is done to packets is done to what the end sends.';
  static override usage = '<%= command.id %> [END...] [-f FILE] [--json]';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> shop/web:eth1',
  ];
  static override args = linkEnds(false);
  static override flags = { file, json };
  static override strict = false;

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(LinkShow);
    const session = await this.open(flags);
    const ends = await session.app.linkShow(session.context, argv as string[]);
    await session.settle();
    session.print(
      flags.json
        ? JSON.stringify({ format: 1, ends }, undefined, 2)
        : session.render.renderLinkEnds(ends, session.out),
    );
  }
}
