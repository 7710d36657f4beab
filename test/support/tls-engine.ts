import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun, type TestSandboxes } from './sandboxes.js';

/** An engine that listens on TCP with TLS as well, and the directory of a client's `ca.pem`, `cert.pem` and `key.pem`. */
export interface TlsEngine extends AsyncDisposable {
  readonly address: string;
  readonly certificates: string;
  /** A second directory with a certificate that another authority signed, and that authority. */
  readonly foreign: string;
}

/** Starts a sandbox's engine again with TLS on port 2376. It ends with the sandbox. */
export async function tlsEngine(sandboxes: TestSandboxes, name: string): Promise<TlsEngine> {
  const root = await mkdtemp(join(tmpdir(), 'topo-tls-'));
  const address = sandboxes.address(name);
  const [certificates, foreign] = [join(root, 'ours'), join(root, 'foreign')];
  for (const directory of [certificates, foreign]) await makeCertificates(directory, address);
  const host = await sandboxes.open(name);
  const files = ['ca.pem', 'server.pem', 'server-key.pem'];
  for (const file of files) {
    const text = await readFile(join(certificates, file), 'utf8');
    await mustRun(host, ['sh', '-c', 'mkdir -p /run/tls && cat >"/run/tls/$1"', 'sh', file], text);
  }
  await mustRun(host, ['sh', '-c', RESTART]);
  await host.stream('busybox', ['topo/busybox']);
  await host.close();
  return {
    address,
    certificates,
    foreign,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** With the very arguments that it runs with, and more. */
const RESTART = `set -e
  pid=$(cat /run/docker.pid)
  tr '\\0' '\\n' <"/proc/$pid/cmdline" >/run/tls/argv
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
  rm -f /run/docker.pid
  set -- ; while read -r word; do set -- "$@" "$word"; done </run/tls/argv
  setsid "$@" -H tcp://0.0.0.0:2376 --tlsverify --tlscacert /run/tls/ca.pem --tlscert /run/tls/server.pem \\
    --tlskey /run/tls/server-key.pem </dev/null >/run/log/dockerd-tls.log 2>&1 &
  tries=0
  until grep -q 'API listen on \\[::\\]:2376\\|API listen on 0.0.0.0:2376' /run/log/dockerd-tls.log; do
    tries=$((tries + 1)); [ $tries -lt 600 ] || { tail -n 5 /run/log/dockerd-tls.log >&2; exit 1; }
    sleep 0.2
  done`;

async function makeCertificates(directory: string, address: string): Promise<void> {
  openssl(['version']);
  spawnSync('mkdir', ['-p', directory]);
  const at = (file: string): string => join(directory, file);
  const request = ['req', '-newkey', 'rsa:2048', '-nodes', '-subj'];
  openssl([
    ...request,
    '/CN=test authority',
    '-x509',
    '-days',
    '2',
    '-keyout',
    at('ca-key.pem'),
    '-out',
    at('ca.pem'),
  ]);
  await writeFile(at('server.ext'), `subjectAltName=IP:${address}\nextendedKeyUsage=serverAuth\n`);
  await writeFile(at('client.ext'), 'extendedKeyUsage=clientAuth\n');
  for (const [who, cert, key] of [
    ['server', 'server.pem', 'server-key.pem'],
    ['client', 'cert.pem', 'key.pem'],
  ] as const) {
    openssl([...request, `/CN=${who}`, '-keyout', at(key), '-out', at(`${who}.csr`)]);
    const sign = [
      'x509',
      '-req',
      '-days',
      '2',
      '-in',
      at(`${who}.csr`),
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca-key.pem'),
    ];
    openssl([...sign, '-CAcreateserial', '-extfile', at(`${who}.ext`), '-out', at(cert)]);
  }
}

function openssl(argv: readonly string[]): void {
  const { status, stderr, error } = spawnSync('openssl', argv);
  if (error) throw error;
  if (status !== 0) throw new Error(`openssl ${argv.join(' ')}: ${stderr.toString()}`);
}
