import { connect, type Socket } from 'node:net';
import type { MemifEnd, MemifLink } from './kernel.js';

/** Between the tries of a slave, in milliseconds. */
const AGAIN = 100;

interface Entry {
  readonly end: MemifEnd;
  socket?: Socket;
  peer?: string;
  parting: { local?: string; remote?: string };
}

/** What ends say to each other on the socket file: who they are, or that they leave. */
interface Word {
  readonly id?: number;
  readonly name?: string;
  readonly leaves?: boolean;
}

/** Where the ends of memifs meet that stand in processes of their own: at the socket file, as real ones do. */
export class MemifWire {
  private readonly masters = new Set<Entry>();

  add(end: MemifEnd): MemifLink {
    const entry: Entry = { end, parting: {} };
    const timer = end.role === 'slave' ? setInterval(() => call(entry), AGAIN) : undefined;
    if (end.role === 'master') this.masters.add(entry);
    return {
      peer: () => entry.peer,
      parting: () => entry.parting,
      close: () => {
        clearInterval(timer);
        this.masters.delete(entry);
        entry.socket?.end(say({ leaves: true }));
      },
    };
  }

  /** Somebody came to a master's socket: its first word tells for which interface. */
  answer(path: string, socket: Socket): void {
    socket.on('error', () => undefined);
    hear(socket, ({ id, name }) => {
      if (name === undefined) return;
      const entry = [...this.masters].find(({ end, peer }) => {
        const { path: at, id: own, up } = end;
        return peer === undefined && at === path && own === id && up();
      });
      if (entry === undefined) return void socket.destroy();
      socket.write(say({ name: entry.end.name }));
      join(entry, socket, name);
    });
  }
}

/** Each word that is said on a socket: a line. */
function hear(socket: Socket, listener: (word: Word) => unknown): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) listener(JSON.parse(line) as Word);
  });
}

const say = (word: Word): string => `${JSON.stringify(word)}\n`;

function call(entry: Entry): void {
  const { end } = entry;
  if (entry.socket !== undefined || !end.up()) return;
  const socket = connect(end.path);
  entry.socket = socket;
  socket.write(say({ id: end.id, name: end.name }));
  socket.on('error', () => undefined).on('close', () => void delete entry.socket);
  hear(socket, ({ name }) => name !== undefined && join(entry, socket, name));
}

function join(entry: Entry, socket: Socket, peer: string): void {
  entry.socket = socket;
  entry.peer = peer;
  let leaves = false;
  hear(socket, word => (leaves ||= word.leaves === true));
  socket.on('close', () => {
    entry.parting = leaves
      ? { local: 'disconnect received', remote: 'interface deleted' }
      : { local: 'disconnected' };
    delete entry.peer;
    delete entry.socket;
  });
}
