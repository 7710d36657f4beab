import { readFile } from 'node:fs/promises';
import { inside, type Ran } from './cli.js';

/** An Ethernet frame in a VXLAN packet, as a host saw it pass between itself and another. */
export interface Frame {
  /** Addresses on the underlay. */
  readonly from: string;
  readonly to: string;
  /** The frame's own destination. */
  readonly mac: string;
  /** What tcpdump says of its content, such as `172.30.0.2 > 172.31.0.2: ICMP echo request`. */
  readonly content: string;
}

/** Everything that passes between sandboxes by UDP port 4789 while something is done. */
export async function underlayOf(
  sandboxes: readonly string[],
  meanwhile: () => Promise<unknown>,
): Promise<readonly Frame[]> {
  await everywhere(sandboxes, START);
  await meanwhile();
  const said = await everywhere(sandboxes, STOP);
  return said.flatMap(({ stdout }) => frames(stdout));
}

/** The address of a sandbox on the underlay. */
export async function underlayAddress(sandbox: string): Promise<string> {
  return (await readFile(`/run/topo/sandbox/${sandbox}/address`, 'utf8')).trim();
}

/** Frames that go to more than one: broadcasts, multicasts and the questions of ARP and neighbour discovery. */
export function flooded(seen: readonly Frame[]): readonly Frame[] {
  return seen.filter(
    ({ mac, content }) =>
      (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || /ARP|neighbor|router/.test(content),
  );
}

const START = `tcpdump --immediate-mode -U -Z root -i eth0 -w /run/underlay.pcap udp port 4789 >/run/underlay.log 2>&1 </dev/null &
echo $! >/run/underlay.pid
until grep -q listening /run/underlay.log; do sleep 0.05; done`;
/** What a busy machine has captured but not yet written is waited for. */
const STOP = `size=; until [ "$(stat -c %s /run/underlay.pcap)" = "$size" ]; do size=$(stat -c %s /run/underlay.pcap); sleep 1; done
pid=$(cat /run/underlay.pid); kill -INT $pid
while [ -e /proc/$pid ]; do sleep 0.05; done
tcpdump -nn -e -r /run/underlay.pcap`;

async function everywhere(sandboxes: readonly string[], script: string): Promise<readonly Ran[]> {
  const all = await Promise.all(sandboxes.map(sandbox => inside(sandbox, 'sh', '-ec', script)));
  const failed = all.find(({ code }) => code !== 0);
  if (failed) throw new Error(`tcpdump: ${failed.stderr}`);
  return all;
}

/** Two lines a packet: the outer one ends with the VNI, the inner one follows. */
function frames(text: string): readonly Frame[] {
  const pattern = /: (\S+)\.\d+ > (\S+)\.4789: VXLAN.*\n\S+ > (\S+), ethertype .*?, length \d+: (.*)/g;
  return [...text.matchAll(pattern)].map(([, from = '', to = '', mac = '', content = '']) => {
    return { from, to, mac, content };
  });
}
