import { describe, expect, test } from 'vitest';
import { http, ping, type Run } from '../../src/app/check-program.js';
import type { Captured } from '../../src/app/exec.js';
import type { CheckDeclaration } from '../../src/core/index.js';

const PAGE = { is: 'http', to: 'c/d', port: 80, path: '/', status: 200 } as const;
const CHECK: CheckDeclaration = {
  from: 'a/b',
  test: PAGE,
  expect: 'ok',
  retries: 0,
  timeout: 1_500,
  path: [],
};

/** A container whose programs answer as recorded, by the program's name; what is not there ends with 126, as the engine says it. */
function container(replies: Readonly<Record<string, Partial<Captured>>>): { run: Run; asked: string[] } {
  const asked: string[] = [];
  const run: Run = async argv => {
    asked.push(argv.join(' '));
    const missing = { code: 126, stderr: 'OCI runtime exec failed: executable file not found in $PATH' };
    return { code: 0, stdout: '', stderr: '', ...(replies[argv[0]!] ?? missing) };
  };
  return { run, asked };
}

const pinged = (reply?: Partial<Captured>): ReturnType<typeof ping> =>
  ping(container(reply ? { ping: reply } : {}).run, '172.16.0.3', CHECK);

const asked = (replies: Readonly<Record<string, Partial<Captured>>>): ReturnType<typeof http> =>
  http(container(replies).run, '172.16.0.3', CHECK, PAGE);

describe('ping', () => {
  test('waits whole seconds, at least the given time', async () => {
    const { run, asked } = container({ ping: {} });
    await ping(run, '172.16.0.3', CHECK);
    expect(asked).toEqual(['ping -c 1 -W 2 172.16.0.3']);
  });

  test.each([
    ['busybox', '64 bytes from 172.16.0.3: seq=0 ttl=64 time=0.176 ms\n'],
    ['iputils', '64 bytes from 172.16.0.3: icmp_seq=1 ttl=64 time=0.176 ms\n'],
  ])('an answer: %s', async (_, stdout) => {
    expect(await pinged({ stdout })).toEqual({
      ok: true,
      reached: true,
      detail: '172.16.0.3 answers in 0.176 ms',
    });
  });

  test.each([
    ['busybox, silence', { code: 1, stdout: '1 packets transmitted, 0 packets received, 100% packet loss' }],
    [
      'iputils, refused by a router',
      { code: 1, stdout: 'From 10.0.0.1 icmp_seq=1 Destination Port Unreachable' },
    ],
    ['iputils, no route', { code: 2, stderr: 'ping: connect: Network is unreachable' }],
    ['busybox, no route', { code: 1, stderr: 'ping: sendto: Network is unreachable' }],
  ])('no answer: %s', async (_, reply) => {
    expect(await pinged(reply)).toEqual({ ok: false, reached: false, detail: '172.16.0.3 does not answer' });
  });

  test('what did not go out shows neither that it is reachable nor that it is not', async () => {
    expect(await pinged()).toEqual({ ok: false, reached: undefined, detail: 'the image has no ping' });
    const denied = { code: 1, stderr: 'ping: permission denied (are you root?)' };
    expect(await pinged(denied)).toEqual({ ok: false, reached: undefined, detail: denied.stderr });
    const socket = { code: 2, stderr: 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted' };
    expect(await pinged(socket)).toMatchObject({
      reached: undefined,
      detail: 'ping: socket: Operation not permitted',
    });
    const late = { code: 124, stderr: 'no answer within 6500 ms' };
    expect(await pinged(late)).toMatchObject({ reached: undefined, detail: late.stderr });
  });
});

describe('http', () => {
  const URL = 'http://172.16.0.3:80/';
  const wget404 = `Connecting to 172.16.0.3:80 (172.16.0.3:80)\n  HTTP/1.1 404 Not Found\nwget: server returned error: HTTP/1.1 404 Not Found\n`;
  const gnu301 = `  HTTP/1.0 301 Moved Permanently\n  Location: /x/\n  HTTP/1.0 200 OK\n  Server: SimpleHTTP/0.6\n`;

  test.each([
    ['curl', { curl: { stdout: '200', stderr: '< HTTP/1.1 200 OK\n' } }, 200],
    ['curl, an error of the server', { curl: { stdout: '503' } }, 503],
    ['busybox wget', { timeout: { code: 1, stderr: wget404 } }, 404],
    ['GNU wget after a redirection', { wget: { stderr: gnu301 } }, 200],
  ])('the status of %s', async (_, replies, status) => {
    const wanted = status === 200 ? '' : ', not 200';
    expect(await asked(replies)).toEqual({
      ok: status === 200,
      reached: true,
      detail: `${URL} gives ${status}${wanted}`,
    });
  });

  test('curl is asked first, then wget under timeout, then wget alone', async () => {
    const { run, asked } = container({ wget: { stderr: 'HTTP/1.1 200 OK' } });
    await http(run, '172.16.0.3', CHECK, PAGE);
    expect(asked).toEqual([
      `curl -sSv -o /dev/null -w %{http_code} -m 2 ${URL}`,
      `timeout 2 wget -S -O /dev/null ${URL}`,
      `wget -S -O /dev/null -T 2 ${URL}`,
    ]);
  });

  const curl7 = `curl: (7) Failed to connect to 172.16.0.3 port 80 after 0 ms: Couldn't connect to server`;
  test.each([
    [
      'curl',
      {
        curl: {
          code: 7,
          stdout: '000',
          stderr: `* connect to 172.16.0.3 port 80 failed: Connection refused\n${curl7}`,
        },
      },
    ],
    [
      'busybox wget',
      { timeout: { code: 1, stderr: `wget: can't connect to remote host (172.16.0.3): Connection refused` } },
    ],
    [
      'GNU wget',
      { timeout: { code: 4, stderr: 'Connecting to 172.16.0.3:80... failed: Connection refused.' } },
    ],
  ])('who refuses was reached: %s', async (_, replies) => {
    expect(await asked(replies)).toMatchObject({ ok: false, reached: true });
  });

  test.each([
    [
      'curl, no route',
      {
        curl: {
          code: 7,
          stdout: '000',
          stderr: `* Immediate connect fail for 172.16.0.3: Network is unreachable\n${curl7}`,
        },
      },
    ],
    [
      'curl, silence',
      {
        curl: { code: 28, stdout: '000', stderr: 'curl: (28) Connection timed out after 2001 milliseconds' },
      },
    ],
    [
      'busybox wget, silence',
      { timeout: { code: 143, stderr: 'Connecting to 172.16.0.3:80 (172.16.0.3:80)' } },
    ],
    ['coreutils timeout', { timeout: { code: 124 } }],
    [
      'busybox wget, no route',
      {
        timeout: {
          code: 1,
          stderr: `wget: can't connect to remote host (172.16.0.3): Network is unreachable`,
        },
      },
    ],
  ])('who is silent was not: %s', async (_, replies) => {
    expect(await asked(replies)).toMatchObject({ ok: false, reached: false });
  });

  test('what did not go out shows nothing', async () => {
    expect(await asked({})).toEqual({
      ok: false,
      reached: undefined,
      detail: 'the image has neither curl nor wget',
    });
    const option = { curl: { code: 2, stderr: 'curl: option -v: is unknown' } };
    expect(await asked(option)).toEqual({
      ok: false,
      reached: undefined,
      detail: `${URL}: curl: option -v: is unknown`,
    });
  });
});
