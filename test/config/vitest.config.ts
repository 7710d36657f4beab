import { defineConfig } from 'vitest/config';
import { machinePool } from './machine-pool.js';
import { LongestFirst } from './sequence.js';

const sweep = new URL('../support/sweep.ts', import.meta.url).pathname;

/**
 * `unit`: pure stages, goldens, properties; no host, no root. `real`: kernel namespaces, engines and sandbox hosts;
 * needs root on Linux; every file has a machine of its own (machine.sh), so that some run beside each other. `long`: the
 * same, of what takes too long for every day (`npm run test:long`). `guest`: the same beside a QEMU guest with a full kernel
 * (`npm run test:guest`). `engines`: the same on the engines that `npm run
 * test:engines` fetches, on the real machine, two files at a time because they mostly wait. Neither is part of `npm test`.
 */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: 20_000 } }, // A busy machine takes its time.
    reporters: ['default', new URL('./count-reporter.ts', import.meta.url).pathname],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          isolate: false, // Modules are loaded once for all files: none keeps anything that a test could see.
          maxWorkers: 2,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{real,long,engines,compose,guest}.test.ts'],
          setupFiles: [new URL('./seed.ts', import.meta.url).pathname],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/**/*.real.test.ts'],
          pool: machinePool,
          maxWorkers: 3,
          testTimeout: 900_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'compose',
          include: ['test/compose/**/*.{compose,real}.test.ts'],
          pool: machinePool,
          maxWorkers: 1,
          testTimeout: 900_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['test/**/*.long.test.ts'],
          pool: machinePool,
          maxWorkers: 1,
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'guest',
          include: ['test/guest/**/*.guest.test.ts'],
          pool: machinePool,
          maxWorkers: 1,
          testTimeout: 900_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 5 },
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          include: ['test/engines/**/*.engines.test.ts'],
          globalSetup: [sweep],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 900_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
