import type { EngineFacts, Facts } from '../core/index.js';
import type { Section } from './sections.js';

/** What a host is, from the parts `about`, `tools` and `kernel` of its script. `local`: the connection that the script ran in is not topo's. */
export function factsOf(sections: ReadonlyMap<string, Section>, engine: EngineFacts, local: boolean): Facts {
  const [uname = '', bootId = '', netns = '', connection = ''] = (sections.get('about')?.text ?? '').split(
    '\n',
  );
  const [hostname = '', release = '', arch = ''] = uname.split(' ');
  const kernel = sections.get('kernel');
  const tools = (sections.get('tools')?.text ?? '').split('\n').map(line => /^([^=]+)=(.+)$/.exec(line));
  return {
    hostname,
    kernel: release,
    arch,
    bootId,
    netns: /^net:\[(\d+)\]$/.exec(netns)?.[1] ?? netns,
    tools: Object.fromEntries(tools.flatMap(m => (m ? [[m[1]!, m[2]!]] : []))),
    engine,
    ...(kernel && { qdiscs: kernel.text.split('\n').filter(Boolean) }),
    ...(local ? {} : reached(connection)),
  };
}

/** `SSH_CONNECTION`: client address, client port, server address, server port; a zone is cut off. */
function reached(connection: string): Pick<Facts, 'reachedAt' | 'reachedFrom'> {
  const [from, , at] = connection
    .split(' ')
    .map(word => word.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/, ''));
  return from && at ? { reachedAt: at, reachedFrom: from } : {};
}
