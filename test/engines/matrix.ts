import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family } from '../../src/core/index.js';
import { inside, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { makeHosts, type Lane } from './lanes.js';
import { asExpected, cellsOf, drawMatrix, nameOf, PAIRS, POLICIES, type Cell } from './matrix-cells.js';
import { matrixTopology, STACKS, type MatrixStack } from './matrix-topology.js';

/** What was asked and what was answered. */
export interface Matrix {
  readonly table: string;
  /** The cells that are not as they must be, a line each. */
  readonly wrong: readonly string[];
  readonly cells: number;
}

/** Brings the matrix's topology up on the two lanes, asks every cell, and takes it down again. */
export async function askMatrix(left: Lane, right: Lane): Promise<Matrix> {
  const name = ownName('matrix');
  await using space = await workspace();
  const file = join(space.cwd, 'topo.yaml');
  await writeFile(file, matrixTopology(name, left, right, [4, 6]));
  const valid = await topo(['validate'], space);
  const families: readonly Family[] = valid.code === 0 ? [4, 6] : [4];
  await writeFile(file, matrixTopology(name, left, right, families));
  try {
    await makeHosts(name, { left, right, aside: left });
    await mustUp(space);
    const nftables = left.nftables ?? false;
    const answers = await ask(name, families, space);
    const answer = (cell: Cell): boolean | undefined => answers.get(nameOf(cell));
    const cells = cellsOf(families, nftables);
    const wrong = cells.filter(cell => !asExpected(cell, answer(cell)));
    const left6 = families.includes(6) ? [] : [`IPv6 left out: ${valid.stderr.split('\n')[0]}`];
    const title = `engines ${left.name} and ${right.name}`;
    return {
      table: [title, drawMatrix(families, nftables, answer), ...left6].join('\n'),
      wrong: wrong.map(nameOf),
      cells: cells.length,
    };
  } finally {
    await topo(['down', '-v'], space);
  }
}

async function mustUp(space: { cwd: string }): Promise<void> {
  const up = await topo(['up'], space);
  if (up.code !== 0) throw new Error(`topo up ended with ${up.code}:\n${up.stdout}\n${up.stderr}`);
}

async function ask(
  name: string,
  families: readonly Family[],
  space: { cwd: string },
): Promise<ReadonlyMap<string, boolean>> {
  await routeAside(name, families);
  await onHost(name, 'left', LAN);
  const answers = new Map<string, boolean>();
  for (const policy of POLICIES) {
    for (const host of HOSTS)
      await onHost(name, host, `iptables -P FORWARD ${policy}; ip6tables -P FORWARD ${policy}`);
    // What topo needs where nobody keeps IPv6 rules depends on the policy: it is put right like any drift.
    await mustUp(space);
    const cells = cellsOf(families, false).filter(cell => cell.policy === policy);
    const froms = [...new Set(PAIRS.map(p => p.from))];
    const asked = await Promise.all(
      froms.map(from =>
        askFrom(
          name,
          from,
          cells.filter(c => c.pair.from === from),
        ),
      ),
    );
    for (const [key, answer] of asked.flat()) answers.set(key, answer);
  }
  return answers;
}

const HOSTS = ['left', 'right', 'aside'] as const;

/** A network of a host that no engine knows of, as a virtual machine's bridge or another network card is. */
const LAN = `ip netns add lan; ip link add lan0 type veth peer name eth0 netns lan; ip address add 192.0.2.1/24 dev lan0
  ip link set lan0 up; ip -n lan link set eth0 up; ip -n lan address add 192.0.2.2/24 dev eth0
  ip -n lan route add default via 192.0.2.1; ip address add fd00:61::1/64 dev lan0 nodad
  ip -n lan address add fd00:61::2/64 dev eth0 nodad; ip -n lan route add default via fd00:61::1`;

/** A machine beside the hosts that sends packets for the containers to them, as anyone on their LAN can; and the way back. */
async function routeAside(name: string, families: readonly Family[]): Promise<void> {
  const fabric = STACKS.filter(s => s.fabric);
  for (const { host, subnets } of fabric)
    await onHost(name, 'aside', `ip route add ${subnets[4]} via ${await addressOf(name, host)}`);
  if (!families.includes(6)) return;
  const address = (host: string): string => `fd00:62::${HOSTS.indexOf(host as 'left') + 1}`;
  for (const host of HOSTS) await onHost(name, host, `ip address add ${address(host)}/64 dev eth0 nodad`);
  for (const { host, subnets } of fabric)
    await onHost(name, 'aside', `ip route add ${subnets[6]} via ${address(host)}`);
  await onHost(name, 'aside', 'sysctl -qw net.ipv6.conf.all.forwarding=1');
  for (const host of ['left', 'right'])
    await onHost(name, host, `ip route add ${stackOf('plain-c').subnets[6]} via ${address('aside')}`);
}

/** Asks all that a container asks at the same time, from its network namespace with the host's programs. */
async function askFrom(name: string, from: string, cells: readonly Cell[]): Promise<[string, boolean][]> {
  const lan = from === 'lan-a';
  const host = lan ? 'left' : stackOf(from).host;
  const asks = await Promise.all(cells.map(cell => lineOf(name, cell)));
  const lines = asks.map((line, i) => `{ [ "$(${line})" = ok ] && echo ${i}; } &`);
  const key = lan
    ? '/run/netns/lan'
    : `$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${name}-${from}-web-1)`;
  const said = await onHost(name, host, `nsenter --net=${key} sh -c '${lines.join('\n')}\nwait'`);
  const yes = new Set(said.trim().split('\n'));
  return cells.map((cell, i) => [nameOf(cell), yes.has(String(i))]);
}

/** Says `ok` where the right container answers. */
async function lineOf(name: string, { pair, family, way }: Cell): Promise<string> {
  const to = stackOf(pair.to);
  const address = to.addresses[family];
  const literal = family === 4 ? address : `[${address}]`;
  const get = (at: string): string => `curl -gs -m 2 http://${at}/ | sed "s/^${to.name}\\$/ok/"`;
  switch (way) {
    case 'ping':
      return `ping -c1 -W2 ${address} >/dev/null && echo ok`;
    case 'port':
      return get(`${literal}:81`);
    case 'published port':
      return get(`${literal}:80`);
    case "published port at the host's address":
      return get(`${await addressOf(name, to.host)}:${to.published}`);
  }
}

async function addressOf(name: string, host: string): Promise<string> {
  return (await readFile(`/run/topo/sandbox/${name}-${host}/address`, 'utf8')).trim();
}

async function onHost(name: string, host: string, script: string): Promise<string> {
  // With the programs that the host's engine has: its iptables may be another than the machine's.
  const { code, stdout, stderr } = await inside(
    `${name}-${host}`,
    'sh',
    '-ec',
    `read -r PATH </run/sandbox/path\n${script}`,
  );
  if (code !== 0) throw new Error(`on ${host}: ${script}\nended with ${code}: ${stderr}`);
  return stdout;
}

function stackOf(name: string): MatrixStack {
  return STACKS.find(s => s.name === name)!;
}
