/** The figures as the text of README.md. `where`: date and machine; `hosts` undefined: not measured. */
export function report({ where, stages, startUp, hosts }) {
  return [
    HEAD,
    where,
    '',
    ...stageTable(stages),
    ...startUpTable(startUp),
    ...(hosts ? hostTables(hosts) : []),
  ].join('\n');
}

const HEAD = `# What topo costs

\`npm run bench\` measures and prints this; \`npm run bench -- --write --date YYYY-MM-DD\` writes it here. \`--quick\` leaves the hosts
out (they need root on Linux). Two machines, or one on two days, differ by more than a change of topo does: **compare ratios
and counts, within one run**, and times only where both were measured here on the same machine. Every time is the least of
several runs, which is what the work takes; anything above it is what else the machine did.
`;

function stageTable(stages) {
  const names = Object.keys(stages[0].spent);
  return [
    '## From text to plan',
    '',
    'CPU milliseconds (user and system, garbage collection included) per stage, in one process, without a host: services in stacks',
    'of ten on three hosts, nothing there yet. Per service it must not grow.',
    '',
    `| services | file | actions | ${names.join(' | ')} | all | per service |`,
    `| --: | --: | --: | ${names.map(() => '--:').join(' | ')} | --: | --: |`,
    ...stages.map(({ services, kilobytes, actions, spent }) => {
      const all = Object.values(spent).reduce((a, b) => a + b, 0);
      const cells = names.map(name => spent[name].toFixed(spent[name] < 10 ? 1 : 0));
      return `| ${services} | ${kilobytes.toFixed(0)} kB | ${actions} | ${cells.join(' | ')} | ${all.toFixed(0)} | ${(all / services).toFixed(2)} |`;
    }),
    '',
  ];
}

function startUpTable(startUp) {
  const bare = startUp['node -e 0'].ms;
  return [
    '## Start',
    '',
    'CPU of the whole process, as a multiple of a Node that does nothing, and its peak memory.',
    '',
    '| program | CPU | × bare Node | peak memory |',
    '| --- | --: | --: | --: |',
    ...Object.entries(startUp).map(
      ([name, { ms, mb }]) =>
        `| \`${name}\` | ${ms.toFixed(0)} ms | ${(ms / bare).toFixed(1)} | ${mb.toFixed(0)} MB |`,
    ),
    '',
  ];
}

function hostTables({ rows, down }) {
  const both = (ours, raw) => `${ours.toFixed(2)} s / ${raw.toFixed(2)} s = **${(ours / raw).toFixed(1)}**`;
  return [
    '## On a host',
    '',
    'Wall seconds of the whole program on one sandbox host that stands already, over those of plain Engine API calls to the same',
    'engine (create and start, four at a time; the same lists; stop and remove), and the ratio. The plain way reads nothing before,',
    'checks nothing after, and makes no VXLAN, no rules and no record; `up` does, reads the hosts again and sends its proofs.',
    '',
    '| services | up / raw | up, nothing to do (the lists alone) | all services removed / raw |',
    '| --: | --- | --- | --- |',
    ...rows.map(
      r =>
        `| ${r.services} | ${both(r.up, r.rawUp)} | ${r.noop.toFixed(2)} s (${r.rawNoop.toFixed(2)} s) | ${both(r.remove, r.rawRemove)} |`,
    ),
    '',
    `\`down -v\` of ten services together with their sandbox host: ${down.toFixed(2)} s.`,
    '',
    'Round trips of an `up` with nothing to do, commands + Engine API calls, which must not depend on how many services there are:',
    '',
    ...rows.map(r => `- ${r.services} services: ${tripsText(r.trips)}`),
    '',
  ];
}

function tripsText(trips) {
  const shown = host => (host.startsWith('@') ? 'this machine' : host);
  return Object.entries(trips)
    .map(([host, { exec, engine }]) => `${shown(host)} ${exec} + ${engine}`)
    .join(', ');
}
