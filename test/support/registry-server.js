// A registry that speaks as much of the OCI distribution protocol as an engine needs to pull: node registry-server.js PORT. Engines do
// without TLS on 127.0.0.0/8, each address of which passes for a registry of its own: those with an odd last number want alice's name and
// password; those with an even one a token, which is had for these or for an identity token, and by anybody for what begins with `open/`.
// Every name is the same image, busybox and /version, whose text `PUT /version/TEXT` changes. `GET /log` gives what was asked for and by
// whom, a line each.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

const BASIC = `Basic ${Buffer.from('alice:s3cret').toString('base64')}`;
const IDENTITY = 'alices-identity';
const TOKEN = 'alices-token';
const ANYBODYS = 'anybodys-token';
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const log = [];
let content = await contentOf('one');

createServer((request, response) => {
  const answer = (status, headers = {}, body = '') => {
    response.writeHead(status, { 'Docker-Distribution-Api-Version': 'registry/2.0', ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const url = new URL(request.url, `http://${request.headers.host}`);
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    void route(request, url, Buffer.concat(chunks).toString(), answer);
  });
}).listen(Number(process.argv[2]), '0.0.0.0');

async function route({ method, headers }, url, body, answer) {
  const path = url.pathname;
  if (path === '/log') return answer(200, {}, log.join('\n'));
  if (method === 'PUT') {
    content = await contentOf(path.slice('/version/'.length));
    return answer(204);
  }
  if (path === '/token') return token(headers, body, answer);
  const [, name = '', kind, reference] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  const isBasic = Number(/\.(\d+):/.exec(headers.host)[1]) % 2 === 1;
  const tokens = name.startsWith('open/') ? [TOKEN, ANYBODYS] : [TOKEN];
  const taken = isBasic ? [BASIC] : tokens.map(one => `Bearer ${one}`);
  const realm = `Bearer realm="http://${headers.host}/token",service="test"${name && `,scope="repository:${name}:pull"`}`;
  if (!taken.includes(headers.authorization))
    return answer(401, { 'WWW-Authenticate': isBasic ? 'Basic realm="test"' : realm });
  if (path === '/v2/') return answer(200, { 'Content-Type': 'application/json' }, '{}');
  if (kind === 'manifests')
    log.push(`${method} ${name} ${isBasic ? 'alice' : headers.authorization.split(/[ -]/)[1]}`);
  const found =
    kind === 'manifests' && !reference.includes(':') ? content.manifest : content.blobs.get(reference);
  if (!found) return answer(404, {}, '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
  const type = kind === 'manifests' ? MANIFEST : 'application/octet-stream';
  const digest = digestOf(found);
  answer(
    200,
    { 'Content-Type': type, 'Content-Length': found.length, 'Docker-Content-Digest': digest },
    found,
  );
}

/** Of a name and a password, or, as OAuth 2 has it, of an identity token; a lesser one for nothing. */
function token({ authorization }, body, answer) {
  const isAlice = authorization === BASIC || new URLSearchParams(body).get('refresh_token') === IDENTITY;
  if (!isAlice && (authorization !== undefined || body !== ''))
    return answer(401, {}, '{"details":"incorrect username or password"}');
  const token = isAlice ? TOKEN : ANYBODYS;
  answer(200, { 'Content-Type': 'application/json' }, JSON.stringify({ token, access_token: token }));
}

async function contentOf(version) {
  const tar = pack();
  tar.entry({ name: 'bin/busybox', mode: 0o755, mtime: new Date(0) }, readFileSync('/bin/busybox'));
  tar.entry({ name: 'version', mtime: new Date(0) }, version);
  tar.finalize();
  const chunks = [];
  for await (const chunk of tar) chunks.push(chunk);
  const layer = Buffer.concat(chunks);
  const zipped = gzipSync(layer);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/bin/busybox', 'sleep', '9999'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      history: [{ created_by: version }],
    }),
  );
  const entry = (mediaType, blob) => ({ mediaType, size: blob.length, digest: digestOf(blob) });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: entry('application/vnd.docker.container.image.v1+json', config),
      layers: [entry('application/vnd.docker.image.rootfs.diff.tar.gzip', zipped)],
    }),
  );
  return { manifest, blobs: new Map([config, zipped, manifest].map(blob => [digestOf(blob), blob])) };
}

function digestOf(blob) {
  return `sha256:${createHash('sha256').update(blob).digest('hex')}`;
}
