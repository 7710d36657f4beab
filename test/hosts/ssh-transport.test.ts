import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { sshTransport } from '../../src/hosts/ssh-transport.js';

it('drops its socket when it is closed and the other side says nothing more', async () => {
  const key = ssh2.utils.generateKeyPairSync('ed25519').private;
  const server = new ssh2.Server({ hostKeys: [key] }, session => {
    session.on('authentication', login => login.accept()).on('error', () => undefined);
  });
  const accepted: Socket[] = [];
  const listener = createServer({ allowHalfOpen: true }, socket => {
    accepted.push(socket);
    server.injectSocket(socket);
  });
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  const sock = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const client = new ssh2.Client();
  await new Promise(resolve =>
    client.once('ready', () => resolve(undefined)).connect({ sock, username: 'ann' }),
  );
  const transport = sshTransport('tera', 'ssh ann@tera', client);
  accepted[0]!.pause();

  await transport.close();

  expect(sock.destroyed).toBe(true);
  accepted[0]!.destroy();
  listener.close();
});
