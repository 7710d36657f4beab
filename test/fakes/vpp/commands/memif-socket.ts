import type { Commands } from '../cli.js';
import { fail } from '../cli.js';
import { anything, number } from '../input.js';
import type { Vpp } from '../vpp.js';
import { family } from '../vpp.js';

/** A socket file that memif interfaces meet at; for masters or for slaves, never both. */
export interface Socket {
  readonly id: number;
  readonly filename: string;
  role: 'master' | 'slave' | undefined;
  /** Interfaces on it. */
  users: number;
  /** What a failed first master leaves: said to listen, and it does not. */
  broken: boolean;
}

const SOCKETS = { name: 'memif-socket', fresh: () => new Map<number, Socket>() };

export const memifSocketCommands: Commands = {
  'create memif socket': ({ vpp, input }) => {
    const line = input.line();
    const given = line.options({ id: number, filename: anything });
    if (!line.ended) fail("unknown input `'");
    if (given.id === undefined || isReserved(given.id)) fail('Invalid socket id');
    if (given.filename === undefined) fail('Invalid socket filename');
    const filename = absolute(vpp, given.filename);
    const known = socketsOf(vpp).get(given.id);
    if (known === undefined) add(vpp, given.id, filename);
    else if (known.filename !== filename) fail('Entry already exists (entry already exists)');
  },
  'delete memif socket': ({ vpp, input }) => {
    const line = input.line();
    if (line.ended) return;
    const id = line.option('id', number) ?? fail("unknown input `'");
    if (isReserved(id)) fail('Invalid socket id');
    const socket =
      socketsOf(vpp).get(id) ?? fail(`Invalid argument (socket file with id ${id} does not exist)`);
    if (socket.users > 0) fail(`Unexpected interface state (socket file '${socket.filename}' is in use)`);
    if (socket.role === 'master') vpp.kernel.unlisten(socket.filename);
    socketsOf(vpp).delete(id);
  },
};

/** Socket 0 is there from the start. */
export function socketsOf(vpp: Vpp): Map<number, Socket> {
  const sockets = family(vpp, SOCKETS);
  if (!sockets.has(0)) {
    const filename = absolute(vpp, 'memif.sock');
    sockets.set(0, { id: 0, filename, role: undefined, users: 0, broken: false });
  }
  return sockets;
}

/** The table at the head of `show memif`. */
export function socketTable(vpp: Vpp): readonly string[] {
  const rows = [...socketsOf(vpp).values()].map(socket => {
    const listener = socket.broken
      ? 'yes (429496'
      : socket.role === 'master'
        ? `yes (${socket.users})`
        : 'no';
    return `  ${String(socket.id).padEnd(4)}${listener.padEnd(12)}${socket.filename}`;
  });
  return ['sockets', '  id  listener    filename', ...rows, ''];
}

const isReserved = (id: number): boolean => id === 0 || id === 0xffffffff;

const absolute = (vpp: Vpp, filename: string): string =>
  filename.startsWith('/') ? filename : `${vpp.identity.runtimeDirectory}/${filename}`;

function add(vpp: Vpp, id: number, filename: string): void {
  socketsOf(vpp).set(id, { id, filename, role: undefined, users: 0, broken: false });
}
