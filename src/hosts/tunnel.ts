import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import { inspect } from 'node:util';

/**
 * A stream that is there at once and is wired to the real one when that has opened: http.Agent counts sockets only where
 * it gets them synchronously. Fails with {@link isDialError} where the real one could not be opened. `refused`: asked where it
 * ended before it said a thing, why it was no real one.
 */
export function tunnel(
  open: (opened: (error: unknown, far?: Duplex) => void) => void,
  refused: () => Promise<Error | undefined> = () => Promise.resolve(undefined),
): Duplex {
  let far: Duplex | undefined;
  const near: Duplex = new Duplex({
    allowHalfOpen: false,
    construct(done) {
      open((error, opened) => {
        if (!opened) return done(dialError(error));
        far = opened; // At once: what comes in the same packet as the answer must not be missed.
        if (near.destroyed) far.on('error', () => undefined).destroy();
        else wire(near, far, refused);
        done();
      });
    },
    read: () => void far?.resume(),
    write: (chunk: Buffer, _encoding, done) => void far!.write(chunk, () => done()), // How it failed is told by what the real one says.
    final: done => void far!.end(() => done()),
    destroy(error, done) {
      far?.destroy();
      done(error);
    },
  });
  return Object.assign(near, socketManners(near));
}

/** Whether a request failed because its socket could not be opened at all: nothing was sent. */
export function isDialError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ETUNNEL' || code === 'ENOENT' || code === 'EACCES' || code === 'ECONNREFUSED';
}

function dialError(cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  return Object.assign(new Error(message, { cause }), { code: 'ETUNNEL' });
}

function wire(near: Duplex, far: Duplex, refused: () => Promise<Error | undefined>): void {
  let ended = false;
  let silent = true;
  const end = (): void => {
    near.push(null);
    near.read(0); // Nobody reads from an idle socket, and its agent has to hear that it ended.
  };
  far.on('data', (chunk: Buffer) => {
    silent = false;
    if (!near.push(chunk)) far.pause();
  });
  const unlessRefused = (otherwise: () => void): void => {
    ended = true;
    if (silent) void refused().then(why => (why ? near.destroy(dialError(why)) : otherwise()));
    else otherwise();
  };
  far.on('end', () => unlessRefused(end));
  far.on('error', error => unlessRefused(() => near.destroy(error)));
  far.on('close', () => {
    if (!ended) near.destroy(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
  });
}

/** What Node's http asks of a socket and a plain stream lacks. */
function socketManners(
  stream: Duplex,
): Record<'setKeepAlive' | 'setNoDelay' | 'setTimeout' | 'ref' | 'unref', () => Duplex> {
  const nothing = (): Duplex => stream;
  return { setKeepAlive: nothing, setNoDelay: nothing, setTimeout: nothing, ref: nothing, unref: nothing };
}

/** An http.Agent whose sockets come from a function. Not to be looked into: it holds a whole connection. */
export class DialAgent extends Agent {
  readonly #dial: () => Duplex;

  constructor(dial: () => Duplex, limits: { readonly keepAlive: boolean; readonly maxSockets: number }) {
    super(limits);
    this.#dial = dial;
  }

  override createConnection(): Duplex {
    return this.#dial();
  }

  [inspect.custom](): string {
    return 'DialAgent';
  }
}
