import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { OPERATOR, type Host } from '../../src/core/index.js';
import { openHost, type HostTarget } from '../../src/hosts/index.js';

const LOCAL: HostTarget = { name: 'here', form: { is: 'local' }, acceptNewHostKey: false };

const servers: Server[] = [];
afterEach(() => {
  vi.unstubAllGlobals();
  for (const server of servers.splice(0)) server.close();
});

/** An engine that answers every call with its path, and the ping with what is given. */
async function engine(listen: number | string, ping = 200): Promise<Server> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/_ping' ? ping : 200;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.url));
  });
  servers.push(server);
  server.listen(listen);
  await once(server, 'listening');
  return server;
}

function open(environment: Record<string, string>, target = LOCAL): Promise<Host> {
  return openHost(target, { environment, homedir: '/nowhere' });
}

describe('an engine on TCP', () => {
  test('is spoken to, and nothing else is', async () => {
    const { port } = (await engine(0)).address() as AddressInfo;
    const host = await open({ DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    expect(host).toMatchObject({ described: `tcp://127.0.0.1:${port}`, engineOnly: true });
    expect(await host.engine({ via: 'docker', method: 'GET', path: '/info' })).toEqual({
      status: 200,
      body: '/info',
    });
    await expect(host.exec(['true'])).rejects.toMatchObject({ code: 'host.engine-only', host: 'here' });
    await expect(host.start(['true'])).rejects.toMatchObject({ code: 'host.engine-only' });
    await host.close();
    await expect(host.engine({ via: 'docker', method: 'GET', path: '/info' })).rejects.toMatchObject({
      code: 'host.lost',
    });
  });

  test('leaves no connection open behind it', async () => {
    const server = await engine(0);
    const host = await open({ DOCKER_HOST: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const count = (): Promise<number> => new Promise(resolve => server.getConnections((_, n) => resolve(n)));
    expect(await count()).toBeGreaterThan(0);
    await host.close();
    await expect.poll(count).toBe(0);
  });

  test('that is not there, or is something else, is said at once', async () => {
    const server = await engine(0);
    const { port } = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    await expect(open({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).rejects.toMatchObject({
      code: 'engine.unreachable',
      message: expect.stringContaining(
        `no engine answers at tcp://127.0.0.1:${port}: connect ECONNREFUSED`,
      ) as string,
    });
    const other = (await engine(0, 403)).address() as AddressInfo;
    await expect(open({ DOCKER_HOST: `tcp://127.0.0.1:${other.port}` })).rejects.toThrow('answers with 403');
    await expect(open({ DOCKER_HOST: `tcp://127.0.0.1:${other.port}`, DOCKER_TLS: '1' })).rejects.toThrow(
      /speaks no TLS/,
    );
  });

  test('is left alone where a `local` host has a docker_socket', async () => {
    const socket = join(tmpdir(), `topo-engine-${process.pid}.sock`);
    await engine(socket);
    const host = await open({ DOCKER_HOST: 'tcp://192.0.2.1' }, { ...LOCAL, dockerSocket: socket });
    expect(host.described).toBe('local');
    await host.close();
  });
});

describe.each(['darwin', 'win32'])('on %s', platform => {
  test('this machine is its engine, and what needs Linux here is refused', async () => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: platform } }));
    const socket = join(tmpdir(), `topo-${platform}-${process.pid}.sock`);
    await engine(socket);
    const host = await open({ DOCKER_HOST: `unix://${socket}` });
    expect(host).toMatchObject({ described: 'local', engineOnly: true });
    await host.close();
    await expect(open({}, { ...LOCAL, name: OPERATOR })).rejects.toMatchObject({ code: 'sandbox.platform' });
  });
});
