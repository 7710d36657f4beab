import { parseVpp, type VppReading } from '../../src/tools/index.js';
import type { Step } from '../../src/core/index.js';
import { PaperStage } from '../fakes/vpp/paper-stage.js';
import type { Which } from '../fakes/vpp/replay.js';
import { vppSaid } from './vpp-recorded.js';

/** topo died in the middle of a step. */
export class Died extends Error {}

/** Two emulated VPPs in this process that are read and told things as the scripts on a host do it. */
export class PaperVpps {
  private readonly stage: PaperStage;
  /** How many commands may still be sent before topo dies. */
  left = Infinity;
  /** All that was sent, by VPP. */
  readonly sent: string[] = [];
  /** The devices of which it stands on their hosts how they were. */
  readonly taken: Readonly<Record<Which, Set<string>>> = { a: new Set(), b: new Set() };

  constructor(devices: Readonly<Record<Which, readonly string[]>>) {
    this.stage = new PaperStage({ devices, vhostNet: true });
  }

  /** What it answers. Throws for what no transcript has. */
  async ask(vpp: Which, command: string): Promise<string> {
    const { output, refused } = await this.stage.send(vpp, command);
    if (refused !== undefined) throw new Error(refused);
    return output;
  }

  async restart(vpp: Which): Promise<void> {
    await this.stage.restart(vpp, []);
  }

  /** As `read_vpp` does. */
  async read(vpp: Which): Promise<VppReading> {
    const one = async (asked: string, told = asked): Promise<[string, string]> => [
      told,
      await this.ask(vpp, asked),
    ];
    const [version, addresses, domains] = await Promise.all([
      one('show version verbose', 'version'),
      one('show interface addr'),
      one('show bridge-domain'),
    ]);
    const names = [...addresses[1].matchAll(/^(\S+) \((?:up|dn)\):/gm)].map(m => m[1]!);
    const ids = [...domains[1].matchAll(/^ *(\d+) /gm)].map(m => m[1]!);
    const tags = await Promise.all(names.map(name => this.ask(vpp, `show interface tag ${name}`)));
    const said = vppSaid([
      ['called', 'vppctl'],
      version,
      await one('show plugins'),
      await one('show interface'),
      addresses,
      ['tags', tags.join('')],
      await one('show hardware-interfaces'),
      ...(await Promise.all(
        ids.map(id => one(`show bridge-domain ${id} detail`, 'show bridge-domain detail')),
      )),
      await one('show vxlan tunnel'),
      await one('show l2fib all', 'show l2fib'),
      ['end', version[1]],
    ]);
    return parseVpp(said)!;
  }

  /** As the scripts `vpp` and `vpp-empty` do. Throws what goes wrong; steps for others than VPP are left out. */
  async carryOut(vpp: Which, step: Step): Promise<void> {
    if (step.via !== 'script') return;
    const [device] = step.args;
    if (typeof device === 'string') {
      if (step.name === 'device-take') this.taken[vpp].add(device);
      if (step.name === 'device-release') this.taken[vpp].delete(device);
    }
    if (step.name === 'vpp-empty') {
      const { state } = await this.read(vpp);
      const members = state!.interfaces.filter(i => i.domain === Number(step.args[0]));
      for (const { name } of members) await this.tell(vpp, `set interface l3 ${name}`, '');
    }
    if (step.name !== 'vpp') return;
    for (const line of step.stdin!.trimEnd().split('\n')) {
      const [command = '', says = ''] = line.split(' => ');
      await this.tell(vpp, command, says);
    }
  }

  private async tell(vpp: Which, command: string, says: string): Promise<void> {
    if (this.left-- <= 0) throw new Died();
    this.sent.push(`${vpp} ${command}`);
    const said = (await this.ask(vpp, command)).replaceAll('\r', '').trimEnd();
    if (said !== says) throw new Error(`${command}: ${said}`);
  }
}
