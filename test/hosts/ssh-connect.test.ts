import { createServer, Socket, type AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import { expect, it, vi } from 'vitest';
import { parseSshConfig } from '../../src/hosts/ssh-config.js';
import { connect } from '../../src/hosts/ssh-connect.js';
import { hopOf } from '../../src/hosts/ssh-route.js';
import { loginsOf } from '../../src/hosts/ssh-auth.js';

it('sends small messages at once', async () => {
  const keys = { server: ssh2.utils.generateKeyPairSync('ed25519').private };
  const server = new ssh2.Server({ hostKeys: [keys.server] }, session => {
    session.on('authentication', login => login.accept()).on('error', () => undefined);
  });
  const listener = createServer(socket => server.injectSocket(socket));
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  const noDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
  const around = { homedir: '/none', passwdHome: '/none', environment: {} };
  const { port } = listener.address() as AddressInfo;
  const config = parseSshConfig(`hostname 127.0.0.1\nport ${port}\nuser ann`, around);
  const hop = await hopOf('tera', config, { acceptNew: true, through: [], written: undefined, jump: false });
  const logins = await loginsOf(ssh2, config, new Map());

  const { client } = await connect(ssh2, { hop, logins, sock: undefined, signal: undefined });

  expect(noDelay).toHaveBeenCalledWith(true);
  client.end();
  listener.close();
});
