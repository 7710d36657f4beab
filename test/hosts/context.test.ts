import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TopoError } from '../../src/core/index.js';
import { ambientEndpoint, contextEndpoint } from '../../src/hosts/context.js';
import { writeContext } from '../support/contexts.js';

let home: string;
let config: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'topo-contexts-'));
  config = join(home, '.docker');
  await writeContext(config, 'rog', { Host: 'ssh://alon@rog' });
  await writeContext(config, 'safe', { Host: 'tcp://safe:2376' });
  await writeContext(config, 'pipe', { Host: 'npipe:////./pipe/docker_engine' });
  await writeContext(config, 'empty', {});
  const tls = join(config, 'contexts/tls', createHash('sha256').update('safe').digest('hex'), 'docker');
  await mkdir(tls, { recursive: true });
  await writeFile(join(tls, 'ca.pem'), 'CA');
});

afterEach(() => rm(home, { recursive: true, force: true }));

const MACHINE = { is: 'unix', socket: '/var/run/docker.sock' };
const ROG = { is: 'ssh', login: { user: 'alon', address: 'rog' } };

const named = (name: string, environment: Record<string, string> = {}): Promise<unknown> =>
  contextEndpoint('here', name, { homedir: home, environment });
const ambient = (environment: Record<string, string> = {}): Promise<unknown> =>
  ambientEndpoint('here', { homedir: home, environment });

async function failure(promise: Promise<unknown>): Promise<TopoError> {
  return promise.then(
    () => expect.unreachable(),
    (error: TopoError) => error,
  );
}

test('a context that is named leads where it says, whatever the environment has', async () => {
  const misleading = { DOCKER_HOST: 'tcp://192.0.2.1', DOCKER_CONTEXT: 'safe' };
  expect(await named('rog', misleading)).toEqual(ROG);
  expect(await named('default', misleading)).toEqual(MACHINE);
  expect(await named('safe')).toEqual({
    is: 'tcp',
    address: 'safe',
    port: 2376,
    tls: { ca: 'CA', verify: true },
  });
});

test('its store is that of DOCKER_CONFIG, where that is set', async () => {
  const other = join(home, 'other');
  await writeContext(other, 'far', { Host: 'tcp://far:1', SkipTLSVerify: true });
  expect(await named('far', { DOCKER_CONFIG: other })).toMatchObject({ port: 1, tls: { verify: false } });
  expect(await failure(named('rog', { DOCKER_CONFIG: other }))).toMatchObject({ code: 'context.unknown' });
});

test('one that is not there is an error with those that are, and the nearest', async () => {
  expect(await failure(named('rgo'))).toMatchObject({
    code: 'context.unknown',
    host: 'here',
    message: 'there is no Docker context "rgo"',
    hint: 'did you mean rog? there are default, empty, pipe, rog, safe',
  });
  expect((await failure(named('zzzz'))).hint).toBe('there are default, empty, pipe, rog, safe');
});

test('one that leads where topo can not go is refused with the reason', async () => {
  const pipe = await failure(named('pipe'));
  expect(pipe).toMatchObject({ code: 'context.endpoint' });
  expect(pipe.message).toContain('Docker context pipe leads to npipe:////./pipe/docker_engine');
  expect(await failure(named('empty'))).toMatchObject({ code: 'context.wrong' });
});

test('where none is named: DOCKER_HOST, else DOCKER_CONTEXT, else the context in use, else this machine', async () => {
  expect(await ambient()).toEqual(MACHINE);
  await writeFile(join(config, 'config.json'), '{ "currentContext": "rog" }');
  expect(await ambient()).toEqual(ROG);
  expect(await ambient({ DOCKER_CONTEXT: 'safe' })).toMatchObject({ address: 'safe' });
  expect(await ambient({ DOCKER_CONTEXT: 'default' })).toEqual(MACHINE);
  const both = { DOCKER_CONTEXT: 'safe', DOCKER_HOST: 'unix:///run/other.sock' };
  expect(await ambient(both)).toEqual({ is: 'unix', socket: '/run/other.sock' });
  expect(await failure(ambient({ DOCKER_CONTEXT: 'gone' }))).toMatchObject({ code: 'context.unknown' });
});

test('DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are those of DOCKER_HOST', async () => {
  const host = { DOCKER_HOST: 'tcp://far' };
  await writeFile(join(home, 'cert.pem'), 'CERT');
  expect(await ambient({ ...host, DOCKER_CERT_PATH: home })).toEqual({
    is: 'tcp',
    address: 'far',
    port: 2375,
  });
  expect(await ambient({ ...host, DOCKER_CERT_PATH: home, DOCKER_TLS_VERIFY: '1' })).toMatchObject({
    port: 2376,
    tls: { cert: 'CERT', verify: true },
  });
  expect(await ambient({ ...host, DOCKER_TLS: '1' })).toMatchObject({ tls: { verify: false } });
});

test('what can not be read or understood is said with its path', async () => {
  await writeFile(join(config, 'config.json'), '{');
  expect((await failure(ambient())).message).toContain(`${join(config, 'config.json')} is not JSON`);
  await rm(join(config, 'config.json'));
  await mkdir(join(config, 'config.json'));
  expect((await failure(ambient())).message).toContain('cannot read');
});
