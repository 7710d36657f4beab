import type { MemifEnd, MemifLink } from './kernel.js';

interface Entry {
  readonly end: MemifEnd;
  readonly owner: object;
  peer: Entry | undefined;
  parting: { local?: string; remote?: string };
}

/** Where the ends of memifs meet that stand in one process. */
export class MemifBoard {
  private entries: Entry[] = [];

  add(end: MemifEnd, owner: object): MemifLink {
    const entry: Entry = { end, owner, peer: undefined, parting: {} };
    this.entries.push(entry);
    return {
      peer: () => {
        this.settle();
        return entry.peer?.end.name;
      },
      parting: () => entry.parting,
      close: () => this.drop(entry, { local: 'disconnect received', remote: 'interface deleted' }),
    };
  }

  /** All ends of one VPP, which has died. */
  end(owner: object): void {
    this.settle();
    for (const entry of this.entries) if (entry.owner === owner) this.drop(entry, { local: 'disconnected' });
  }

  private drop(entry: Entry, parting: Entry['parting']): void {
    this.entries = this.entries.filter(other => other !== entry);
    if (entry.peer === undefined) return;
    entry.peer.parting = parting;
    entry.peer.peer = undefined;
  }

  private settle(): void {
    for (const entry of this.entries) {
      const other = this.entries.find(candidate => fits(entry, candidate));
      if (other === undefined) continue;
      entry.peer = other;
      other.peer = entry;
    }
  }
}

const fits = (one: Entry, other: Entry): boolean =>
  [one, other].every(({ peer, end }) => peer === undefined && end.up()) &&
  one.end.role !== other.end.role &&
  one.end.path === other.end.path &&
  one.end.id === other.end.id;
