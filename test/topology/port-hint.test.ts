import { expect, test } from 'vitest';
import { portHint } from '../../src/topology/port-hint.js';

test.each([
  ['eighty:80', '"eighty" is no port number'],
  ['80:70000', '70000 is no port: they are 1 to 65535'],
  ['0:80', '0 is no port: they are 1 to 65535'],
  ['80:80/tpc', '"tpc" is no protocol: tcp, udp or sctp'],
  ['9-8:80', '9-8 runs backwards'],
  ['lan:80:80', '"lan" is no address'],
  ['[fd00::x]:80:80', '"[fd00::x]" is no address'],
  ['127.0.0.1::x', '"x" is no port number'],
  ['', 'such as "8080:80" or "53:53/udp"; ports are 1 to 65535'],
])('%s', (text, said) => expect(portHint(text)).toBe(said));

test('ranges of different lengths are told with their lengths', () => {
  const rest = "both sides have the same number, or the container's has one";
  expect(portHint('8000-8002:80-81')).toBe(`8000-8002 are 3 ports, and 80-81 are 2 ports: ${rest}`);
  expect(portHint('80:80-81')).toBe(`80 is one port, and 80-81 are 2 ports: ${rest}`);
});
