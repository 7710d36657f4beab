/**
 * `npm run bench [-- --quick] [-- --write --date YYYY-MM-DD]`: what topo costs on this machine; README.md beside this file
 * says how to read it. Ends with 1 where the round trips of a host depend on how many services are on it.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureHosts } from './hosts.js';
import { report } from './report.js';
import { measureStages } from './stages.js';
import { measureStartUp } from './start-up.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, date: { type: 'string' } },
});

const stages = [];
for (const [services, runs] of [
  [100, 15],
  [1_000, 7],
  [5_000, 5],
])
  stages.push(await measureStages(services, runs));
const startUp = measureStartUp(values.quick ? 5 : 11);
const hosts = values.quick ? undefined : await measureHosts([10, 50], 3);

const machine = `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GB, Linux, Node ${process.versions.node}`;
const text = report({
  where: [values.date, machine].filter(Boolean).join(': ') + '.',
  stages,
  startUp,
  hosts,
});
process.stdout.write(text);
if (values.write) writeFileSync(new URL('README.md', import.meta.url), text);

const counts = new Set(hosts?.rows.map(row => JSON.stringify(row.trips)));
if (counts.size > 1) {
  process.stderr.write('The round trips of a host depend on the number of services on it.\n');
  process.exitCode = 1;
}
