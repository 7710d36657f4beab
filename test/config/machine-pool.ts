import { ForksPoolWorker, type PoolRunnerInitializer } from 'vitest/node';

/** Every file of tests gets a process that is alone on a machine of its own: see machine.sh. */
export const machinePool: PoolRunnerInitializer = {
  name: 'machine',
  createPoolWorker: options => new MachineWorker(options),
};

class MachineWorker extends ForksPoolWorker {
  override readonly name = 'machine';

  /** `fork` takes the program from `process.execPath`, and takes it at once. */
  override async start(): Promise<void> {
    const node = process.execPath;
    this.env = { ...this.env, TOPO_TEST_NODE: node };
    process.execPath = new URL('./machine.sh', import.meta.url).pathname;
    const started = super.start();
    process.execPath = node;
    await started;
  }
}
