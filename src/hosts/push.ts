import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { describeLogin, messageOf } from '../core/index.js';
import { ambientEndpoint } from './context.js';
import { describeTcp, type Endpoint } from './endpoint.js';
import { hostError } from './errors.js';
import { bodyOf, send } from './http.js';
import { loadImage } from './load.js';
import { wordsOf } from './pull.js';
import type { Transfer } from './transfer.js';
import { openSocket } from './tcp.js';
import { DialAgent, isDialError, tunnel } from './tunnel.js';

/** Sends an image of this machine's engine to the host's engine, through the host's own connection. Nothing is kept on the way. */
export async function pushImage(transfer: Transfer): Promise<void> {
  const { host, ref, signal = new AbortController().signal } = transfer;
  const source = await ambientEndpoint(host.name, transfer.options);
  if (source.is === 'ssh') throw elsewhere(transfer, describeLogin(source.login));
  const socket = source.is === 'unix' ? source.socket : describeTcp(source);
  const agent = new DialAgent(() => dial(source), { keepAlive: false, maxSockets: 1 });
  const path = `/images/${encodeURIComponent(ref)}/get`;
  const answer = await send({ call: { via: 'docker', method: 'GET', path }, agent, signal }).catch(
    (cause: unknown) => {
      if (!isDialError(cause)) throw cause;
      throw hostError(
        host.name,
        'image.push',
        `can't send ${ref}: no engine answers on this machine at ${socket}: ${messageOf(cause)}`,
        {
          hint: 'start the engine here, or load the image on the host by hand (docker save | ssh … docker load)',
          cause,
        },
      );
    },
  );
  if (answer.statusCode !== 200)
    throw hostError(
      host.name,
      'image.push',
      `this machine's engine can't give ${ref}: ${wordsOf(await bodyOf(answer))}`,
      {
        hint: `get it here first: docker pull ${ref}`,
      },
    );
  await loadImage(transfer, answer);
}

function dial(source: Exclude<Endpoint, { is: 'ssh' }>): Duplex {
  return source.is === 'unix' ? connect(source.socket) : tunnel(opened => void openSocket(source, opened));
}

function elsewhere({ host, ref }: Transfer, login: string): Error {
  const message = `can't send ${ref}: the engine in use here is that of ssh://${login}, on another machine`;
  return hostError(host.name, 'image.push', message, {
    hint: 'choose an engine of this machine: docker context use default, without DOCKER_HOST and DOCKER_CONTEXT',
  });
}
