import { expect, test } from 'vitest';
import { parseEndpoint } from '../../src/hosts/endpoint.js';

const tls = { verify: true };

test.each([
  ['unix:///run/user/1000/docker.sock', { is: 'unix', socket: '/run/user/1000/docker.sock' }],
  ['unix://', { is: 'unix', socket: '/var/run/docker.sock' }],
  ['ssh://rog', { is: 'ssh', login: { address: 'rog' } }],
  ['ssh://rog/', { is: 'ssh', login: { address: 'rog' } }],
  [
    'ssh://alon@[fd00::1]:2222/run/other.sock',
    { is: 'ssh', login: { user: 'alon', address: 'fd00::1', port: 2222 }, socket: '/run/other.sock' },
  ],
  ['tcp://rog', { is: 'tcp', address: 'rog', port: 2375 }],
  ['10.0.0.1:4000', { is: 'tcp', address: '10.0.0.1', port: 4000 }],
  ['tcp://[fd00::1]:2375/', { is: 'tcp', address: 'fd00::1', port: 2375 }],
])('%s', (text, expected) => {
  expect(parseEndpoint(text)).toEqual(expected);
});

test('with TLS another port is meant where none is given', () => {
  expect(parseEndpoint('tcp://rog', tls)).toEqual({ is: 'tcp', address: 'rog', port: 2376, tls });
  expect(parseEndpoint('tcp://rog:1', tls)).toMatchObject({ port: 1 });
});

test.each([
  ['npipe:////./pipe/docker_engine', /named pipe/],
  ['fd://', /systemd/],
  ['http://rog', /unix:\/\/, ssh:\/\/ and tcp:\/\//],
  ['ssh://-oProxyCommand=x', /an ssh address/],
  ['ssh://a b', /an ssh address/],
  ['tcp://alon@rog', /an address on TCP/],
  ['tcp://rog:70000', /an address on TCP/],
  ['what ever', /an address on TCP/],
])('%s is refused with the reason', (text, why) => {
  expect(parseEndpoint(text)).toMatch(why);
});
