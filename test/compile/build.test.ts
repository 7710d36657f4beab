import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import type { BuildRequest } from '../../src/core/index.js';
import type { ContainerSpec, ImageSpec } from '../../src/kinds/index.js';
import { resolve, type ReadContext } from '../../src/resolve/index.js';
import { freshWorld } from '../fakes/scene.js';
import { read } from '../topology/reading.js';

function compiled(
  services: string,
  readContext: ReadContext = directory => ({ is: 'read', digest: directory }),
) {
  const environment = { TOKEN: 's3cret' };
  const { topology, locate, diagnostics } = read(
    `hosts: { a: ssh://a }\nstacks: { s: { host: a, services: { ${services} } } }`,
    { environment },
  );
  const machine = { readContext, readFile: () => ({ is: 'unreadable', why: '' }) as const };
  const resolved = topology && resolve(topology, locate, environment, machine).resolved;
  if (!resolved) throw new Error(JSON.stringify(diagnostics));
  return compile(resolved, freshWorld(resolved).views, value => value).resources;
}

function image(services: string, readContext?: ReadContext): ImageSpec {
  return compiled(services, readContext).find(r => r.kind === 'image')!.spec as ImageSpec;
}

const request = (build: string, readContext?: ReadContext): BuildRequest =>
  image(`web: { build: ${build} }`, readContext).build!;

describe('an image that is built', () => {
  test('is called as Compose calls it, or as the file does', () => {
    expect(image('web: { build: ./app }')).toMatchObject({
      reference: 'lab-s-web:latest',
      source: 'build',
      build: { context: { is: 'local', directory: '/topology/app' } },
    });
    const named = compiled('web: { image: my/app, build: . }');
    expect(named.find(r => r.kind === 'image')!.spec).toMatchObject({ reference: 'my/app:latest' });
    expect(named.find(r => r.kind === 'container')!.spec as ContainerSpec).toMatchObject({
      image: 'a/image/my/app:latest',
      config: { Image: 'my/app' },
    });
  });

  test.each([
    ['FROM a\nRUN --mount=type=cache,target=/x make', true],
    ['FROM a\nCOPY --from=b --chmod=755 x /x', true],
    ['FROM a\nCOPY <<END /x\ntext\nEND', true],
    ['# syntax=docker/dockerfile:1\nFROM a', true],
    ['FROM a\nCOPY --from=b --chown=1 x /x\nRUN make --jobs 2 <<<"$x"', undefined],
  ])('is built by BuildKit where its Dockerfile needs that: %j', (dockerfile, buildkit) => {
    const given = request('./app', () => ({ is: 'read', digest: 'd', dockerfile }));
    expect(given.buildkit).toBe(buildkit);
    expect(request(`{ dockerfile_inline: ${JSON.stringify(dockerfile)} }`).buildkit).toBe(buildkit);
  });

  test('has all that its keys say', () => {
    expect(
      request(
        '{ context: app, dockerfile: D, args: [A=1, TOKEN, NONE], target: t, labels: { a: b }, cache_from: [c], extra_hosts: { h: 192.0.2.1 }, network: host, no_cache: true, pull: true, shm_size: 1k, platforms: [linux/arm64], tags: ["x:1"] }',
      ),
    ).toMatchObject({
      dockerfile: 'D',
      args: { A: '1', TOKEN: 's3cret' },
      target: 't',
      labels: { a: 'b' },
      cacheFrom: ['c'],
      extraHosts: ['h:192.0.2.1'],
      network: 'host',
      noCache: true,
      pull: true,
      shmSize: 1024,
      platform: 'linux/arm64',
      tags: ['x:1'],
    });
  });

  test('is another one for another content, argument or Dockerfile, not for another directory', () => {
    const content =
      (digest: string): ReadContext =>
      () => ({ is: 'read', digest });
    const first = request('{ context: a }', content('1')).digest;
    expect(request('{ context: b }', content('1')).digest).toBe(first);
    const others = ['{ args: { A: 1 } }', '{ dockerfile_inline: "FROM x" }', '{ target: t }'];
    for (const other of others) expect(request(other, content('1')).digest).not.toBe(first);
    expect(request('{ context: a }', content('2')).digest).not.toBe(first);
    const remote = (tag: string): string => request(`"https://example.test/r.git#${tag}"`).digest;
    expect(remote('v1')).not.toBe(remote('v2'));
  });

  test('needs its Dockerfile in the context, but where it stands in the file', () => {
    const asked: unknown[] = [];
    const spy: ReadContext = (_, dockerfile) => (asked.push(dockerfile), { is: 'read', digest: '' });
    for (const build of ['.', '{ dockerfile: D }', '{ dockerfile_inline: "FROM x" }']) request(build, spy);
    expect(asked).toEqual(['Dockerfile', 'D', undefined]);
  });

  test('is built where one service builds what another one only uses', () => {
    const spec = image('user: { image: shared }, maker: { image: shared, build: . }');
    expect(spec).toMatchObject({ reference: 'shared:latest', source: 'build' });
  });
});
