import { writeFile } from 'node:fs/promises';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { TopoError } from '../core/index.js';
import { TopoCommand } from './shared/base.js';

const SHAPES = ['ring', 'mesh', 'clos', 'star'] as const;
const KINDS = ['router', 'bridge'] as const;
const ADDRESSES = ['/31', '/30', 'none'] as const;

export default class Generate extends TopoCommand {
  static override summary = 'Write a topology file of a shape: ring, mesh, clos or star';
  static override description =
    'The same options give the same file. Nodes go to the hosts turn by turn, and are linked point to point.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ring --nodes 6 > topo.yaml',
    '<%= config.bin %> <%= command.id %> clos --spines 2 --leaves 4 --hosts-per-leaf 2 -o clos.topo.yaml',
    '<%= config.bin %> <%= command.id %> ring --kind bridge --host tera=ssh://alon@tera --host rog=ssh://alon@rog',
  ];
  static override args = {
    shape: Args.string({ required: true, options: [...SHAPES], description: 'ring, mesh, clos or star' }),
  };
  static override flags = {
    nodes: Flags.integer({
      helpValue: 'N',
      description: 'how many in a ring or mesh, or around the middle of a star [default: 4]',
    }),
    spines: Flags.integer({ helpValue: 'N', description: 'of a clos [default: 2]' }),
    leaves: Flags.integer({ helpValue: 'N', description: 'of a clos [default: 4]' }),
    'hosts-per-leaf': Flags.integer({
      helpValue: 'N',
      description: 'containers on each leaf of a clos [default: 0, on bridges 1]',
    }),
    kind: Flags.string({
      options: [...KINDS],
      default: 'router',
      description: 'what the nodes are: containers that forward, or bridges with containers on them',
    }),
    host: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'H',
      description:
        'NAME for a simulated host, else NAME=ssh://… or NAME=local (repeatable) [default: lab1, lab2]',
    }),
    name: Flags.string({ helpValue: 'NAME', description: "of the topology [default: the shape's]" }),
    image: Flags.string({
      helpValue: 'IMAGE',
      description: 'of the routers, or of the containers on bridges',
    }),
    addresses: Flags.string({
      options: [...ADDRESSES],
      default: '/31',
      description: 'length of a link between routers; none: no addresses',
    }),
    subnet: Flags.string({
      default: '10.0.0.0/16',
      helpValue: 'NET',
      description: 'where addresses are taken from',
    }),
    output: Flags.string({
      char: 'o',
      helpValue: 'FILE',
      description: 'write it there instead of to stdout',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Generate);
    const { generate } = await import('../app/index.js');
    const { nodes, spines, leaves, 'hosts-per-leaf': hostsPerLeaf, host: hosts, name, image } = flags;
    const text = await generate({
      shape: SHAPES.find(s => s === args.shape)!,
      kind: KINDS.find(k => k === flags.kind)!,
      addresses: ADDRESSES.find(a => a === flags.addresses)!,
      subnet: flags.subnet,
      ...(nodes !== undefined && { nodes }),
      ...(spines !== undefined && { spines }),
      ...(leaves !== undefined && { leaves }),
      ...(hostsPerLeaf !== undefined && { hostsPerLeaf }),
      ...(hosts !== undefined && { hosts }),
      ...(name !== undefined && { name }),
      ...(image !== undefined && { image }),
    });
    if (flags.output === undefined) process.stdout.write(text);
    else await writeNew(flags.output, text);
  }
}

/** Throws where there is something of that name: it may have been worked on. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new TopoError(`${path} is there already`, {
      code: 'file.exists',
      who: 'user',
      hint: 'name another file, or remove that one',
      cause,
    });
  }
}
