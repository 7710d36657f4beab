import { TopoCommand } from './shared/base.js';

export default class Schema extends TopoCommand {
  static override summary = 'Print the JSON Schema of the topology file, for editors';
  static override examples = ['<%= config.bin %> <%= command.id %> > topo.schema.json'];

  async run(): Promise<void> {
    await this.parse(Schema);
    const { schema } = await import('../app/index.js');
    this.log(JSON.stringify(await schema(), undefined, 2));
  }
}
