import type { HostName } from './names.js';
import type { PortedSwitch } from './ported-switch.js';

/** A VALE switch of netmap, on one host. */
export interface ValeDeclaration extends PortedSwitch {
  readonly kind: 'vale';
  readonly host: HostName;
  /** Absent: what the host's module and device drivers give. */
  readonly driver?: ValeDriver;
  /** Whether the host's own stack is attached with each device. */
  readonly hostStack: boolean;
}

/** How netmap has a device: by the emulated adapter, or by one of the device driver's own. */
export type ValeDriver = 'generic' | 'native';

export interface ResolvedVale extends Omit<ValeDeclaration, 'gateways' | 'ranges'> {
  readonly name: string;
}

/** What is said of VALE on a host that was asked. */
export interface ValeInventory {
  /** The words that vale-ctl was called with. */
  readonly ctl: readonly string[];
  readonly ports: readonly ValePort[];
  /** What this topology wrote down of what it attached. */
  readonly records: readonly ValeRecord[];
  readonly module: NetmapModule;
}

/** A device on a switch. A port whose device is gone stays in the list (seen), so it need not be there any more. */
export interface ValePort {
  /** VALE's name of it: `vale0`. */
  readonly switch: string;
  readonly device: string;
  /** Whether the host's own stack is attached with it (`vale0:eth1^` is in the list too). */
  readonly hostStack: boolean;
}

/** An attachment as it was made. */
export interface ValeRecord {
  readonly switch: string;
  readonly device: string;
  /** The index of the device then: another one by that name is not what was attached. */
  readonly index: number;
  readonly driver: ValeDriver;
  /** The resource that it was made for. */
  readonly id: string;
}

/** netmap's kernel module, as sysfs shows it. */
export interface NetmapModule {
  /** 0: native where a driver has it, 1: native only, 2: emulated only. Read at each attach. */
  readonly admode: number;
  /** Bytes of a buffer, and how many of them and of rings there are, for all that is attached. */
  readonly bufSize: number;
  readonly bufNum: number;
  readonly ringNum: number;
  /** Slots of a ring of the emulated adapter. */
  readonly genericRingSize: number;
  /** Switches in a namespace. */
  readonly maxBridges: number;
  /** Kernel modules that use it: drivers that have an adapter of their own. */
  readonly holders: readonly string[];
  /** The kernel modules of devices that have one, by device. */
  readonly drivers: Readonly<Record<string, string>>;
}

/** What programs of netmap open, in a container as on its host. */
export const NETMAP_DEVICE = { host: '/dev/netmap', container: '/dev/netmap', permissions: 'rwm' } as const;

/** The names that VALE takes for a switch: `vale`, letters, digits and `_`, 15 characters in all (longer: out of memory, it says). */
export const VALE_NAME = /^vale[A-Za-z0-9_]{0,11}$/;

/** What a switch of the file is called by netmap, and by programs that open ports on it: `v0` → `valev0`; `vale0` stays. */
export function valeName(name: string): string {
  return `${name.startsWith('vale') ? '' : 'vale'}${name.replaceAll('-', '_')}`;
}
