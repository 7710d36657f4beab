import { z } from 'zod';
import { checkSchema } from './check.js';
import { closed, key, lazily, table } from './blocks.js';
import { hostSchema } from './host.js';
import { includeSchema } from './include.js';
import { linkSchema } from './link.js';
import { plainName, topologyName } from './phrases.js';
import { stackSchema } from './stack.js';
import { switchSchema } from './switch.js';

/** The whole file. */
export const topologySchema = lazily(() =>
  closed({
    name: topologyName().describe('The name of the topology.'),
    hosts: key(table(plainName(), hostSchema()), 'The machines.'),
    stacks: key(table(plainName(), stackSchema()), 'What runs on them.'),
    switches: key(table(plainName(), switchSchema()), 'What joins them.'),
    checks: key(z.array(checkSchema()), 'What topo check proves.'),
    links: key(z.array(linkSchema()), 'What joins two ends.'),
    include: key(includeSchema(), 'Other files that belong to this one.'),
  }),
);

/** The JSON Schema (draft 2020-12) of what a user may write: for editors, and for the reference in the README. */
export function topologyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(topologySchema(), {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // `closed` maps are loose to zod and told by a check of ours, see there.
      if (zodSchema._zod.def.type !== 'object' || Object.keys(jsonSchema.properties ?? {}).length === 0)
        return;
      jsonSchema.additionalProperties = false;
      jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return {
    ...schema,
    title: 'topo topology',
    description: 'A multi-host container network: hosts, stacks, switches, links and checks.',
  };
}
