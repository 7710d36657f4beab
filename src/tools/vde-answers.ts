import type { VdePort, VdeSwitch } from '../core/index.js';

/** What a switch says of itself (`port/showinfo`, `fstp/showinfo`); undefined where it does not say all of it. Port 0 is its own. */
export function parseVdeSwitch(lines: readonly string[]): VdeSwitch['says'] {
  const text = lines.join('\n');
  const [, ports] = /^Numports=(\d+)/m.exec(text) ?? [];
  const [, hub] = /^HUB=(\w+)/m.exec(text) ?? [];
  const [, priority] = /Priority (\d+)/.exec(text) ?? [];
  const [, fstp] = /^FSTP=(\w+)/m.exec(text) ?? [];
  if (ports === undefined || hub === undefined || priority === undefined || fstp === undefined)
    return undefined;
  return {
    ports: Number(ports) - 1,
    hub: hub === 'true',
    fstp: fstp === 'true',
    priority: Number(priority),
  };
}

/** The ports that it tells of (`port/allprint`, `vlan/allprint`): those that were ever in use. */
export function parseVdePorts(lines: readonly string[]): readonly VdePort[] {
  const ports = new Map<number, { untagged: number; tagged: number[]; pids: number[]; isKept: boolean }>();
  let port = 0;
  let vlan = 0;
  for (const line of lines) {
    const [, number, untagged] = /^Port (\d+) untagged_vlan=(\d+)/.exec(line) ?? [];
    if (number !== undefined) {
      port = Number(number);
      const isKept = line.includes('NOT Unnamed Allocatable');
      ports.set(port, { untagged: Number(untagged), tagged: [], pids: [], isKept });
      continue;
    }
    const [, pid] = /^ +-- endpoint .* pid=(\d+)/i.exec(line) ?? [];
    if (pid !== undefined) ports.get(port)?.pids.push(Number(pid));
    vlan = Number(/^VLAN (\d+)/.exec(line)?.[1] ?? vlan);
    const [, member] = /^ +-- Port (\d+) tagged=1/.exec(line) ?? [];
    if (member !== undefined) ports.get(Number(member))?.tagged.push(vlan);
  }
  return [...ports].map(([number, rest]) => ({ number, ...rest }));
}
