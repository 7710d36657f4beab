import type { Domain } from './domain.js';
import type { Kernel } from './kernel.js';
import { Pool } from './pool.js';
import type { Layer2, NewPort, Port } from './port.js';

/** One VPP: what it holds, all gone when it ends. */
export interface Vpp {
  readonly kernel: Kernel;
  readonly ports: Pool<Port>;
  readonly hardware: Pool<Port>;
  /** By id. */
  readonly domains: Map<number, Domain>;
  /** How often what was learnt in a domain's slot, or through an interface, was thrown away: BSN and ISN. */
  readonly domainSequence: number[];
  readonly portSequence: number[];
  /** Entries that commands added, by MAC and domain index. */
  readonly l2fib: Map<string, FibEntry>;
  /** What the families of commands keep for themselves. */
  readonly families: Map<string, unknown>;
  readonly identity: Identity;
}

export interface FibEntry {
  readonly mac: string;
  readonly domain: Domain;
  readonly port: Port | undefined;
  readonly isStatic: boolean;
  readonly filter: boolean;
  readonly bvi: boolean;
}

/** What a VPP is, as it was started. */
export interface Identity {
  /** `25.10-release` */
  readonly version: string;
  readonly pid: number;
  readonly runtimeDirectory: string;
  /** Seconds since the epoch, now and when it started. */
  readonly now: () => number;
  readonly started: number;
  readonly randomByte: () => number;
  /** An id for a bridge domain that was given none. */
  readonly chooseDomain: () => number;
  /** Plugins that are not loaded, without `_plugin.so`: their commands don't exist. */
  readonly without: readonly string[];
}

/** A VPP that has just started: nothing but local0. */
export function freshVpp(kernel: Kernel, identity: Identity): Vpp {
  const vpp: Vpp = {
    kernel,
    identity,
    ports: new Pool(),
    hardware: new Pool(),
    domains: new Map(),
    domainSequence: [],
    portSequence: [],
    l2fib: new Map(),
    families: new Map(),
  };
  const behind = { link: () => false, details: () => ['  local'] };
  addPort(vpp, { name: 'local0', kind: 'local', behind, mtu: 0 });
  return vpp;
}

/** What a family of commands keeps, made when it is first asked for. */
export function family<T>(vpp: Vpp, key: Family<T>): T {
  if (!vpp.families.has(key.name)) vpp.families.set(key.name, key.fresh());
  return vpp.families.get(key.name) as T;
}

export interface Family<T> {
  readonly name: string;
  readonly fresh: () => T;
}

/** Makes an interface, in l3 mode. */
export function addPort(vpp: Vpp, wanted: NewPort): Port {
  const make = (hardware: number | undefined): Port =>
    vpp.ports.add(index => ({
      index,
      kind: wanted.kind,
      hardware:
        hardware === undefined || wanted.behind === undefined
          ? undefined
          : { index: hardware, name: wanted.name, behind: wanted.behind },
      parent: wanted.parent,
      name: wanted.name,
      up: wanted.up ?? false,
      mtu: [wanted.mtu ?? 9000, 0, 0, 0],
      mac: wanted.mac,
      tag: undefined,
      addresses: [],
      unnumbered: undefined,
      table: 0,
      layer2: { mode: 'l3' },
      rewrite: 'none',
      flooded: wanted.kind !== 'loop' && wanted.kind !== 'bvi',
    }));
  return wanted.behind === undefined ? make(undefined) : vpp.hardware.add(make);
}

/** Removes an interface with its sub-interfaces; its domain, its tag and what led to it forget it. */
export function removePort(vpp: Vpp, port: Port): void {
  for (const child of vpp.ports.all()) if (child.parent === port) removePort(vpp, child);
  leave(vpp, port);
  for (const other of vpp.ports.all()) {
    if (other.layer2.mode === 'xconnect' && other.layer2.peer === port) other.layer2 = { mode: 'l3' };
    if (other.unnumbered === port) other.unnumbered = undefined;
  }
  port.hardware?.behind.close?.();
  if (port.hardware !== undefined) vpp.hardware.remove(port.hardware.index);
  vpp.ports.remove(port.index);
}

/** Takes an interface out of what it was bridged into. */
export function leave(vpp: Vpp, port: Port): void {
  if (port.layer2.mode === 'bridge') {
    vpp.domains.get(port.layer2.domain)?.remove(port);
    bump(vpp.portSequence, port.index);
  }
  setLayer2(port, { mode: 'l3' });
}

export function setLayer2(port: Port, layer2: Layer2): void {
  port.layer2 = layer2;
}

export function bump(counters: number[], index: number): void {
  counters[index] = ((counters[index] ?? 0) + 1) % 256;
}

/** The first interface of that name, by index. */
export const portOf = (vpp: Vpp, name: string): Port | undefined =>
  vpp.ports.all().find(port => port.name === name);

/** An address as VPP invents them. */
export function randomMac(vpp: Vpp): string {
  const pair = (): string => vpp.identity.randomByte().toString(16).padStart(2, '0');
  return ['02', 'fe', pair(), pair(), pair(), pair()].join(':');
}
