import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '../core/index.js';
import { describeTcp, type TcpEndpoint } from './endpoint.js';
import { hostError, wordOf } from './errors.js';

/** Milliseconds that an engine gets to take a connection. */
const CONNECT_MS = 15_000;

/** Milliseconds of silence after which the other side is asked whether it is still there. */
const KEEPALIVE_MS = 5_000;

/** A connection to an engine on TCP, told to `opened` when it stands, with TLS and all, or why it does not. */
export function openSocket(
  { address, port, tls }: TcpEndpoint,
  opened: (error: unknown, socket?: Socket) => void,
): Socket {
  const place = { host: address, port };
  const socket = tls
    ? connectTls({ ...place, ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify })
    : connect(place);
  const failed = (error: Error): void => opened(error);
  socket.once('error', failed);
  socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error(`no answer in ${CONNECT_MS / 1000} s`)));
  socket.once(tls ? 'secureConnect' : 'connect', () => {
    socket.off('error', failed);
    socket.setTimeout(0);
    socket.setKeepAlive(true, KEEPALIVE_MS);
    opened(undefined, socket);
  });
  return socket;
}

/** Why an engine on TCP could not be spoken to, by what Node or OpenSSL said. */
export function explainTcp(host: string, endpoint: TcpEndpoint, cause: unknown): Error {
  const described = describeTcp(endpoint);
  const code = wordOf(cause, 'code');
  const say = (what: string, hint: string): Error =>
    hostError(host, 'engine.unreachable', `${what}: ${messageOf(cause)}`, { hint, cause, retryable: true });
  if (/CERT|ISSUER|SELF_SIGNED|ALTNAME|VERIFY/.test(code) && !code.startsWith('ERR_SSL'))
    return say(
      `the certificate of the engine at ${described} is not one to trust`,
      'put the authority that signed it into ca.pem, and the name it is reached by into the certificate',
    );
  if (/ALERT|CERTIFICATE/.test(code))
    return say(
      `the engine at ${described} did not take this machine's certificate`,
      'put one that its authority signed into cert.pem, and its key into key.pem',
    );
  if (/^ERR_SSL|^EPROTO/.test(code))
    return say(
      `${described} speaks no TLS`,
      'look what listens on that port; engines take TLS on 2376, plain TCP on 2375',
    );
  return say(
    `no engine answers at ${described}`,
    'look whether it runs and listens there, and at the firewalls on the way',
  );
}
