import { topologyText } from './topology.js';

const FOLDERS = ['topology', 'resolve', 'compile', 'facts', 'observe', 'plan', 'kinds'];

/**
 * From text to plan without a host, in this process: CPU milliseconds (user and system) of each stage, the least of
 * `runs` runs, for a topology of that many services on three hosts of which nothing is there yet.
 */
export async function measureStages(services, runs) {
  const text = topologyText({ name: 'bench', services, hosts: 3 });
  const stages = await pipeline();
  const all = [];
  let actions = 0;
  for (let i = 0; i < runs; i++) {
    globalThis.gc?.();
    const { plan, spent } = once(stages, text);
    actions = plan.actions.length;
    all.push(spent);
  }
  const least = Object.fromEntries(
    Object.keys(all[0]).map(name => [name, Math.min(...all.map(s => s[name]))]),
  );
  return { services, kilobytes: text.length / 1024, actions, spent: least };
}

async function pipeline() {
  const modules = await Promise.all(
    FOLDERS.map(folder => import(new URL(`../../dist/${folder}/index.js`, import.meta.url))),
  );
  return Object.fromEntries(FOLDERS.map((folder, i) => [folder, modules[i]]));
}

function once({ topology, resolve, compile, facts, observe, plan, kinds }, text) {
  const spent = {};
  const timed = (name, run) => {
    const before = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(before);
    spent[name] = (user + system) / 1000;
    return result;
  };
  const read = timed('read', () =>
    topology.readTopology({ path: 'topo.yaml', text, directory: '/bench', environment: {} }),
  );
  const { resolved } = timed('resolve', () => resolve.resolve(read.topology, read.locate, {}));
  const views = resolved.hosts.map((host, i) =>
    facts.computedView(host.name, OPERATOR, { address: `198.18.0.${i + 2}/16` }),
  );
  const byHost = new Map(views.map(view => [view.host, view]));
  const { resources } = timed('compile', () => compile.compile(resolved, byHost, value => value));
  const input = {
    topology: resolved.name,
    resources: resources.filter(r => byHost.has(r.host)),
    views,
    registry: kinds.kinds,
  };
  const observed = timed('observe', () => observe.observe(input));
  const made = timed('plan', () => plan.plan({ ...input, observed }));
  if (!made.plan) throw new Error(`no plan: ${JSON.stringify(made.diagnostics)}`);
  return { plan: made.plan, spent };
}

/** All that a computed view takes from the machine it will be on. */
const TOOLS = ['bridge', 'ip', 'iptables', 'nft', 'nsenter', 'ping', 'ss', 'sysctl'];
const OPERATOR = {
  facts: { kernel: '', arch: '', bootId: '', tools: Object.fromEntries(TOOLS.map(tool => [tool, tool])) },
};
