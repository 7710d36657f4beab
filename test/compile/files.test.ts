import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import { specDigest } from '../../src/core/index.js';
import type { ContainerSpec } from '../../src/kinds/index.js';
import { resolve, type ReadFile } from '../../src/resolve/index.js';
import { freshWorld } from '../fakes/scene.js';
import { read } from '../topology/reading.js';

const FILES: Readonly<Record<string, string>> = {
  '/topology/conf': 'of a file',
  '/home/me/run': '#!/bin/sh',
};
const readFile: ReadFile = path =>
  path in FILES
    ? { is: 'read', content: Buffer.from(FILES[path]!), program: FILES[path]!.startsWith('#!') }
    : { is: 'unreadable', why: 'not there' };

const STACK = `hosts: { a: ssh://a }
stacks:
  s:
    host: a
    volumes: { data: }
    configs: { file: { file: ./conf }, program: { file: ~/run }, inline: { content: "\${WORD}" } }
    secrets: { key: { file: conf }, token: { environment: TOKEN } }
    services: { web: { image: i, KEYS } }
`;

function compiled(keys: string, token = 's3cret'): ReturnType<typeof compile> {
  const environment = { HOME: '/home/me', WORD: 'inline', TOKEN: token };
  const { topology, locate, diagnostics } = read(STACK.replace('KEYS', keys), { environment });
  const resolved =
    topology &&
    resolve(topology, locate, environment, {
      readFile,
      readContext: () => ({ is: 'unreadable', why: 'none here' }),
    }).resolved;
  if (!resolved) throw new Error(JSON.stringify(diagnostics));
  return compile(resolved, freshWorld(resolved).views, value => `digest(${value.length})`);
}

function web(keys: string, token?: string): ContainerSpec {
  const result = compiled(keys, token);
  expect(result.diagnostics).toEqual([]);
  return result.resources.find(r => r.kind === 'container')!.spec as ContainerSpec;
}

const shown = ({ copies = [] }: ContainerSpec): unknown =>
  copies.map(({ directory, files }) => [
    directory,
    ...files.map(
      f => `${f.path} ${f.uid}:${f.gid} ${f.mode.toString(8)} ${Buffer.from(f.content, 'base64').toString()}`,
    ),
  ]);

describe('configs and secrets', () => {
  test('are files in their places, with the owners and modes of Compose; a program stays one', () => {
    const spec = web(
      'configs: [file, program, { source: inline, target: /etc/app/x, uid: "10", gid: 20, mode: 0640 }], secrets: [key, { source: token, target: sub/t, mode: 0o400 }]',
    );
    expect(shown(spec)).toEqual([
      [
        '/',
        '/file 0:0 444 of a file',
        '/program 0:0 555 #!/bin/sh',
        '/etc/app/x 10:20 640 inline',
        '/run/secrets/key 0:0 444 of a file',
        '/run/secrets/sub/t 0:0 400 s3cret',
      ],
    ]);
  });

  test('stand in what is compared as digests, and nowhere else', () => {
    const spec = web('secrets: [token]');
    const files = { '/run/secrets/token': { uid: 0, gid: 0, mode: '444', content: 'digest(8)' } };
    expect(spec.redacted).toMatchObject({ files });
    const base64 = Buffer.from('s3cret').toString('base64');
    expect(JSON.stringify({ ...spec, copies: undefined })).not.toMatch(new RegExp(`s3cret|${base64}`));
    expect(web('secrets: [token]', 'other!').copies).not.toEqual(spec.copies);
    const [one] = compiled('secrets: [token]').resources.filter(r => r.kind === 'container');
    expect(specDigest(one!)).not.toContain('s3cret');
  });

  test('go into a volume that is mounted there, and what is mounted in their very place wins', () => {
    const spec = web(
      'configs: [file, { source: inline, target: /data/x }], volumes: ["data:/data", "/o:/file"]',
    );
    expect(shown(spec)).toEqual([['/data', '/data/x 0:0 444 inline']]);
    expect(web('configs: [file], volumes: ["/o:/file"]').copies).toEqual([]);
  });

  test('get a volume of their own where the root is read-only, or memory lies over it', () => {
    const spec = web('read_only: true, configs: [{ source: inline, target: /etc/app/x }], secrets: [key]');
    expect(shown(spec)).toEqual([
      ['/etc/app', '/etc/app/x 0:0 444 inline'],
      ['/run/secrets', '/run/secrets/key 0:0 444 of a file'],
    ]);
    const volumes = [
      { Type: 'volume', Target: '/etc/app' },
      { Type: 'volume', Target: '/run/secrets' },
    ];
    expect(spec.config.HostConfig).toMatchObject({ Mounts: volumes });
    expect(shown(web('tmpfs: [/run], secrets: [key], configs: [file]'))).toEqual([
      ['/', '/file 0:0 444 of a file'],
      ['/run/secrets', '/run/secrets/key 0:0 444 of a file'],
    ]);
  });

  test.each([
    ['read_only: true, configs: [file]', '/file'],
    ['tmpfs: [/run/secrets/], secrets: [key]', '/run/secrets/key'],
  ])('can not be put everywhere: %s', (keys, path) => {
    expect(compiled(keys).diagnostics).toMatchObject([
      { code: 'container.read-only', summary: expect.stringContaining(path) as unknown, place: {} },
    ]);
  });
});
