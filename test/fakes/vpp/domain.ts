import type { Port } from './port.js';

export interface Flags {
  learn: boolean;
  forward: boolean;
  flood: boolean;
  uuFlood: boolean;
  arpTerm: boolean;
  arpUfwd: boolean;
}

/** A bridge domain. */
export class Domain {
  readonly flags: Flags = {
    learn: true,
    forward: true,
    flood: true,
    uuFlood: true,
    arpTerm: false,
    arpUfwd: false,
  };
  /** Minutes; 0 is off. */
  macAge = 0;
  learnLimit = 16_777_216;
  tag: string | undefined;
  bvi: Port | undefined;
  uuForward: Port | undefined;
  /** MAC by address, of ARP termination. */
  readonly arp = new Map<string, string>();
  readonly id: number;
  readonly index: number;
  private members: Port[] = [];

  constructor(id: number, index: number) {
    this.id = id;
    this.index = index;
  }

  /** A bvi comes first, the others as they came. */
  get ports(): readonly Port[] {
    return this.members;
  }

  add(port: Port, first: boolean): void {
    if (first) this.members.unshift(port);
    else this.members.push(port);
  }

  remove(port: Port): void {
    this.members = this.members.filter(member => member !== port);
    if (this.bvi === port) this.bvi = undefined;
    if (this.uuForward === port) this.uuForward = undefined;
  }
}
