import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EngineCall } from '../core/index.js';
import { OUTPUT_LIMIT } from './collect.js';

/** A request to an engine: the call, or one whose body is streamed. */
export interface Outgoing {
  readonly call: EngineCall;
  readonly body?: Readable;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** Sends a request and gives the answer as soon as its head is there. Paths bear no API version: each engine takes its own. */
export function send(outgoing: Outgoing): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = open(outgoing, {});
    sent.once('response', resolve);
    failed(sent, outgoing.signal, reject);
    write(sent, outgoing);
  });
}

/** Sends a request that turns its connection into a raw stream (`101 UPGRADED`). Any other answer is given back as it is. */
export function upgrade(outgoing: Outgoing): Promise<{ stream: Duplex } | { refused: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const sent = open(outgoing, { Connection: 'Upgrade', Upgrade: 'tcp' });
    sent.once('upgrade', (_answer, stream: Duplex, head: Buffer) => {
      if (head.length > 0) stream.unshift(head);
      resolve({ stream });
    });
    sent.once('response', refused => resolve({ refused }));
    failed(sent, outgoing.signal, reject);
    write(sent, outgoing);
  });
}

/** The whole body of an answer: parsed where it is one JSON value, else text. */
export async function bodyOf(answer: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > OUTPUT_LIMIT) throw new Error(`the engine's answer is larger than ${OUTPUT_LIMIT} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return answer.headers['content-type']?.startsWith('application/json') ? parsed(text) : text;
}

function open(
  { call, body, agent, signal }: Outgoing,
  headers: Readonly<Record<string, string>>,
): ClientRequest {
  const json = body === undefined && call.body !== undefined ? { 'Content-Type': 'application/json' } : {};
  return request({
    agent,
    signal,
    host: 'docker',
    method: call.method,
    path: call.path,
    headers: { ...json, ...call.headers, ...headers },
  });
}

function write(sent: ClientRequest, { call, body, signal }: Outgoing): void {
  if (body === undefined) sent.end(call.body === undefined ? undefined : JSON.stringify(call.body));
  else pipeline(body, sent, { signal }).catch((error: Error) => sent.destroy(error));
}

function failed(sent: ClientRequest, signal: AbortSignal, reject: (error: unknown) => void): void {
  sent.once('error', error => {
    sent.on('error', () => undefined);
    const reused = sent.reusedSocket && (error as { code?: string }).code === 'ECONNRESET';
    reject(signal.aborted ? signal.reason : Object.assign(error, { reused }));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // Some answers are a JSON value a line, with the same content type.
  }
}
