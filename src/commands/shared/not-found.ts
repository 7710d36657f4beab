import type { Hook } from '@oclif/core/hooks';
import { EXIT, nearest } from '../../core/index.js';

/** What oclif calls where no command has the given name: says so, with the nearest one. */
export const notFound: Hook<'command_not_found'> = async function ({ id, config }) {
  const spoken = (command: string): string => command.replaceAll(':', ' ');
  const name = spoken(id);
  const known = config.commandIDs.map(spoken);
  const meant = nearest(name, known) ?? nearest(name.split(' ', 1)[0]!, known);
  const help = meant === undefined ? 'topo --help lists the commands' : `did you mean \`topo ${meant}\`?`;
  process.stderr.write(`error: topo has no command \`${name}\`\nhelp: ${help}\n`);
  this.exit(EXIT.failed);
};
