import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { denied, isDenied } from '../../src/hosts/pull.js';
import { allLogins, encoded, registryLogin, registryOf } from '../../src/hosts/registry-login.js';
import type { HostOptions } from '../../src/hosts/target.js';
import { writeLogins } from '../support/registry.js';

let directory: string;

beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'topo-logins-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

const HUB = 'https://index.docker.io/v1/';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function options(config: unknown, more: Record<string, string> = {}): Promise<HostOptions> {
  const { env } = await writeLogins(directory, config);
  return { homedir: '/nowhere', environment: { ...env, ...more } };
}

test.each([
  ['nginx', 'docker.io'],
  ['me/app:1', 'docker.io'],
  ['docker.io/me/app', 'docker.io'],
  ['index.docker.io/me/app', 'docker.io'],
  ['ghcr.io/me/app@sha256:0', 'ghcr.io'],
  ['localhost/app', 'localhost'],
  ['box:5000/app', 'box:5000'],
])('the registry of %s is %s', (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

test('a login of the file: name and password, tokens, whole addresses as keys, that of Docker Hub', async () => {
  const given = await options({
    auths: {
      'a.example': { auth: base64('alice:s3:cret') },
      'b.example': { identitytoken: 't0ken', auth: '' },
      'https://c.example/v1/': { username: 'carol', password: 'p' },
      'd.example': {},
      [HUB]: { auth: base64('hub:p') },
    },
  });
  const login = (reference: string): Promise<unknown> => registryLogin('h', reference, given);
  expect(await login('a.example/x')).toEqual({
    is: 'found',
    auth: { username: 'alice', password: 's3:cret', serveraddress: 'a.example' },
  });
  expect(await login('b.example/x')).toMatchObject({ auth: { identitytoken: 't0ken' } });
  expect(await login('c.example/x')).toMatchObject({ auth: { username: 'carol', password: 'p' } });
  expect(await login('d.example/x')).toEqual({ is: 'none' });
  expect(await login('e.example/x')).toEqual({ is: 'none' });
  expect(await login('nginx')).toMatchObject({ auth: { username: 'hub', serveraddress: HUB } });
});

test('a helper gives it instead: that of the registry, else the one for all; what it lacks or how it fails is told', async () => {
  const given = await options({
    auths: { 'token.example': { auth: base64('not:used') } },
    credsStore: 'test',
    credHelpers: { 'gone.example': 'nowhere', 'bad.example': '../evil' },
  });
  const login = (reference: string): Promise<unknown> => registryLogin('h', reference, given);
  expect(await login('127.0.0.1:5000/x')).toMatchObject({ auth: { username: 'alice', password: 's3cret' } });
  expect(await login('token.example/x')).toMatchObject({ auth: { identitytoken: 't0ken' } });
  expect(await login('nginx')).toEqual({ is: 'none' });
  expect(await login('locked.example/x')).toEqual({
    is: 'failed',
    why: 'docker-credential-test failed: the keychain is locked',
  });
  expect(await login('gone.example/x')).toEqual({
    is: 'failed',
    why: 'docker-credential-nowhere is not installed on this machine',
  });
  expect(await login('bad.example/x')).toMatchObject({ is: 'failed' });
});

test('DOCKER_AUTH_CONFIG comes first', async () => {
  const auths = { '127.0.0.1:5000': { auth: base64('ci:job') } };
  const given = await options({ credsStore: 'test' }, { DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) });
  expect(await registryLogin('h', '127.0.0.1:5000/x', given)).toMatchObject({ auth: { username: 'ci' } });
  expect(await registryLogin('h', '127.0.0.2:5000/x', given)).toMatchObject({ auth: { username: 'alice' } });
});

test('a build gets all there are, and hears of those that could not be had', async () => {
  const auths = { 'a.example': { auth: base64('a:b') }, 'none.example': {} };
  const inFile = await options({ auths, credHelpers: { 'gone.example': 'nowhere' } });
  expect(await allLogins('h', inFile)).toEqual({
    auths: { 'a.example': { username: 'a', password: 'b', serveraddress: 'a.example' } },
    failed: ['docker-credential-nowhere is not installed on this machine'],
  });
  const { auths: inStore } = await allLogins('h', await options({ credsStore: 'test' }));
  expect(Object.keys(inStore)).toEqual(['127.0.0.3:5000']);
});

test('a header is base64 for URLs, filled up', () => {
  expect(encoded({ a: '~~~???' })).toBe('eyJhIjoifn5-Pz8_In0=');
});

test.each([
  ['Get "http://127.0.0.1:5000/v2/x/manifests/latest": no basic auth credentials', true],
  ['Head "https://ghcr.io/v2/x": unauthorized', true],
  ["pull access denied for x, repository does not exist or may require 'docker login'", true],
  ['error parsing HTTP 403 response body', true],
  ['open /var/lib/docker/x: permission denied', false],
  ['manifest for x:401 not found', false],
])('a refusal by its words: %s', (said, refused) => {
  expect(isDenied(said)).toBe(refused);
});

test('a refusal says what to do, by what became of the login', () => {
  const host = { name: 'h', described: 'local' } as Parameters<typeof denied>[0]['host'];
  const hint = (ref: string, login: Parameters<typeof denied>[2]): string | undefined =>
    denied({ host, ref }, 'could not', login).hint;
  expect(hint('me/app', { is: 'none' })).toMatch(/this machine, docker login, or/);
  expect(hint('a.example/app', { is: 'none' })).toMatch(/this machine, docker login a\.example, or/);
  expect(hint('a.example/app', { is: 'found', auth: {} })).toMatch(/^a\.example does not take the login/);
  expect(hint('a.example/app', { is: 'failed', why: 'docker-credential-x failed: locked' })).toMatch(
    /locked$/,
  );
});
