import type { NetmapModule, ValeInventory, ValePort } from '../../../src/core/index.js';

/** netmap as it is after `modprobe netmap`, with nothing attached. */
export function netmap(module: Partial<NetmapModule> = {}, ports: readonly ValePort[] = []): ValeInventory {
  return {
    ctl: ['vale-ctl'],
    ports,
    records: [],
    module: {
      admode: 0,
      bufSize: 2048,
      bufNum: 163840,
      ringNum: 200,
      genericRingSize: 1024,
      maxBridges: 8,
      holders: [],
      drivers: {},
      ...module,
    },
  };
}
