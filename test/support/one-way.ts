import type { Ran } from './cli.js';

/** Runs a command in some network namespace. */
export type Enter = (...argv: readonly string[]) => Promise<Ran>;

/** Numbered datagrams with the time at which they were sent. */
export interface Stream {
  readonly from: Enter;
  readonly to: Enter;
  /** IPv4, of the receiver. */
  readonly address: string;
  readonly packets: number;
  readonly perSecond: number;
  /** Of the whole Ethernet frame. */
  readonly bytes: number;
}

/** What arrived of them. Both ends must have one clock. */
export interface Arrived {
  /** How many did not arrive, arrived twice, or arrived after a later one. */
  readonly lost: number;
  readonly twice: number;
  readonly late: number;
  /** Milliseconds that half of them took at most. */
  readonly delay: number;
  /** Bits per second, of whole frames from the first to the last. */
  readonly rate: number;
}

/** Sends a stream one way and tells what arrived. What is impaired the other way does not matter: only the begin goes there. */
export async function oneWay(stream: Stream): Promise<Arrived> {
  const { from, to, address, packets, perSecond, bytes } = stream;
  const node = (enter: Enter, program: string, ...args: readonly (string | number)[]): Promise<Ran> =>
    enter('timeout', '120', process.execPath, '-e', program, '--', ...args.map(String));
  const [received, sent] = await Promise.all([
    node(to, RECEIVER, address, packets, HEADERS),
    node(from, SENDER, address, packets, perSecond, bytes - HEADERS),
  ]);
  if (sent.code !== 0 || received.code !== 0)
    throw new Error(`sender: ${sent.code} ${sent.stderr}; receiver: ${received.code} ${received.stderr}`);
  return JSON.parse(received.stdout) as Arrived;
}

/** Of Ethernet, IPv4 and UDP. */
const HEADERS = 14 + 20 + 8;
const PORT = 7007;

/** Datagrams begin with a letter: `?` asks whether anybody is there, `.` is one of the stream, `!` ends it. */
const RECEIVER = `
const [own, ...numbers] = process.argv.slice(1);
const [packets, headers] = numbers.map(Number);
const socket = require('dgram').createSocket('udp4');
const seen = new Set(), delays = [];
let twice = 0, late = 0, top = -1, bytes = 0, first, last;
socket.on('message', (message, { address, port }) => {
  const now = process.hrtime.bigint();
  if (message[0] === 63) return socket.send('?', port, address);
  if (message[0] === 33) return tell();
  const number = message.readUInt32BE(1);
  if (seen.has(number)) return void twice++;
  seen.add(number);
  if (number < top) late++;
  top = Math.max(top, number);
  delays.push(Number(now - message.readBigUInt64BE(5)) / 1e6);
  if (first === undefined) first = now;
  else bytes += message.length + headers;
  last = now;
});
function tell() {
  delays.sort((a, b) => a - b);
  const rate = bytes * 8 / (Number(last - first) / 1e9);
  console.log(JSON.stringify({ lost: packets - seen.size, twice, late, delay: delays[delays.length >> 1], rate }));
  process.exit();
}
// As much as the kernel lets it have: a receiver that is late must not lose any.
socket.bind(${PORT}, own, () => socket.setRecvBufferSize(1 << 22));`;

const SENDER = `
const [address, ...numbers] = process.argv.slice(1);
const [packets, perSecond, size] = numbers.map(Number);
const socket = require('dgram').createSocket('udp4');
const say = letter => socket.send(letter, ${PORT}, address, () => {});
socket.on('error', () => {});
const asking = setInterval(say, 50, '?');
socket.once('message', () => {
  clearInterval(asking);
  const start = Date.now();
  let sent = 0, gone = 0;
  const sending = setInterval(() => {
    const due = Math.min(packets, Math.ceil((Date.now() - start) * perSecond / 1000));
    for (; sent < due; sent++) {
      const message = Buffer.alloc(size, '.');
      message.writeUInt32BE(sent, 1);
      message.writeBigUInt64BE(process.hrtime.bigint(), 5);
      socket.send(message, ${PORT}, address, () => gone++);
    }
    if (gone < packets) return;
    clearInterval(sending);
    // What is still on its way goes first.
    setTimeout(() => setInterval(say, 20, '!'), 1000);
    setTimeout(() => process.exit(), 2500);
  }, 1);
});`;
