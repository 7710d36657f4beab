import { connect } from 'node:net';
import { messageOf } from '../core/index.js';
import { ENGINE_SOCKET } from './engine.js';
import { hostError } from './errors.js';
import { bodyOf, send } from './http.js';
import { loadImage } from './load.js';
import { wordsOf } from './pull.js';
import type { Transfer } from './transfer.js';
import { DialAgent, isDialError } from './tunnel.js';

/** Sends an image of this machine's engine to the host's engine, through the host's own connection. Nothing is kept on the way. */
export async function pushImage(transfer: Transfer): Promise<void> {
  const { host, ref, signal = new AbortController().signal } = transfer;
  const socket = localSocket(transfer.options.environment['DOCKER_HOST']);
  const agent = new DialAgent(() => connect(socket), { keepAlive: false, maxSockets: 1 });
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

/** DOCKER_HOST, where it names a socket of this machine. */
function localSocket(dockerHost: string | undefined): string {
  return dockerHost?.startsWith('unix://') ? dockerHost.slice('unix://'.length) : ENGINE_SOCKET;
}
