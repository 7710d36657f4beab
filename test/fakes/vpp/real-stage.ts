import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../support/cli.js';
import type { Stage, Which } from './replay.js';
import type { Scene } from './scenes.js';
import type { Answer } from './shell.js';

/** What a call may take, and how long a VPP may take to come back, in milliseconds. */
const PATIENCE = 10_000;

/**
 * One real VPP, which stands for a; what was sent to b is left out. It is ended before each transcript and must come back by
 * itself, empty. Devices are veths in its network namespace; process ids must be those that this process sees.
 */
export class RealStage implements Stage {
  private readonly vppctl: readonly string[];
  private readonly names = new Set<string>();
  private pid = 0;
  private runtime = '/run/vpp';
  private whole = true;
  private playable = true;

  private constructor(vppctl: readonly string[]) {
    this.vppctl = vppctl;
  }

  static async open(vppctl: readonly string[], scene: Scene): Promise<RealStage> {
    const stage = new RealStage(vppctl);
    stage.playable = scene.vhostNet !== true || existsSync('/dev/vhost-net');
    if (!stage.playable) return stage;
    for (const directory of ['/run/memif', '/run/vh']) mkdirSync(directory, { recursive: true });
    await stage.restart('a', []);
    for (const name of scene.devices.a.filter(device => device !== 'lo')) stage.addDevice(name);
    return stage;
  }

  async send(vpp: Which, text: string): Promise<Answer | undefined> {
    // A client that it sends away ends by a signal; what is cut is no answer.
    if (vpp === 'b' || !this.whole || !this.playable || /^(quit|exit)$/.test(text)) return undefined;
    const { stdout } = await run([...this.vppctl, text], { killAfter: PATIENCE });
    return { output: stdout.replaceAll(this.runtime, '/run/vpp') };
  }

  /** One without its plugins can't be had: until the next whole one nothing is sent. */
  async restart(vpp: Which, without: readonly string[]): Promise<void> {
    if (vpp === 'b' || !this.playable) return;
    const before = await this.identify();
    process.kill(before, 'SIGKILL');
    const end = Date.now() + PATIENCE;
    while ((this.pid = await this.identify().catch(() => before)) === before) {
      if (Date.now() > end) throw new Error('the VPP that was ended did not come back');
      await sleep(100);
    }
    this.whole = without.length === 0;
    const { stdout } = await run([...this.vppctl, 'show memif']);
    this.runtime = /(\S+)\/memif\.sock/.exec(stdout)?.[1] ?? '/run/vpp';
  }

  addDevice(name: string): void {
    this.ip('add', name, 'type', 'veth', 'peer', 'name', `far-${name}`.slice(0, 15));
    this.names.add(name);
  }

  removeDevice(name: string): void {
    this.ip('del', name);
    this.names.delete(name);
  }

  renameDevice(from: string, to: string): void {
    this.ip('set', from, 'down');
    this.ip('set', from, 'name', to);
    this.names.delete(from);
    this.names.add(to);
  }

  /** Removes its devices and ends the VPP once more. */
  async close(): Promise<void> {
    for (const name of this.names) this.ip('del', name);
    await this.restart('a', []);
  }

  private async identify(): Promise<number> {
    const { stdout } = await run([...this.vppctl, 'show version verbose'], { killAfter: PATIENCE });
    const [, pid] = /Current PID: +(\d+)/.exec(stdout) ?? [];
    if (pid === undefined) throw new Error(`no VPP answers: ${stdout}`);
    return Number(pid);
  }

  private ip(...words: readonly string[]): void {
    execFileSync('nsenter', [`--net=/proc/${this.pid}/ns/net`, 'ip', 'link', ...words]);
  }
}
